using System.Globalization;
using Amazon.SQS.Model;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Sqs;

/// <summary>A message in a queue. It is visible again at <see cref="VisibleAt"/> unless deleted by its newest receipt handle before.</summary>
internal sealed class QueuedMessage(string id, string body, Dictionary<string, MessageAttributeValue>? attributes, string sender, DateTimeOffset sentAt)
{
    internal string Id { get; } = id;
    internal string Body { get; } = body;
    internal Dictionary<string, MessageAttributeValue>? Attributes { get; } = attributes;
    internal string Sender { get; } = sender;
    internal DateTimeOffset SentAt { get; } = sentAt;
    internal DateTimeOffset VisibleAt { get; set; } = sentAt;
    internal DateTimeOffset? FirstReceived { get; set; }
    internal int Receives { get; set; }
    internal string? Receipt { get; set; }
}

/// <summary>A standard queue.</summary>
internal sealed class Queue(string account, string region, string name, DateTimeOffset created)
{
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Name { get; } = name;
    internal string Arn { get; } = $"arn:aws:sqs:{region}:{account}:{name}";
    internal string Url { get; } = SqsService.UrlOf(account, region, name);
    internal DateTimeOffset Created { get; } = created;
    internal DateTimeOffset Modified { get; set; } = created;
    internal SortedDictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal)
    {
        ["VisibilityTimeout"] = "30",
        ["MessageRetentionPeriod"] = "345600",
        ["DelaySeconds"] = "0",
        ["ReceiveMessageWaitTimeSeconds"] = "0",
        ["MaximumMessageSize"] = "262144",
        ["SqsManagedSseEnabled"] = "true",
    };

    internal PolicyDocument? Policy { get; set; }
    internal RedrivePolicy? Redrive { get; set; }
    internal LinkedList<QueuedMessage> Messages { get; } = [];

    internal TimeSpan Seconds(string attribute) => TimeSpan.FromSeconds(int.Parse(Attributes[attribute], CultureInfo.InvariantCulture));

    /// <summary>Drops what is older than the retention period.</summary>
    internal void Expire(DateTimeOffset now)
    {
        var oldest = now - Seconds("MessageRetentionPeriod");
        while (Messages.First is { Value.SentAt: var sent } && sent < oldest)
        {
            Messages.RemoveFirst();
        }
    }
}

/// <summary>Where a message goes that was received too often.</summary>
internal sealed record RedrivePolicy(string TargetArn, int MaxReceives);
