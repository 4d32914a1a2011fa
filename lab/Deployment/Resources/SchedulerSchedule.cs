using Amazon.Scheduler;
using Amazon.Scheduler.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class SchedulerSchedule() : ResourceType("AWS::Scheduler::Schedule")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var target = properties.Object("Target")!;
        var retry = target.Object("RetryPolicy");
        var window = properties.Object("FlexibleTimeWindow")!;
        var request = new CreateScheduleRequest
        {
            Name = properties.Text("Name"),
            GroupName = properties.TextOrNull("GroupName"),
            Description = properties.TextOrNull("Description"),
            ScheduleExpression = properties.Text("ScheduleExpression"),
            ScheduleExpressionTimezone = properties.TextOrNull("ScheduleExpressionTimezone"),
            State = ScheduleState.FindValue(properties.TextOrNull("State") ?? "ENABLED"),
            FlexibleTimeWindow = new FlexibleTimeWindow { Mode = FlexibleTimeWindowMode.FindValue(window.Text("Mode")) },
            Target = new Target
            {
                Arn = target.Text("Arn"),
                RoleArn = target.Text("RoleArn"),
                Input = target.TextOrNull("Input"),
                DeadLetterConfig = target.Object("DeadLetterConfig") is { } undelivered ? new DeadLetterConfig { Arn = undelivered.Text("Arn") } : null,
                RetryPolicy = retry is null ? null : new RetryPolicy
                {
                    MaximumEventAgeInSeconds = retry.Number("MaximumEventAgeInSeconds"),
                    MaximumRetryAttempts = retry.Number("MaximumRetryAttempts"),
                },
            },
        };
        return async context =>
        {
            if (context.Before is not null)
            {
                await context.Invoke("scheduler", new UpdateScheduleRequest
                {
                    Name = request.Name, GroupName = request.GroupName, Description = request.Description, State = request.State, Target = request.Target,
                    ScheduleExpression = request.ScheduleExpression, ScheduleExpressionTimezone = request.ScheduleExpressionTimezone,
                    FlexibleTimeWindow = request.FlexibleTimeWindow,
                }).ConfigureAwait(false);
                return context.Before;
            }

            var made = await context.Invoke<CreateScheduleResponse>("scheduler", request).ConfigureAwait(false);
            return Made(request.Name, ("Arn", made.ScheduleArn));
        };
    }
}
