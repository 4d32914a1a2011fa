using System.Text.Json;

namespace Dbre.Lab.Services.Events.Patterns;

/// <summary>The operator <c>numeric</c>: <c>["=", 5]</c>, <c>["&gt;", 0]</c> or <c>["&gt;=", 0, "&lt;", 5]</c>; numbers reach from −5·10⁹ to 5·10⁹, as EventBridge allows.</summary>
/// <param name="Low">The lower bound; null when there is none.</param>
/// <param name="High">The upper bound; null when there is none.</param>
internal sealed record NumericRange(decimal? Low, bool LowIncluded, decimal? High, bool HighIncluded)
{
    private const decimal Farthest = 5_000_000_000m;

    internal static NumericRange Read(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() is not (2 or 4))
        {
            throw Wrong(where);
        }

        var parts = json.EnumerateArray().ToList();
        var range = new NumericRange(null, false, null, false);
        for (var at = 0; at < parts.Count; at += 2)
        {
            range = range.And(parts[at].ValueKind == JsonValueKind.String ? parts[at].GetString()! : "", Number(parts[at + 1], where), parts.Count, where);
        }

        return range.Low is { } low && range.High is { } high && low > high
            ? throw new FormatException($"numeric in {where} allows no number: {low} is above {high}")
            : range;
    }

    internal bool Contains(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && Math.Abs(number) <= Farthest
        && (Low is not { } low || number > low || (LowIncluded && number == low))
        && (High is not { } high || number < high || (HighIncluded && number == high));

    private NumericRange And(string comparison, decimal number, int parts, string where) => comparison switch
    {
        "=" when parts == 2 => new NumericRange(number, true, number, true),
        ">" or ">=" when Low is null && High is null => this with { Low = number, LowIncluded = comparison == ">=" },
        "<" or "<=" when High is null => this with { High = number, HighIncluded = comparison == "<=" },
        _ => throw Wrong(where),
    };

    private static decimal Number(JsonElement json, string where) =>
        json.ValueKind == JsonValueKind.Number && json.TryGetDecimal(out var number) && Math.Abs(number) <= Farthest ? number
            : throw new FormatException($"numeric in {where} has '{json.GetRawText()}'; numbers from -5e9 to 5e9 are allowed");

    private static FormatException Wrong(string where) =>
        new($"""numeric in {where} must be ["=", n], one of <, <=, >, >= with a number, or a lower and then an upper bound""");
}
