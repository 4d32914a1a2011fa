using System.Globalization;
using System.Text;
using System.Text.Json;

using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.Scheduler;
using Amazon.Scheduler.Model;
using Amazon.StepFunctions.Model;
using Dbre.Lab.Services.Events;

namespace Dbre.Lab.Services.Scheduler;

/// <summary>Firing: at its time the target is started as the schedule's role; what cannot be delivered goes to the dead-letter queue.</summary>
public sealed partial class SchedulerService
{
    // A timer takes at most about 49 days; a later time is looked at again then.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    /// <summary>For the simulation: how late a schedule fires, by its name and time; null lets it not fire at all.</summary>
    public Func<string, DateTimeOffset, TimeSpan?>? Deviation { get; set; }

    private static void RequireTarget(Target target)
    {
        Parameters.Refuse(target, nameof(target.Arn), nameof(target.RoleArn), nameof(target.Input), nameof(target.RetryPolicy), nameof(target.DeadLetterConfig));
        if (Arn.TryParse(target.Arn) is not { Service: "lambda" or "states" })
        {
            throw Invalid($"The lab does not emulate the target {target.Arn}; targets are Lambda functions and state machines.");
        }

        CheckInput(target.Input);
        if (target.RetryPolicy?.MaximumRetryAttempts is < 0 or > 185)
        {
            throw Invalid($"RetryPolicy.MaximumRetryAttempts is {target.RetryPolicy.MaximumRetryAttempts}; allowed are 0 to 185.");
        }

        if (target.RetryPolicy?.MaximumEventAgeInSeconds is < 60 or > 86400)
        {
            throw Invalid($"RetryPolicy.MaximumEventAgeInSeconds is {target.RetryPolicy.MaximumEventAgeInSeconds}; allowed are 60 to 86400 seconds.");
        }

        if (target.DeadLetterConfig is { } dead && Arn.TryParse(dead.Arn) is not { Service: "sqs" })
        {
            throw Invalid($"DeadLetterConfig.Arn is '{dead.Arn}'; it must be the ARN of a standard SQS queue.");
        }
    }

    /// <summary>Both kinds of targets take JSON only; an attribute may stand where a number stands.</summary>
    private static void CheckInput(string? input)
    {
        try
        {
            using var read = JsonDocument.Parse((input ?? "{}").Replace("<aws.scheduler.attempt-number>", "1", StringComparison.Ordinal));
        }
        catch (JsonException e)
        {
            throw Invalid($"Target.Input is not JSON: {e.Message}");
        }
    }

    /// <summary>Sets the timer of the next time after a moment. Whoever changes or deletes the schedule makes the timers set before void.</summary>
    private void Arm(StoredSchedule schedule, DateTimeOffset after)
    {
        schedule.Timer?.Dispose();
        schedule.Timer = null;
        var turn = ++schedule.Turn;
        if (schedule.State != ScheduleState.ENABLED || schedule.Times.After(after) is not { } due)
        {
            return;
        }

        var wait = due > World.Now ? due - World.Now : TimeSpan.Zero;
        schedule.Timer = World.Clock.CreateTimer(
            _ => Ring(schedule, turn, due), null, wait < LongestTimer ? wait : LongestTimer, Timeout.InfiniteTimeSpan);
    }

    private void Ring(StoredSchedule schedule, int turn, DateTimeOffset due)
    {
        bool early;
        lock (World.Gate)
        {
            if (schedule.Turn != turn)
            {
                return;
            }

            // The next time counts from this one, not from now: a machine's clock may ring a moment early, and no time fires twice.
            early = due - World.Now > TimeSpan.FromSeconds(1);
            Arm(schedule, early ? World.Now : due);
        }

        if (!early && (Deviation is null ? TimeSpan.Zero : Deviation(schedule.Name, due)) is { } late)
        {
            _ = FireAfter(schedule, due, late);
        }
    }

