using Dbre.Functions.Core.Policies;
using Dbre.Infra.Policies;

namespace Dbre.Infra.Tests;

public sealed class ScheduleRhythmTests
{
    [Theory]
    [InlineData("cron(0 3 * * ? *)", true)]
    [InlineData("cron(0 3 ? * * *)", true)]
    [InlineData("cron(0 3,15 * * ? *)", true)]
    [InlineData("rate(1 day)", true)]
    [InlineData("rate(12 hours)", true)]
    [InlineData("rate(1440 minutes)", true)]
    [InlineData("cron(0 3 ? * SUN *)", false)]
    [InlineData("cron(0 3 1 * ? *)", false)]
    [InlineData("cron(0 3 * JAN ? *)", false)]
    [InlineData("rate(2 days)", false)]
    [InlineData("rate(25 hours)", false)]
    public void A_day_without_a_run_is_an_alarm_only_when_the_schedule_is_daily(string expression, bool daily) =>
        ScheduleRhythm.IsDaily(new Schedule(expression, "UTC")).ShouldBe(daily);
}
