using Dbre.Lab.Services.Scheduler;

namespace Dbre.Services.Tests.Scheduler;

public sealed class CronExpressionTests
{
    // expression, zone, after, next
    public static TheoryData<string, string, string, string?> Cases => new()
    {
        { "0 3 * * ? *", "UTC", "2026-11-21T02:59:59Z", "2026-11-21T03:00:00Z" },
        { "0 3 * * ? *", "UTC", "2026-11-21T03:00:00Z", "2026-11-22T03:00:00Z" },
        { "0 3 * * ? *", "America/New_York", "2026-11-21T03:00:00Z", "2026-11-21T08:00:00Z" },
        { "*/15 * * * ? *", "UTC", "2026-11-21T03:07:00Z", "2026-11-21T03:15:00Z" },
        { "0 8,20 * * ? *", "UTC", "2026-11-21T09:00:00Z", "2026-11-21T20:00:00Z" },
        { "0 9 ? * MON-FRI *", "UTC", "2026-11-20T10:00:00Z", "2026-11-23T09:00:00Z" },
        { "0 9 ? * 2#1 *", "UTC", "2026-11-21T00:00:00Z", "2026-12-07T09:00:00Z" },
        { "0 9 ? * 6L *", "UTC", "2026-11-21T00:00:00Z", "2026-11-27T09:00:00Z" },
        { "0 9 L * ? *", "UTC", "2026-02-10T00:00:00Z", "2026-02-28T09:00:00Z" },
        { "0 9 1W * ? *", "UTC", "2026-07-31T12:00:00Z", "2026-08-03T09:00:00Z" },
        { "0 0 29 2 ? *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T00:00:00Z" },
        { "0 0 1 1 ? 2020", "UTC", "2026-01-01T00:00:00Z", null },
        // 2026-03-29: clocks in Dublin go from 01:00 to 02:00; 2026-10-25: from 02:00 back to 01:00.
        { "30 1 * * ? *", "Europe/Dublin", "2026-03-28T02:00:00Z", "2026-03-30T00:30:00Z" },
        { "30 1 * * ? *", "Europe/Dublin", "2026-10-24T02:00:00Z", "2026-10-25T00:30:00Z" },
        { "30 1 * * ? *", "Europe/Dublin", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Next_is_the_first_time_after(string cron, string zone, string after, string? next) =>
        CronExpression.Parse(cron).Next(DateTimeOffset.Parse(after, System.Globalization.CultureInfo.InvariantCulture), TimeZoneInfo.FindSystemTimeZoneById(zone))
            .ShouldBe(next is null ? null : DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("0 3 * * *", "it has 5 fields")]
    [InlineData("0 3 * * * *", "exactly one of day of month and day of week must be '?'")]
    [InlineData("60 3 * * ? *", "the minute is '60'; allowed are 0 to 59")]
    [InlineData("0 3 ? * FUN *", "the day of week is 'FUN'; allowed are 1 to 7")]
    public void Parse_refuses_by_field(string cron, string sentence) => Should.Throw<FormatException>(() => CronExpression.Parse(cron)).Message.ShouldContain(sentence);
}
