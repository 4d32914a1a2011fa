using System.Text;

using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.SimpleNotificationService.Model;
using Amazon.StepFunctions.Model;

namespace Dbre.Lab.Services.Events;

/// <summary>One event to one target: as the target's role, or as EventBridge itself where the target's own policy must allow it; then the dead-letter queue.</summary>
internal sealed class EventDelivery(World world, EventForTarget published, RuleTarget target)
{
    private const string Service = "events.amazonaws.com";

    internal async Task Run()
    {
        var retry = target.Given.RetryPolicy;
        var undelivered = await Redelivery.Of(retry?.MaximumRetryAttempts, retry?.MaximumEventAgeInSeconds)
            .Run(world, published.Ingested, _ => Deliver()).ConfigureAwait(false);
        if (undelivered is not null && Arn.TryParse(target.Given.DeadLetterConfig?.Arn) is { } queue)
        {
            await Bury(queue, undelivered).ConfigureAwait(false);
        }
    }

    private Task Deliver()
    {
        string input;
        try
        {
            input = target.Input.For(published);
        }
        catch (FormatException e)
        {
            throw new ServiceException("INVALID_JSON", e.Message);
        }

        var sender = target.Given.RoleArn is { } role
            ? world.Iam.ContextForRole(role, target.Arn.Region, "events")
            : AsEventBridge(target.Arn.Region);
        return target.Arn.Service == "sqs"
            ? QueueByArn.Send(world, sender, target.Arn, input, new Dictionary<string, string>(), target.Given.SqsParameters?.MessageGroupId)
            : world.Invoke(sender, target.Arn.Service, Request(input));
    }

    private AmazonWebServiceRequest Request(string input) => target.Arn.Service switch
    {
        "lambda" => new InvokeRequest { FunctionName = target.Given.Arn, InvocationType = "Event", PayloadStream = new MemoryStream(Encoding.UTF8.GetBytes(input)) },
        "states" => new StartExecutionRequest { StateMachineArn = target.Given.Arn, Input = input },
        "sns" => new PublishRequest { TopicArn = target.Given.Arn, Message = input },
        _ => throw new InvalidOperationException($"No rule takes a target like {target.Given.Arn}."),
    };

    private async Task Bury(Arn queue, Undelivered why)
    {
        var attributes = new Dictionary<string, string>
        {
            ["RULE_ARN"] = published.Rule.Arn,
            ["TARGET_ARN"] = target.Given.Arn,
            ["ERROR_CODE"] = Code(why.Reason),
            ["ERROR_MESSAGE"] = why.Reason.Message,
            ["EXHAUSTED_RETRY_CONDITION"] = why.ExhaustedCondition,
            ["RETRY_ATTEMPTS"] = why.Retries.ToString(System.Globalization.CultureInfo.InvariantCulture),
        };
        try
        {
            await QueueByArn.Send(world, AsEventBridge(queue.Region), queue, published.Event.GetRawText(), attributes).ConfigureAwait(false);
        }
        catch (ServiceException)
        {
            // As in AWS, an event that the dead-letter queue refuses is gone; IAM's ledger of denials and the queue's absence tell why.
        }
    }

    private CallContext AsEventBridge(string region) => world.Iam.ContextForService(Service, published.Rule.Account, region, published.Rule.Arn);

    /// <summary>The words that EventBridge has for what went wrong (EventBridge User Guide, "Using dead-letter queues").</summary>
    private static string Code(ServiceException reason) => reason.Code switch
    {
        "INVALID_JSON" => reason.Code,
        "NoSuchEntity" => "FAILED_TO_ASSUME_ROLE",
        "ExecutionAlreadyExists" => "RESOURCE_ALREADY_EXISTS",
        _ when reason.Code.StartsWith("AccessDenied", StringComparison.Ordinal) || reason.Code == "AuthorizationError" => "NO_PERMISSIONS",
        _ when reason.Code.Contains("NotFound", StringComparison.Ordinal) || reason.Code.EndsWith("DoesNotExist", StringComparison.Ordinal)
            || reason.Code.EndsWith("NonExistentQueue", StringComparison.Ordinal) => "NO_RESOURCE",
        _ when reason.Status == 429 => "THROTTLING",
        _ when reason.Status >= 500 => "INTERNAL_ERROR",
        _ => "ERROR_FROM_TARGET",
    };
}
