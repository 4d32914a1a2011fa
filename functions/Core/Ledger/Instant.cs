using System.Globalization;

namespace Dbre.Functions.Core;

/// <summary>A moment as text: UTC, to the millisecond, so that texts sort as times do.</summary>
public static class Instant
{
    public static string Write(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset Read(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
