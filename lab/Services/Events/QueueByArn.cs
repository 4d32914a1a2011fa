using Amazon.SQS.Model;
using Dbre.Lab.Services.Sqs;

namespace Dbre.Lab.Services.Events;

/// <summary>Sending to a queue that is known by its ARN, as targets and dead-letter queues are.</summary>
internal static class QueueByArn
{
    /// <param name="attributes">String attributes by name; empty ones are left out, as SQS refuses them.</param>
    internal static Task Send(World world, CallContext sender, Arn queue, string body, IReadOnlyDictionary<string, string> attributes, string? messageGroup = null) =>
        world.Invoke(sender with { Region = queue.Region }, "sqs", new SendMessageRequest
        {
            QueueUrl = SqsService.UrlOf(queue),
            MessageBody = body,
            MessageGroupId = messageGroup,
            MessageAttributes = attributes.Where(a => a.Value.Length > 0)
                .ToDictionary(a => a.Key, a => new MessageAttributeValue { DataType = "String", StringValue = a.Value }, StringComparer.Ordinal),
        });
}
