using MySqlConnector.Native;

namespace MySqlConnector;

/// <summary>Dates and times between .NET and the client library, to the microsecond.</summary>
internal static class Times
{
    // enum enum_mysql_timestamp_type
    private const int Date = 0, DateAndTime = 1, TimeOfDay = 2;

    internal static NativeTime Native(DateTime value) => new()
    {
        Year = (uint)value.Year,
        Month = (uint)value.Month,
        Day = (uint)value.Day,
        Hour = (uint)value.Hour,
        Minute = (uint)value.Minute,
        Second = (uint)value.Second,
        Microseconds = Microseconds(value.Ticks),
        Kind = DateAndTime,
    };

    internal static NativeTime Native(DateOnly value) => new() { Year = (uint)value.Year, Month = (uint)value.Month, Day = (uint)value.Day, Kind = Date };

    internal static NativeTime Native(TimeSpan value)
    {
        var positive = value.Duration();
        return new NativeTime
        {
            Day = (uint)positive.Days,
            Hour = (uint)positive.Hours,
            Minute = (uint)positive.Minutes,
            Second = (uint)positive.Seconds,
            Microseconds = Microseconds(positive.Ticks),
            Negative = value < TimeSpan.Zero ? (byte)1 : (byte)0,
            Kind = TimeOfDay,
        };
    }

    /// <exception cref="InvalidCastException">It is no date of the calendar: <c>0000-00-00</c>.</exception>
    internal static DateTime ToDateTime(NativeTime value)
    {
        try
        {
            return new DateTime((int)value.Year, (int)value.Month, (int)value.Day, (int)value.Hour, (int)value.Minute, (int)value.Second, DateTimeKind.Unspecified).AddTicks((long)value.Microseconds * 10);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new InvalidCastException($"{value.Year:0000}-{value.Month:00}-{value.Day:00} is no date of the calendar.", e);
        }
    }

    internal static TimeSpan ToTimeSpan(NativeTime value)
    {
        var positive = new TimeSpan((int)value.Day, (int)value.Hour, (int)value.Minute, (int)value.Second) + TimeSpan.FromTicks((long)value.Microseconds * 10);
        return value.Negative != 0 ? -positive : positive;
    }

    private static nuint Microseconds(long ticks) => (nuint)(ticks % TimeSpan.TicksPerSecond / 10);
}
