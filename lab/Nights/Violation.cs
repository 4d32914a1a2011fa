using System.Globalization;

namespace Dbre.Lab.Nights;

/// <summary>Something that must never be, and was.</summary>
/// <param name="Rule">Which invariant, in a few words.</param>
public sealed record Violation(string Rule, DateTimeOffset At, string What)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At:yyyy-MM-dd HH:mm:ss} {Rule}: {What}");
}
