using System.Globalization;
using System.Text.RegularExpressions;

namespace Dbre.Lab.Services.Scheduler;

/// <summary>When a schedule fires: <c>cron(…)</c>, <c>rate(…)</c> or <c>at(…)</c>, in its time zone.</summary>
public sealed partial class ScheduleTimes
{
    private readonly Func<DateTimeOffset, DateTimeOffset?> next;

    private ScheduleTimes(Func<DateTimeOffset, DateTimeOffset?> next) => this.next = next;

    /// <param name="created">A rate counts from here.</param>
    /// <exception cref="ServiceException">ValidationException, naming what is wrong.</exception>
    public static ScheduleTimes Parse(string expression, string? timeZone, DateTimeOffset created)
    {
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(timeZone ?? "UTC", out var zone))
        {
            throw Invalid($"Invalid ScheduleExpressionTimezone {timeZone}.");
        }

        try
        {
            if (Inside(expression, "cron") is { } cron)
            {
                var parsed = CronExpression.Parse(cron);
                return new ScheduleTimes(after => parsed.Next(after, zone));
            }

            if (Inside(expression, "rate") is { } rate && Rate().Match(rate) is { Success: true } match)
            {
                var count = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
                var every = match.Groups[2].Value[0] switch { 'm' => TimeSpan.FromMinutes(count), 'h' => TimeSpan.FromHours(count), _ => TimeSpan.FromDays(count) };
                return new ScheduleTimes(after => created + (every * Math.Max(1, Math.Floor((after - created) / every) + 1)));
            }

            if (Inside(expression, "at") is { } at)
            {
                var local = DateTime.ParseExact(at, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
                var moment = new DateTimeOffset(local, zone.GetUtcOffset(local));
                return new ScheduleTimes(after => moment > after ? moment : null);
            }
        }
        catch (FormatException e)
        {
            throw Invalid($"Invalid Schedule Expression {expression}: {e.Message}.");
        }

        throw Invalid($"Invalid Schedule Expression {expression}; allowed are cron(…), rate(…) and at(yyyy-mm-ddThh:mm:ss).");
    }

    /// <summary>The next time after a moment; null when there is none.</summary>
    public DateTimeOffset? After(DateTimeOffset moment) => next(moment);

    private static string? Inside(string expression, string kind) =>
        expression.StartsWith(kind + "(", StringComparison.Ordinal) && expression.EndsWith(')') ? expression[(kind.Length + 1)..^1] : null;

    private static ServiceException Invalid(string message) => new("ValidationException", message);

    [GeneratedRegex("^([1-9][0-9]*) (minute|minutes|hour|hours|day|days)$")]
    private static partial Regex Rate();
}