    private async Task FireAfter(StoredSchedule schedule, DateTimeOffset due, TimeSpan late)
    {
        if (late > TimeSpan.Zero)
        {
            await Task.Delay(late, World.Clock).ConfigureAwait(false);
        }

        await Fire(schedule, due).ConfigureAwait(false);
    }

    private async Task Fire(StoredSchedule schedule, DateTimeOffset scheduledTime)
    {
        var target = schedule.Target;
        var execution = World.NewId();
        var since = World.Now;
        var undelivered = await Redelivery.Of(target.RetryPolicy?.MaximumRetryAttempts, target.RetryPolicy?.MaximumEventAgeInSeconds)
            .Run(World, since, attempt => Deliver(schedule, target, Input(schedule, target, scheduledTime, execution, attempt))).ConfigureAwait(false);
        if (undelivered is not null && Arn.TryParse(target.DeadLetterConfig?.Arn) is { } queue)
        {
            await Bury(schedule, target, queue, scheduledTime, execution, undelivered).ConfigureAwait(false);
        }
    }

    private Task<AmazonWebServiceResponse> Deliver(StoredSchedule schedule, Target target, string input)
    {
        var role = World.Iam.ContextForRole(target.RoleArn, schedule.Region, "scheduler");
        return Arn.TryParse(target.Arn)!.Service == "lambda"
            ? World.Invoke(role, "lambda", new InvokeRequest { FunctionName = target.Arn, InvocationType = "Event", PayloadStream = new MemoryStream(Encoding.UTF8.GetBytes(input)) })
            : World.Invoke(role, "states", new StartExecutionRequest { StateMachineArn = target.Arn, Input = input });
    }

    /// <summary>The context attributes are replaced wherever they stand (EventBridge Scheduler User Guide, "Adding context attributes").</summary>
    /// <param name="execution">One id for all attempts of one firing.</param>
    private static string Input(StoredSchedule schedule, Target target, DateTimeOffset scheduledTime, string execution, int attempt) => (target.Input ?? "{}")
        .Replace("<aws.scheduler.schedule-arn>", schedule.Arn, StringComparison.Ordinal)
        .Replace("<aws.scheduler.scheduled-time>", EventEnvelope.Time(scheduledTime), StringComparison.Ordinal)
        .Replace("<aws.scheduler.execution-id>", execution, StringComparison.Ordinal)
        .Replace("<aws.scheduler.attempt-number>", attempt.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>The attributes are those of EventBridge Scheduler User Guide, "Configuring a schedule's dead-letter queue".</summary>
    private async Task Bury(StoredSchedule schedule, Target target, Arn queue, DateTimeOffset scheduledTime, string execution, Undelivered why)
    {
        var attributes = new Dictionary<string, string>
        {
            ["SCHEDULE_ARN"] = schedule.Arn,
            ["TARGET_ARN"] = target.Arn,
            ["SCHEDULED_TIME"] = EventEnvelope.Time(scheduledTime),
            ["EXECUTION_ID"] = execution,
            ["ERROR_CODE"] = why.Reason.Code,
            ["ERROR_MESSAGE"] = why.Reason.Message,
            ["RETRY_ATTEMPTS"] = why.Retries.ToString(CultureInfo.InvariantCulture),
            ["EXHAUSTED_RETRY_CONDITION"] = why.ExhaustedCondition,
            ["IS_PAYLOAD_TRUNCATED"] = "false",
        };
        try
        {
            var role = World.Iam.ContextForRole(target.RoleArn, queue.Region, "scheduler");
            await QueueByArn.Send(World, role, queue, Input(schedule, target, scheduledTime, execution, why.Retries + 1), attributes).ConfigureAwait(false);
        }
        catch (ServiceException)
        {
            // As in AWS, what the dead-letter queue refuses is gone; IAM's ledger of denials and the queue's absence tell why.
        }
    }
}
