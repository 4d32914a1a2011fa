using System.Globalization;
using System.Text;

using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.Scheduler;
using Amazon.Scheduler.Model;
using Amazon.SQS.Model;
using Amazon.StepFunctions.Model;

namespace Dbre.Lab.Services.Scheduler;

/// <summary>Firing: at its time the target is started as the schedule's role; what cannot be delivered goes to the dead-letter queue.</summary>
public sealed partial class SchedulerService
{
    // A timer takes at most about 49 days; a later time is looked at again then.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);

    private void RequireTarget(Target target)
    {
        Parameters.Refuse(target, nameof(target.Arn), nameof(target.RoleArn), nameof(target.Input), nameof(target.RetryPolicy), nameof(target.DeadLetterConfig));
        if (Arn.TryParse(target.Arn) is not { Service: "lambda" or "states" })
        {
            throw new ServiceException("ValidationException", $"The lab does not emulate the target {target.Arn}; targets are Lambda functions and state machines.");
        }
    }

    private void Arm(StoredSchedule schedule)
    {
        schedule.Timer?.Dispose();
        schedule.Timer = null;
        if (schedule.State != ScheduleState.ENABLED || schedule.Times.After(World.Now) is not { } due)
        {
            return;
        }

        var wait = due - World.Now;
        schedule.Timer = World.Clock.CreateTimer(
            _ =>
            {
                if (wait <= LongestTimer)
                {
                    _ = Fire(schedule, due);
                }

                lock (World.Gate)
                {
                    Arm(schedule);
                }
            },
            null, wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
    }

    private async Task Fire(StoredSchedule schedule, DateTimeOffset scheduledTime)
    {
        var retries = schedule.Target.RetryPolicy?.MaximumRetryAttempts ?? 185;
        var give = scheduledTime.AddSeconds(schedule.Target.RetryPolicy?.MaximumEventAgeInSeconds ?? 86400);
        var pause = FirstRetry;
        for (var attempt = 1; ; attempt++)
        {
            var input = Input(schedule, scheduledTime, attempt);
            try
            {
                await Deliver(schedule, input).ConfigureAwait(false);
                return;
            }
            catch (ServiceException refused)
            {
                if (attempt > retries || World.Now + pause > give || refused.Status < 500 && refused.Status != 429)
                {
                    await Bury(schedule, input, attempt, refused).ConfigureAwait(false);
                    return;
                }
            }

            await Task.Delay(pause, World.Clock).ConfigureAwait(false);
            pause *= 2;
        }
    }

    private Task<AmazonWebServiceResponse> Deliver(StoredSchedule schedule, string input)
    {
        var role = World.Iam.ContextForRole(schedule.Target.RoleArn, schedule.Region, "scheduler");
        return Arn.TryParse(schedule.Target.Arn)!.Service == "lambda"
            ? World.Invoke(role, "lambda", new InvokeRequest { FunctionName = schedule.Target.Arn, InvocationType = "Event", PayloadStream = new MemoryStream(Encoding.UTF8.GetBytes(input)) })
            : World.Invoke(role, "states", new StartExecutionRequest { StateMachineArn = schedule.Target.Arn, Input = input });
    }

    /// <summary>The context attributes are replaced wherever they stand (EventBridge Scheduler User Guide, "Adding context attributes").</summary>
    private string Input(StoredSchedule schedule, DateTimeOffset scheduledTime, int attempt) => (schedule.Target.Input ?? "{}")
        .Replace("<aws.scheduler.schedule-arn>", schedule.Arn, StringComparison.Ordinal)
        .Replace("<aws.scheduler.scheduled-time>", scheduledTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace("<aws.scheduler.execution-id>", World.NewId(), StringComparison.Ordinal)
        .Replace("<aws.scheduler.attempt-number>", attempt.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private async Task Bury(StoredSchedule schedule, string input, int attempts, ServiceException reason)
    {
        if (Arn.TryParse(schedule.Target.DeadLetterConfig?.Arn) is not { } queue)
        {
            return;
        }

        var role = World.Iam.ContextForRole(schedule.Target.RoleArn, queue.Region, "scheduler");
        var url = (GetQueueUrlResponse)await World.Invoke(
            World.Iam.ContextForService("scheduler.amazonaws.com", queue.Account, queue.Region), "sqs", new GetQueueUrlRequest { QueueName = queue.Resource }).ConfigureAwait(false);
        await World.Invoke(
            role, "sqs",
            new SendMessageRequest
            {
                QueueUrl = url.QueueUrl,
                MessageBody = input,
                MessageAttributes = new()
                {
                    ["ERROR_CODE"] = new() { DataType = "String", StringValue = reason.Code },
                    ["ERROR_MESSAGE"] = new() { DataType = "String", StringValue = reason.Message },
                    ["SCHEDULE_ARN"] = new() { DataType = "String", StringValue = schedule.Arn },
                    ["RETRY_ATTEMPTS"] = new() { DataType = "Number", StringValue = (attempts - 1).ToString(CultureInfo.InvariantCulture) },
                },
            }).ConfigureAwait(false);
    }
}
