using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class SchedulesDoNotLoseEvents(CloudFixture cloud)
{
    [Fact]
    public void Every_schedule_has_a_dead_letter_queue_and_a_retry_policy() =>
        cloud.Resources("AWS::Scheduler::Schedule").Where(schedule =>
            schedule["Target"]!["DeadLetterConfig"]?["Arn"] is null || schedule["Target"]!["RetryPolicy"]?["MaximumEventAgeInSeconds"] is null).ShouldBeEmpty();

    [Fact]
    public void Every_scheduled_function_leaves_failed_events_in_a_queue()
    {
        foreach (var template in cloud.All)
        {
            var scheduled = template.Resources("AWS::Scheduler::Schedule").Select(schedule => SynthesizedTemplate.Text(schedule["Target"]!["Arn"])).ToHashSet();
            template.Resources("AWS::Lambda::Function").Where(function => scheduled.Contains($"{{{function.LogicalId}}}") && function["DeadLetterConfig"] is null).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_schedule_fires_on_the_minute_and_says_its_time_zone() =>
        cloud.Resources("AWS::Scheduler::Schedule").Where(schedule =>
            schedule["FlexibleTimeWindow"]?["Mode"]?.ToString() != "OFF" || schedule["ScheduleExpressionTimezone"] is null).ShouldBeEmpty();
}
