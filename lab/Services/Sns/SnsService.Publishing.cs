using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.SimpleNotificationService.Model;
using Amazon.SQS.Model;
using Dbre.Lab.Services.Sqs;
using SnsAttribute = Amazon.SimpleNotificationService.Model.MessageAttributeValue;
using SqsAttribute = Amazon.SQS.Model.MessageAttributeValue;

namespace Dbre.Lab.Services.Sns;

/// <content>Publishing, and delivery to queues.</content>
public sealed partial class SnsService
{
    private const int MaximumMessage = 262_144, MaximumBatch = 10;

    private PublishResponse Publish(CallContext call, PublishRequest request)
    {
        Parameters.Refuse(request, nameof(request.TopicArn), nameof(request.Message), nameof(request.Subject), nameof(request.MessageAttributes));
        var topic = ForPublishing(call, request.TopicArn);
        return new PublishResponse { MessageId = Deliver(topic, request.Subject, request.Message, request.MessageAttributes) };
    }

    private PublishBatchResponse PublishBatch(CallContext call, PublishBatchRequest request)
    {
        var topic = ForPublishing(call, request.TopicArn);
        var entries = request.PublishBatchRequestEntries ?? [];
        if (entries.Count is 0 or > MaximumBatch)
        {
            throw new ServiceException(entries.Count == 0 ? "EmptyBatchRequest" : "TooManyEntriesInBatchRequest", $"A batch has 1 to {MaximumBatch} entries, not {entries.Count}.");
        }

        var answer = new PublishBatchResponse { Successful = [], Failed = [] };
        foreach (var entry in entries)
        {
            try
            {
                Parameters.Refuse(entry, nameof(entry.Id), nameof(entry.Message), nameof(entry.Subject), nameof(entry.MessageAttributes));
                answer.Successful.Add(new PublishBatchResultEntry { Id = entry.Id, MessageId = Deliver(topic, entry.Subject, entry.Message, entry.MessageAttributes) });
            }
            catch (ServiceException e)
            {
                answer.Failed.Add(new Amazon.SimpleNotificationService.Model.BatchResultErrorEntry { Id = entry.Id, Code = e.Code, Message = e.Message, SenderFault = true });
            }
        }

        return answer;
    }

    // A topic under a customer's key needs the publisher to be let use the key: SNS acts with the caller's permissions there.
    private Topic ForPublishing(CallContext call, string? topicArn)
    {
        var topic = Find(call, "sns:Publish", topicArn);
        if (topic.Attributes.GetValueOrDefault("KmsMasterKeyId") is { Length: > 0 } id && id != "alias/aws/sns")
        {
            var key = World.Service<IKeys>().Resolve(topic.Account, topic.Region, id)
                ?? throw new ServiceException("KMSNotFound", $"The KMS key '{id}' of the topic {topic.Arn} does not exist in {topic.Region}.");
            if (!key.Enabled)
            {
                throw new ServiceException(key.State == "Disabled" ? "KMSDisabled" : "KMSInvalidState", $"The KMS key {key.Arn} of the topic is {key.State}.");
            }

            key.Authorize(call, "kms:GenerateDataKey", "sns");
            key.Authorize(call, "kms:Decrypt", "sns");
        }

        return topic;
    }

    private string Deliver(Topic topic, string? subject, string? message, Dictionary<string, SnsAttribute>? attributes)
    {
        if (string.IsNullOrEmpty(message) || Encoding.UTF8.GetByteCount(message) > MaximumMessage)
        {
            throw Invalid($"Invalid parameter: Message must have 1 to {MaximumMessage} bytes.");
        }

        // SNS API reference, Publish: under 100 ASCII characters, no line breaks or control characters.
        if (subject is not null && (subject.Length is 0 or > 100 || subject.Any(c => c is < ' ' or > '~')))
        {
            throw Invalid($"Invalid parameter: Subject must have 1 to 100 printable ASCII characters (got '{subject}').");
        }

        var id = World.NewId();
        var undelivered = topic.Subscriptions
            .Select(s => s.Confirmed ? ToQueue(topic, s, id, subject, message, attributes) : $"{s.Protocol} {s.Endpoint} has not confirmed its subscription.")
            .OfType<string>().ToList();
        published.Add(new PublishedMessage(World.Now, topic.Arn, id, subject, message, undelivered));
        return id;
    }

    /// <returns>Null when the queue took it.</returns>
    private string? ToQueue(Topic topic, TopicSubscription subscription, string id, string? subject, string message, Dictionary<string, SnsAttribute>? attributes)
    {
        var queue = Arn.TryParse(subscription.Endpoint)!;
        var caller = World.Iam.ContextForService("sns.amazonaws.com", topic.Account, queue.Region, topic.Arn);
        var send = new SendMessageRequest
        {
            QueueUrl = SqsService.UrlOf(queue),
            MessageBody = subscription.Raw ? message : Envelope(topic, id, subject, message, attributes),
            MessageAttributes = subscription.Raw
                ? attributes?.ToDictionary(a => a.Key, a => new SqsAttribute { DataType = a.Value.DataType, StringValue = a.Value.StringValue, BinaryValue = a.Value.BinaryValue }, StringComparer.Ordinal)
                : null,
        };
        // SendMessage answers at once: it runs under the lock that this runs under.
        var sent = World.Invoke(caller, "sqs", send);
        return sent.IsFaulted ? $"sqs {subscription.Endpoint}: {sent.Exception.InnerException!.Message}" : null;
    }

    private string Envelope(Topic topic, string id, string? subject, string message, Dictionary<string, SnsAttribute>? attributes)
    {
        var envelope = new JsonObject { ["Type"] = "Notification", ["MessageId"] = id, ["TopicArn"] = topic.Arn };
        if (subject is not null)
        {
            envelope["Subject"] = subject;
        }

        envelope["Message"] = message;
        envelope["Timestamp"] = World.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        if (attributes is { Count: > 0 })
        {
            envelope["MessageAttributes"] = new JsonObject(attributes.Select(a => KeyValuePair.Create<string, JsonNode?>(a.Key, new JsonObject
            {
                ["Type"] = a.Value.DataType,
                ["Value"] = a.Value.StringValue ?? Convert.ToBase64String(a.Value.BinaryValue.ToArray()),
            })));
        }

        return envelope.ToJsonString();
    }
}
