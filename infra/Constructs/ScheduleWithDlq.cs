using Amazon.CDK.AWS.Scheduler;

using Constructs;

namespace Dbre.Infra.Constructs;

/// <summary>
/// A schedule that invokes a function on the minute, tries again for an hour, and leaves what it could not deliver in a dead-letter queue.
/// </summary>
public sealed class ScheduleWithDlq : Construct
{
    public ScheduleWithDlq(Construct scope, string id, ScheduledInvocation invocation) : base(scope, id)
    {
        _ = new CfnSchedule(this, "Schedule", new CfnScheduleProps
        {
            Name = invocation.Name,
            GroupName = invocation.Group,
            Description = invocation.Description,
            ScheduleExpression = invocation.Expression,
            ScheduleExpressionTimezone = invocation.TimeZone,
            FlexibleTimeWindow = new CfnSchedule.FlexibleTimeWindowProperty { Mode = "OFF" },
            State = "ENABLED",
            Target = new CfnSchedule.TargetProperty
            {
                Arn = invocation.FunctionArn,
                RoleArn = invocation.RoleArn,
                Input = invocation.Input,
                RetryPolicy = new CfnSchedule.RetryPolicyProperty { MaximumEventAgeInSeconds = 3600, MaximumRetryAttempts = 20 },
                DeadLetterConfig = new CfnSchedule.DeadLetterConfigProperty { Arn = invocation.DeadLetterQueueArn },
            },
        });
    }
}
