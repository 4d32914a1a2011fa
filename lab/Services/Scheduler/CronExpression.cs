using System.Globalization;

namespace Dbre.Lab.Services.Scheduler;

/// <summary>
/// A cron expression as EventBridge takes it: minute, hour, day of month, month, day of week, year; <c>* , - / ? L W #</c>, and exactly one of the
/// two day fields is <c>?</c> (Amazon EventBridge Scheduler User Guide, "Schedule types").
/// </summary>
public sealed class CronExpression
{
    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    // A schedule of 29 February comes at least every eight years.
    private const int LongestSearchDays = 366 * 9;

    private readonly SortedSet<int> minutes;
    private readonly SortedSet<int> hours;
    private readonly SortedSet<int> months;
    private readonly SortedSet<int> years;
    private readonly Func<DateOnly, bool> day;

    private CronExpression(string[] fields)
    {
        minutes = Set(fields[0], "minute", 0, 59, []);
        hours = Set(fields[1], "hour", 0, 23, []);
        months = Set(fields[3], "month", 1, 12, Months);
        years = Set(fields[5], "year", 1970, 2199, []);
        day = (fields[2], fields[4]) switch
        {
            ("?", "?") or (not "?", not "?") => throw new FormatException("exactly one of day of month and day of week must be '?'"),
            (_, "?") => DayOfMonth(fields[2]),
            _ => DayOfWeek(fields[4]),
        };
    }

    /// <exception cref="FormatException">The text is not a cron expression; the message names the field.</exception>
    public static CronExpression Parse(string text)
    {
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length == 6 ? new CronExpression(fields) : throw new FormatException($"it has {fields.Length} fields; minute, hour, day of month, month, day of week and year are needed");
    }

    /// <summary>The next time after a moment; null when there is none. Times that a change to summer time skips do not happen; those that it repeats happen once.</summary>
    public DateTimeOffset? Next(DateTimeOffset after, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(after, zone).DateTime;
        var first = DateOnly.FromDateTime(local);
        for (var offset = 0; offset < LongestSearchDays; offset++)
        {
            var date = first.AddDays(offset);
            if (!years.Contains(date.Year) || !months.Contains(date.Month) || !day(date))
            {
                continue;
            }

            foreach (var hour in hours)
            {
                foreach (var minute in minutes)
                {
                    var candidate = date.ToDateTime(new TimeOnly(hour, minute));
                    var moment = new DateTimeOffset(candidate, zone.IsAmbiguousTime(candidate) ? zone.GetAmbiguousTimeOffsets(candidate).Max() : zone.GetUtcOffset(candidate));

                    // A time that the clocks skip does not come back as itself (IsInvalidTime does not know Ireland's winter time).
                    if (moment > after && TimeZoneInfo.ConvertTime(moment, zone).DateTime == candidate)
                    {
                        return moment.ToUniversalTime();
                    }
                }
            }
        }

        return null;
    }

    private static Func<DateOnly, bool> DayOfMonth(string field)
    {
        if (field == "L")
        {
            return date => date.Day == DateTime.DaysInMonth(date.Year, date.Month);
        }

        if (field == "LW")
        {
            return date => date == NearestWeekday(date, DateTime.DaysInMonth(date.Year, date.Month));
        }

        if (field.EndsWith('W'))
        {
            var wanted = Number(field[..^1], "day of month", 1, 31, []);
            return date => wanted <= DateTime.DaysInMonth(date.Year, date.Month) && date == NearestWeekday(date, wanted);
        }

        var days = Set(field, "day of month", 1, 31, []);
        return date => days.Contains(date.Day);
    }

    private static Func<DateOnly, bool> DayOfWeek(string field)
    {
        if (field == "L")
        {
            return date => date.DayOfWeek == System.DayOfWeek.Saturday;
        }

        if (field.EndsWith('L'))
        {
            var last = Number(field[..^1], "day of week", 1, 7, Days);
            return date => (int)date.DayOfWeek + 1 == last && date.Day > DateTime.DaysInMonth(date.Year, date.Month) - 7;
        }

        if (field.Split('#') is [var weekday, var nth])
        {
            var wanted = Number(weekday, "day of week", 1, 7, Days);
            var which = Number(nth, "day of week", 1, 5, []);
            return date => (int)date.DayOfWeek + 1 == wanted && ((date.Day - 1) / 7) + 1 == which;
        }

        var days = Set(field, "day of week", 1, 7, Days);
        return date => days.Contains((int)date.DayOfWeek + 1);
    }

    private static DateOnly NearestWeekday(DateOnly month, int day)
    {
        var wanted = new DateOnly(month.Year, month.Month, day);
        var last = DateTime.DaysInMonth(month.Year, month.Month);
        return wanted.DayOfWeek switch
        {
            System.DayOfWeek.Saturday => wanted.AddDays(day == 1 ? 2 : -1),
            System.DayOfWeek.Sunday => wanted.AddDays(day == last ? -2 : 1),
            _ => wanted,
        };
    }

    private static SortedSet<int> Set(string field, string name, int least, int most, string[] names)
    {
        var set = new SortedSet<int>();
        foreach (var part in field.Split(','))
        {
            var (range, step) = part.Split('/') switch
            {
                [var all] => (all, 1),
                [var some, var every] => (some, Number(every, name, 1, most, [])),
                _ => throw new FormatException($"the {name} is '{field}'"),
            };
            var (from, to) = range switch
            {
                "*" => (least, most),
                _ when range.Split('-') is [var low, var high] => (Number(low, name, least, most, names), Number(high, name, least, most, names)),
                _ => Number(range, name, least, most, names) is var one && part.Contains('/') ? (one, most) : (one, one),
            };
            for (var value = from; value <= to; value += step)
            {
                set.Add(value);
            }
        }

        return set.Count > 0 ? set : throw new FormatException($"the {name} '{field}' allows no value");
    }

    private static int Number(string text, string name, int least, int most, string[] names)
    {
        var named = Array.FindIndex(names, n => n.Equals(text, StringComparison.OrdinalIgnoreCase));
        return named >= 0 ? named + 1
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw new FormatException($"the {name} is '{text}'; allowed are {least} to {most}");
    }
}
