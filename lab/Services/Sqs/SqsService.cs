using System.Globalization;
using System.Text.Json.Nodes;
using Amazon.SQS.Model;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Sqs;

/// <summary>Standard queues: dead letters, mostly. FIFO queues are refused by name.</summary>
public sealed partial class SqsService : EmulatedService
{
    // Attribute names that may be set, with the range of those that are numbers (SQS API reference, SetQueueAttributes).
    private static readonly Dictionary<string, (int Low, int High)?> Settable = new(StringComparer.Ordinal)
    {
        ["VisibilityTimeout"] = (0, 43_200),
        ["MessageRetentionPeriod"] = (60, 1_209_600),
        ["DelaySeconds"] = (0, 900),
        ["ReceiveMessageWaitTimeSeconds"] = (0, 20),
        ["MaximumMessageSize"] = (1024, 1_048_576),
        ["Policy"] = null,
        ["RedrivePolicy"] = null,
        ["SqsManagedSseEnabled"] = null,
        ["KmsMasterKeyId"] = null,
    };

    private readonly SortedDictionary<string, Queue> queues = new(StringComparer.Ordinal);

    public SqsService(World world) : base("sqs", world)
    {
        On<CreateQueueRequest, CreateQueueResponse>(CreateQueue);
        On<GetQueueUrlRequest, GetQueueUrlResponse>(GetQueueUrl);
        On<GetQueueAttributesRequest, GetQueueAttributesResponse>(GetQueueAttributes);
        On<SetQueueAttributesRequest, SetQueueAttributesResponse>(SetQueueAttributes);
        On<ListQueuesRequest, ListQueuesResponse>(ListQueues);
        On<PurgeQueueRequest, PurgeQueueResponse>(PurgeQueue);
        On<SendMessageRequest, SendMessageResponse>(SendMessage);
        OnAsync<ReceiveMessageRequest, ReceiveMessageResponse>(ReceiveMessage);
        On<DeleteMessageRequest, DeleteMessageResponse>(DeleteMessage);
    }

    /// <summary>The URL of a queue, as AWS writes it.</summary>
    public static string UrlOf(string account, string region, string name) => $"https://sqs.{region}.amazonaws.com/{account}/{name}";

    /// <summary>The URL of the queue that an ARN names.</summary>
    public static string UrlOf(Arn queue) => UrlOf(queue.Account, queue.Region, queue.Resource);

    private CreateQueueResponse CreateQueue(CallContext call, CreateQueueRequest request)
    {
        var name = request.QueueName;
        if (name.EndsWith(".fifo", StringComparison.Ordinal))
        {
            throw Unsupported($"The lab does not emulate FIFO queues ('{name}').");
        }

        if (name.Length is 0 or > 80 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            throw new ServiceException("InvalidParameterValue", $"Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length (got '{name}')");
        }

        var queue = new Queue(call.Account, call.Region, name, World.Now);
        call.Authorize("sqs:CreateQueue", queue.Arn);
        Set(queue, request.Attributes);
        if (queues.TryGetValue(queue.Url, out var existing))
        {
            return (request.Attributes ?? []).All(a => existing.Attributes.GetValueOrDefault(a.Key) == a.Value)
                ? new CreateQueueResponse { QueueUrl = existing.Url }
                : throw new ServiceException("QueueNameExists", $"A queue already exists with the same name and a different value for an attribute ('{name}').");
        }

        queues.Add(queue.Url, queue);
        return new CreateQueueResponse { QueueUrl = queue.Url };
    }

    private GetQueueUrlResponse GetQueueUrl(CallContext call, GetQueueUrlRequest request) =>
        new() { QueueUrl = Find(call, "sqs:GetQueueUrl", UrlOf(request.QueueOwnerAWSAccountId ?? call.Account, call.Region, request.QueueName)).Url };

