using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>The arguments of a call as the function asks for them; one of the wrong kind is a <see cref="FormatException"/> that says which.</summary>
internal sealed class Arguments(IReadOnlyList<Intrinsic> given, Scope scope)
{
    private readonly JsonNode?[] values = [.. given.Select(a => a.Evaluate(scope))];

    internal int Count => values.Length;

    internal Chance Chance => scope.Chance;

    internal JsonNode? this[int index] => values[index];

    /// <summary>The arguments themselves, to be put into a new list.</summary>
    internal JsonNode?[] All => values;

    /// <summary>A literal's characters before its escapes are resolved; null for anything computed.</summary>
    internal string? Raw(int index) => (given[index] as Intrinsic.Literal)?.Raw;

    internal string Text(int index) => Values.Text(values[index]) ?? throw Wrong(index, "a string");

    /// <summary>AWS's limit for the functions that encode, decode and hash.</summary>
    internal string ShortText(int index) => Text(index) is { Length: <= 10_000 } text ? text : throw Wrong(index, "a string of at most 10000 characters");

    internal JsonArray List(int index) => values[index] as JsonArray ?? throw Wrong(index, "an array");

    internal JsonObject Object(int index) => values[index] as JsonObject ?? throw Wrong(index, "an object");

    /// <summary>Fractions are rounded down, as AWS documents.</summary>
    internal long Integer(int index) =>
        Values.Number(values[index]) is { } number && Math.Abs(Math.Floor(number)) <= int.MaxValue ? (long)Math.Floor(number) : throw Wrong(index, "an integer of 32 bits");

    private FormatException Wrong(int index, string what)
    {
        var shown = values[index]?.ToJsonString() ?? "null";
        return new FormatException($"Argument {index + 1} must be {what}, not {(shown.Length <= 200 ? shown : shown[..200] + "…")}.");
    }
}
