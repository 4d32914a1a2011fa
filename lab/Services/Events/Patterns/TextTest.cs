using System.Text;
using System.Text.Json;

namespace Dbre.Lab.Services.Events.Patterns;

/// <summary>The operators over strings: <c>prefix</c>, <c>suffix</c> (both also case-blind), <c>equals-ignore-case</c>, <c>wildcard</c>.</summary>
internal static class TextTest
{
    /// <returns>Null for an operator that is none of these.</returns>
    internal static Predicate<string>? Read(string name, JsonElement operand, string where) => name switch
    {
        "prefix" or "suffix" => Edge(name == "prefix", operand, $"{name} in {where}"),
        "equals-ignore-case" => Text(operand, $"{name} in {where}") is var wanted ? text => text.Equals(wanted, StringComparison.OrdinalIgnoreCase) : null,
        "wildcard" => Wildcard(Text(operand, $"{name} in {where}"), $"{name} in {where}"),
        _ => null,
    };

    private static Predicate<string> Edge(bool start, JsonElement operand, string where)
    {
        var comparison = StringComparison.Ordinal;
        if (operand.ValueKind == JsonValueKind.Object)
        {
            operand = operand.EnumerateObject().ToList() is [{ Name: "equals-ignore-case" } blind]
                ? blind.Value
                : throw new FormatException($"{where} takes a string or exactly equals-ignore-case");
            comparison = StringComparison.OrdinalIgnoreCase;
        }

        var edge = Text(operand, where);
        return start ? text => text.StartsWith(edge, comparison) : text => text.EndsWith(edge, comparison);
    }

    /// <summary><c>*</c> is any run of characters; <c>\*</c> and <c>\\</c> are themselves; <c>**</c> is refused, as EventBridge refuses it.</summary>
    private static Predicate<string> Wildcard(string pattern, string where)
    {
        var literals = new List<StringBuilder> { new() };
        for (var at = 0; at < pattern.Length; at++)
        {
            switch (pattern[at])
            {
                case '*' when at > 0 && pattern[at - 1] == '*' && literals[^1].Length == 0 && literals.Count > 1:
                    throw new FormatException($"{where} has consecutive wildcards in '{pattern}'");
                case '*':
                    literals.Add(new StringBuilder());
                    break;
                case '\\' when at + 1 < pattern.Length && pattern[at + 1] is '*' or '\\':
                    literals[^1].Append(pattern[++at]);
                    break;
                case '\\':
                    throw new FormatException($"{where} has a backslash before something else than * or \\ in '{pattern}'");
                default:
                    literals[^1].Append(pattern[at]);
                    break;
            }
        }

        return Matching([.. literals.Select(l => l.ToString())]);
    }

    // The first literal stands at the start, the last at the end, and those between in order: taking each as early as it comes finds every match.
    private static Predicate<string> Matching(string[] literals) => literals is [var only]
        ? text => text == only
        : text =>
        {
            var (first, last) = (literals[0], literals[^1]);
            if (text.Length < first.Length + last.Length || !text.StartsWith(first, StringComparison.Ordinal) || !text.EndsWith(last, StringComparison.Ordinal))
            {
                return false;
            }

            var (at, end) = (first.Length, text.Length - last.Length);
            foreach (var literal in literals.AsSpan(1..^1))
            {
                var found = text.AsSpan(at, end - at).IndexOf(literal, StringComparison.Ordinal);
                if (found < 0)
                {
                    return false;
                }

                at += found + literal.Length;
            }

            return true;
        };

    private static string Text(JsonElement operand, string where) =>
        operand.ValueKind == JsonValueKind.String ? operand.GetString()! : throw new FormatException($"{where} must be a string");
}