    private GetQueueAttributesResponse GetQueueAttributes(CallContext call, GetQueueAttributesRequest request)
    {
        var queue = Find(call, "sqs:GetQueueAttributes", request.QueueUrl);
        queue.Expire(World.Now);
        var now = World.Now;
        var all = new SortedDictionary<string, string>(queue.Attributes, StringComparer.Ordinal)
        {
            ["QueueArn"] = queue.Arn,
            ["CreatedTimestamp"] = Text(queue.Created.ToUnixTimeSeconds()),
            ["LastModifiedTimestamp"] = Text(queue.Modified.ToUnixTimeSeconds()),
            ["ApproximateNumberOfMessages"] = Text(queue.Messages.Count(m => m.VisibleAt <= now)),
            ["ApproximateNumberOfMessagesNotVisible"] = Text(queue.Messages.Count(m => m.VisibleAt > now && m.Receives > 0)),
            ["ApproximateNumberOfMessagesDelayed"] = Text(queue.Messages.Count(m => m.VisibleAt > now && m.Receives == 0)),
        };
        var wanted = request.AttributeNames ?? [];
        foreach (var name in wanted.Where(n => n != "All" && !all.ContainsKey(n) && !Settable.ContainsKey(n)))
        {
            throw new ServiceException("InvalidAttributeName", $"Unknown Attribute {name}.");
        }

        return new GetQueueAttributesResponse
        {
            Attributes = wanted.Contains("All") ? new(all) : all.Where(a => wanted.Contains(a.Key)).ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal),
        };
    }

    private SetQueueAttributesResponse SetQueueAttributes(CallContext call, SetQueueAttributesRequest request)
    {
        var queue = Find(call, "sqs:SetQueueAttributes", request.QueueUrl);
        Set(queue, request.Attributes);
        queue.Modified = World.Now;
        return new SetQueueAttributesResponse();
    }

    private ListQueuesResponse ListQueues(CallContext call, ListQueuesRequest request)
    {
        call.Authorize("sqs:ListQueues", "*");
        var prefix = UrlOf(call.Account, call.Region, request.QueueNamePrefix ?? "");
        var found = queues.Keys.Where(u => u.StartsWith(prefix, StringComparison.Ordinal));
        var page = Page.Of(found, u => u, request.NextToken, request.MaxResults ?? 1000, "InvalidParameterValue");
        return new ListQueuesResponse { QueueUrls = [.. page.Items], NextToken = page.NextToken };
    }

    private PurgeQueueResponse PurgeQueue(CallContext call, PurgeQueueRequest request)
    {
        var queue = Find(call, "sqs:PurgeQueue", request.QueueUrl);
        queue.Messages.Clear();
        RecordDepth(queue);
        return new PurgeQueueResponse();
    }

    private static void Set(Queue queue, Dictionary<string, string>? attributes)
    {
        foreach (var (name, value) in attributes ?? [])
        {
            if (!Settable.TryGetValue(name, out var range))
            {
                throw new ServiceException("InvalidAttributeName", $"Unknown Attribute {name}.");
            }

            if (range is { } r && (!int.TryParse(value, CultureInfo.InvariantCulture, out var number) || number < r.Low || number > r.High))
            {
                throw new ServiceException("InvalidAttributeValue", $"Invalid value for the parameter {name}: it must be between {r.Low} and {r.High}, not '{value}'.");
            }

            queue.Policy = name == "Policy" ? (value.Length == 0 ? null : PolicyDocument.Parse(value)) : queue.Policy;
            queue.Redrive = name == "RedrivePolicy" ? ReadRedrive(value) : queue.Redrive;
            queue.Attributes[name] = value;
        }
    }

    private static RedrivePolicy? ReadRedrive(string value)
    {
        if (value.Length == 0)
        {
            return null;
        }

        var json = JsonNode.Parse(value)!.AsObject();
        return json is { Count: 2 } && Arn.TryParse((string?)json["deadLetterTargetArn"]) is { Service: "sqs" } target
            && int.TryParse(json["maxReceiveCount"]?.ToString(), CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= 1000
            ? new RedrivePolicy(target.ToString(), count)
            : throw new ServiceException("InvalidAttributeValue", $"Invalid value for the parameter RedrivePolicy: it must have deadLetterTargetArn and maxReceiveCount (1 to 1000), not '{value}'.");
    }

    private Queue Find(CallContext call, string action, string url)
    {
        // Clients may reach the lab under any host; the path names account and queue, as in AWS.
        var parts = url.Split('/');
        var key = parts.Length >= 2 ? UrlOf(parts[^2], call.Region, parts[^1]) : url;
        var queue = queues.GetValueOrDefault(key);
        call.Authorize(new AccessRequest(action, $"arn:aws:sqs:{call.Region}:{(parts.Length >= 2 ? parts[^2] : call.Account)}:{parts[^1]}")
        {
            ResourcePolicy = queue?.Policy,
            ResourceAccount = queue?.Account,
        });
        return queue ?? throw new ServiceException("QueueDoesNotExist", "The specified queue does not exist.");
    }

    private void RecordDepth(Queue queue) => World.Find<IMetricSink>()?.Record(
        queue.Account, queue.Region, "AWS/SQS", "ApproximateNumberOfMessagesVisible", new Dictionary<string, string> { ["QueueName"] = queue.Name },
        queue.Messages.Count(m => m.VisibleAt <= World.Now));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static ServiceException Unsupported(string message) => new("UnsupportedOperation", message);
}
