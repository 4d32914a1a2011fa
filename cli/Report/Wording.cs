using System.Globalization;

namespace Dbre.Cli.Report;

/// <summary>How reports write numbers and times.</summary>
internal static class Wording
{
    /// <summary>A duration as one would say it, with the precision that matters: 0.4 s, 29 s, 4 min 10 s, 2 h 05 min.</summary>
    public static string Span(TimeSpan time) => time switch
    {
        { TotalSeconds: < 0.95 } => Invariant($"{Math.Max(time.TotalMilliseconds, 0):0} ms"),
        { TotalSeconds: < 9.95 } => Invariant($"{time.TotalSeconds:0.0} s"),
        { TotalSeconds: < 59.5 } => Invariant($"{time.TotalSeconds:0} s"),
        { TotalMinutes: < 59.5 } => Rounded(time) is { Seconds: > 0 } s ? Invariant($"{(int)s.TotalMinutes} min {s.Seconds:00} s") : Invariant($"{Rounded(time).TotalMinutes:0} min"),
        _ => Invariant($"{(int)Math.Round(time.TotalMinutes) / 60} h {(int)Math.Round(time.TotalMinutes) % 60:00} min"),
    };

    /// <summary>A narrow no-break space between thousands, as print does it; an en dash for what was not measured.</summary>
    public static string Count(long? number) =>
        number?.ToString("N0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal) ?? "–";

    public static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static TimeSpan Rounded(TimeSpan time) => TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
}
