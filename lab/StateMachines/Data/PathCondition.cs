using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>The condition of a filter, asked of each item (<c>@</c>).</summary>
internal abstract record PathCondition
{
    internal abstract bool Holds(JsonNode? item);
}

/// <summary><c>@.name</c>: it is there.</summary>
internal sealed record Present(JsonPath Path) : PathCondition
{
    internal override bool Holds(JsonNode? item) => Path.TrySelect(item, out _);
}

internal sealed record Not(PathCondition Condition) : PathCondition
{
    internal override bool Holds(JsonNode? item) => !Condition.Holds(item);
}

internal sealed record Both(PathCondition Left, PathCondition Right) : PathCondition
{
    internal override bool Holds(JsonNode? item) => Left.Holds(item) && Right.Holds(item);
}

internal sealed record Either(PathCondition Left, PathCondition Right) : PathCondition
{
    internal override bool Holds(JsonNode? item) => Left.Holds(item) || Right.Holds(item);
}

/// <summary>One side of a comparison: a path from the item, or a literal.</summary>
internal sealed record Operand(JsonPath? Path, JsonNode? Literal)
{
    /// <returns>False when the path finds nothing.</returns>
    internal bool Of(JsonNode? item, out JsonNode? value)
    {
        value = Literal;
        return Path is null || Path.TrySelect(item, out value);
    }
}

/// <summary><c>@.a &gt;= 2</c>. Values of different kinds, or a missing one, are only ever unequal.</summary>
internal sealed record Comparison(Operand Left, string Operator, Operand Right) : PathCondition
{
    internal override bool Holds(JsonNode? item)
    {
        if (!Left.Of(item, out var left) | !Right.Of(item, out var right))
        {
            return Operator == "!=";
        }

        return Operator switch
        {
            "==" => JsonNode.DeepEquals(left, right),
            "!=" => !JsonNode.DeepEquals(left, right),
            _ => Order(left, right) is { } order && Operator switch
            {
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            },
        };
    }

    private static int? Order(JsonNode? left, JsonNode? right) =>
        Values.Number(left) is { } a && Values.Number(right) is { } b ? a.CompareTo(b)
        : Values.Text(left) is { } c && Values.Text(right) is { } d ? string.CompareOrdinal(c, d)
        : null;
}
