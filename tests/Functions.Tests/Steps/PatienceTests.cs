namespace Dbre.Functions.Tests.Steps;

public sealed class PatienceTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(8, 8)]
    [InlineData(59, 59)]
    [InlineData(61, 60)]
    [InlineData(3599, 60)]
    [InlineData(3600, null)]
    [InlineData(-600, 60)]
    public void Pause_doubles_the_time_waited_up_to_a_minute_and_ends_at_the_limit(int waited, int? pause) =>
        Patience.Pause(Night, Night.AddSeconds(waited), Limit).ShouldBe(pause);

    [Theory]
    [InlineData(1200, 0, 600)]
    [InlineData(1200, 1, 599)]
    [InlineData(1200, 600, 60)]
    [InlineData(1200, 1199, 60)]
    [InlineData(1200, 2000, 60)]
    [InlineData(1, 0, 1)]
    [InlineData(3, 0, 2)]
    [InlineData(40, 20, 20)]
    [InlineData(100_000, 0, 1800)]
    [InlineData(1200, 3600, null)]
    [InlineData(1200, -600, 60)]
    public void Pause_of_what_is_known_looks_first_at_half_of_it(int expected, int waited, int? pause) =>
        Patience.Pause(Night, Night.AddSeconds(waited), Limit, TimeSpan.FromSeconds(expected)).ShouldBe(pause);

    [Theory]
    [InlineData(null, 60)]
    [InlineData(4, 15)]
    [InlineData(600, 150)]
    [InlineData(7200, 240)]
    public void InQueue_waits_a_share_of_what_those_before_take(int? expected, int pause) =>
        Patience.InQueue(expected is { } seconds ? TimeSpan.FromSeconds(seconds) : null).ShouldBe(pause);

    [Theory]
    [InlineData(611, 611)]
    [InlineData(10, 10)]
    [InlineData(9, null)]
    [InlineData(-30, null)]
    [InlineData(12 * 3600, null)]
    public void Took_is_known_when_it_is_worth_knowing(int seconds, int? took) => Patience.Took(Night, Night.AddSeconds(seconds)).ShouldBe(took);

    [Fact]
    public void Took_of_what_nobody_saw_begin_is_not_known() => Patience.Took(null, Night).ShouldBeNull();

    /// <summary>A copy of twenty minutes costs a look every minute at most, and few before it can be over.</summary>
    [Theory]
    [InlineData(1200, 1200, 12)]
    [InlineData(null, 1200, 26)]
    [InlineData(120, 120, 4)]
    [InlineData(null, 120, 9)]
    public void Looks_until_it_is_over_are_few(int? expected, int takes, int most)
    {
        var looks = 0;
        for (var waited = 0; waited < takes; looks++)
        {
            waited += Patience.Pause(Night, Night.AddSeconds(waited), Limit, expected is { } known ? TimeSpan.FromSeconds(known) : null)!.Value;
        }

        looks.ShouldBeInRange(1, most);
    }
}
