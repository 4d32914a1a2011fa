using Amazon.SQS.Model;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Identity;

namespace Dbre.Services.Tests.Testing;

/// <summary>Queues which keep what they are sent: the receiving end of targets and dead-letter queues. It checks permissions as SQS does.</summary>
internal sealed class Inbox : EmulatedService
{
    internal Inbox(World world) : base("sqs", world) => On<SendMessageRequest, SendMessageResponse>(Send);

    internal List<(string Sender, SendMessageRequest Message)> Received { get; } = [];

    /// <summary>The policy of every queue.</summary>
    internal PolicyDocument? Policy { get; set; }

    /// <summary>How often a message is refused for want of capacity before it is taken.</summary>
    internal int Refusals { get; set; }

    internal static string QueueOf(SendMessageRequest message) => message.QueueUrl[(message.QueueUrl.LastIndexOf('/') + 1)..];

    private SendMessageResponse Send(CallContext call, SendMessageRequest request)
    {
        var arn = $"arn:aws:sqs:{call.Region}:{new Uri(request.QueueUrl).AbsolutePath.Trim('/').Replace('/', ':')}";
        call.Authorize(new AccessRequest("sqs:SendMessage", arn) { ResourcePolicy = Policy, ResourceAccount = EmulatedCloud.Account });
        if (Refusals > 0)
        {
            Refusals--;
            throw new ServiceException("ServiceUnavailable", "The queue is busy.", 503);
        }

        Received.Add((call.PrincipalArn, request));
        return new SendMessageResponse { MessageId = World.NewId() };
    }
}
