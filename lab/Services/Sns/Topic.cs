using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Sns;

/// <summary>A subscription. Email and https ones wait for a confirmation that nobody gives in the lab: they are listed, not delivered to.</summary>
internal sealed record TopicSubscription(string Arn, string Owner, string Protocol, string Endpoint, bool Raw)
{
    internal bool Confirmed => Protocol == "sqs";
}

/// <summary>A standard topic.</summary>
internal sealed class Topic(string account, string region, string name)
{
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Name { get; } = name;
    internal string Arn { get; } = $"arn:aws:sns:{region}:{account}:{name}";
    internal SortedDictionary<string, string> Attributes { get; } = new(StringComparer.Ordinal);
    internal PolicyDocument? Policy { get; set; }
    internal List<TopicSubscription> Subscriptions { get; } = [];
}

/// <summary>A message that a topic took: what its subscribers were sent, or would be.</summary>
/// <param name="Undelivered">Why subscribers did not get it, one sentence each; empty when all did.</param>
public sealed record PublishedMessage(DateTimeOffset At, string TopicArn, string MessageId, string? Subject, string Message, IReadOnlyList<string> Undelivered);
