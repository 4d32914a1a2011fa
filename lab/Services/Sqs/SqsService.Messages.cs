using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.SQS.Model;

namespace Dbre.Lab.Services.Sqs;

/// <content>Messages.</content>
public sealed partial class SqsService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private SendMessageResponse SendMessage(CallContext call, SendMessageRequest request)
    {
        Parameters.Refuse(request, nameof(request.QueueUrl), nameof(request.MessageBody), nameof(request.DelaySeconds), nameof(request.MessageAttributes));
        var queue = Find(call, "sqs:SendMessage", request.QueueUrl);
        var limit = int.Parse(queue.Attributes["MaximumMessageSize"], CultureInfo.InvariantCulture);
        if (request.MessageBody is not { Length: > 0 } body || Encoding.UTF8.GetByteCount(body) > limit)
        {
            throw new ServiceException("InvalidParameterValue", $"One or more parameters are invalid. Reason: Message must have 1 to {limit} bytes.");
        }

        var message = new QueuedMessage(World.NewId(), body, request.MessageAttributes, call.PrincipalArn, World.Now);
        message.VisibleAt += request.DelaySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : queue.Seconds("DelaySeconds");
        queue.Messages.AddLast(message);
        RecordDepth(queue);
        return new SendMessageResponse
        {
            MessageId = message.Id,
            MD5OfMessageBody = Md5(Encoding.UTF8.GetBytes(body)),
            MD5OfMessageAttributes = Md5(request.MessageAttributes),
        };
    }

    private async Task<ReceiveMessageResponse> ReceiveMessage(CallContext call, ReceiveMessageRequest request)
    {
        Parameters.Refuse(request, nameof(request.QueueUrl), nameof(request.AttributeNames), nameof(request.MessageSystemAttributeNames),
            nameof(request.MessageAttributeNames), nameof(request.MaxNumberOfMessages), nameof(request.VisibilityTimeout), nameof(request.WaitTimeSeconds));
        var most = request.MaxNumberOfMessages ?? 1;
        if (most is < 1 or > 10)
        {
            throw new ServiceException("InvalidParameterValue", $"Value {most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.");
        }

        DateTimeOffset? until = null;
        while (true)
        {
            lock (World.Gate)
            {
                var queue = Find(call, "sqs:ReceiveMessage", request.QueueUrl);
                until ??= World.Now + (request.WaitTimeSeconds is { } wait ? TimeSpan.FromSeconds(wait) : queue.Seconds("ReceiveMessageWaitTimeSeconds"));
                var messages = Take(queue, most, request);
                if (messages.Count > 0 || World.Now >= until)
                {
                    return new ReceiveMessageResponse { Messages = messages };
                }
            }

            await Task.Delay(PollInterval, World.Clock).ConfigureAwait(false);
        }
    }

    private DeleteMessageResponse DeleteMessage(CallContext call, DeleteMessageRequest request)
    {
        var queue = Find(call, "sqs:DeleteMessage", request.QueueUrl);
        var message = queue.Messages.FirstOrDefault(m => m.Receipt == request.ReceiptHandle);
        if (message is not null)
        {
            queue.Messages.Remove(message);
            RecordDepth(queue);
        }
        else if (!IsReceipt(request.ReceiptHandle))
        {
            throw new ServiceException("ReceiptHandleIsInvalid", $"The input receipt handle \"{request.ReceiptHandle}\" is not a valid receipt handle.", 404);
        }

        return new DeleteMessageResponse();
    }

    private List<Message> Take(Queue queue, int most, ReceiveMessageRequest request)
    {
        queue.Expire(World.Now);
        var taken = new List<Message>();
        for (var node = queue.Messages.First; node is not null && taken.Count < most;)
        {
            var (message, next) = (node.Value, node.Next);
            if (message.VisibleAt <= World.Now)
            {
                if (queue.Redrive is { } redrive && message.Receives >= redrive.MaxReceives && DeadLetterQueue(redrive) is { } dead)
                {
                    queue.Messages.Remove(node);
                    dead.Messages.AddLast(message);
                    RecordDepth(dead);
                }
                else
                {
                    taken.Add(Receive(queue, message, request));
                }
            }

            node = next;
        }

        if (taken.Count > 0)
        {
            RecordDepth(queue);
        }

        return taken;
    }

    private Message Receive(Queue queue, QueuedMessage message, ReceiveMessageRequest request)
    {
        message.Receives++;
        message.FirstReceived ??= World.Now;
        message.Receipt = "AQEB" + World.NewToken(60);
        message.VisibleAt = World.Now + (request.VisibilityTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : queue.Seconds("VisibilityTimeout"));
        var system = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ApproximateReceiveCount"] = Text(message.Receives),
            ["ApproximateFirstReceiveTimestamp"] = Text(message.FirstReceived.Value.ToUnixTimeMilliseconds()),
            ["SentTimestamp"] = Text(message.SentAt.ToUnixTimeMilliseconds()),
            ["SenderId"] = message.Sender,
        };
        var wanted = (request.AttributeNames ?? []).Concat(request.MessageSystemAttributeNames ?? []).ToList();
        var attributes = message.Attributes?.Where(a => Wants(request.MessageAttributeNames, a.Key)).ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal);
        return new Message
        {
            MessageId = message.Id,
            ReceiptHandle = message.Receipt,
            Body = message.Body,
            MD5OfBody = Md5(Encoding.UTF8.GetBytes(message.Body)),
            Attributes = system.Where(a => wanted.Contains("All") || wanted.Contains(a.Key)).ToDictionary(a => a.Key, a => a.Value, StringComparer.Ordinal),
            MessageAttributes = attributes is { Count: > 0 } ? attributes : null,
            MD5OfMessageAttributes = Md5(attributes),
        };
    }

    private Queue? DeadLetterQueue(RedrivePolicy redrive) => queues.GetValueOrDefault(UrlOf(Arn.TryParse(redrive.TargetArn)!));

    private static bool Wants(List<string>? names, string name) => (names ?? []).Exists(n =>
        n is "All" or ".*" || n == name || (n.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(n[..^2], StringComparison.Ordinal)));

    private static bool IsReceipt(string handle) => handle.StartsWith("AQEB", StringComparison.Ordinal);

#pragma warning disable CA5351 // SQS's own checksum, not a protection.
    private static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));
#pragma warning restore CA5351

    // SQS Developer Guide, "Calculating the MD5 message digest for message attributes".
    private static string? Md5(Dictionary<string, MessageAttributeValue>? attributes)
    {
        if (attributes is not { Count: > 0 })
        {
            return null;
        }

        using var text = new MemoryStream();
        foreach (var (name, value) in attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            Append(text, Encoding.UTF8.GetBytes(name));
            Append(text, Encoding.UTF8.GetBytes(value.DataType));
            text.WriteByte(value.StringValue is null ? (byte)2 : (byte)1);
            Append(text, value.StringValue is { } s ? Encoding.UTF8.GetBytes(s) : value.BinaryValue.ToArray());
        }

        return Md5(text.ToArray());
    }

    private static void Append(MemoryStream to, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        to.Write(length);
        to.Write(bytes);
    }
}
