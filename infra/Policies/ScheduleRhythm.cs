using Dbre.Functions.Core.Policies;

namespace Dbre.Infra.Policies;

/// <summary>How often a schedule fires, as far as an alarm needs to know.</summary>
public static class ScheduleRhythm
{
    /// <summary>Whether the schedule fires at least once in every 24 hours.</summary>
    /// <param name="schedule">With <c>cron(minute hour day month weekday year)</c> or <c>rate(n unit)</c>.</param>
    public static bool IsDaily(Schedule schedule)
    {
        var inner = schedule.Cron[(schedule.Cron.IndexOf('(', StringComparison.Ordinal) + 1)..^1].Split(' ');
        return inner switch
        {
            [_, _, "*" or "?", "*", "*" or "?", "*"] => true,
            [var n, var unit] => unit switch
            {
                "minute" or "minutes" => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture) <= 24 * 60,
                "hour" or "hours" => int.Parse(n, System.Globalization.CultureInfo.InvariantCulture) <= 24,
                _ => n == "1",
            },
            _ => false,
        };
    }
}
