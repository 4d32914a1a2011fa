using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>Something that has a value in an item, or none.</summary>
internal abstract record Operand
{
    internal abstract Value? In(MapValue item);
}

internal sealed record PathOperand(DocumentPath Path) : Operand
{
    internal override Value? In(MapValue item) => Path.Get(item);
}

internal sealed record ConstantOperand(Value Value) : Operand
{
    internal override Value? In(MapValue item) => Value;
}

/// <summary><c>size(path)</c>: characters, bytes or elements.</summary>
internal sealed record SizeOperand(DocumentPath Path) : Operand
{
    internal override Value? In(MapValue item) => Path.Get(item) switch
    {
        StringValue v => Of(v.Text.EnumerateRunes().Count()),
        BinaryValue v => Of(v.Bytes.Length),
        SetValue v => Of(v.Elements.Count),
        ListValue v => Of(v.Elements.Count),
        MapValue v => Of(v.Entries.Count),
        _ => null,
    };

    private static NumberValue Of(int size) => new(Number.Of(size));
}

/// <summary>A condition on an item. An item that does not exist is an empty map.</summary>
internal abstract record Condition
{
    internal abstract bool Holds(MapValue item);
}

internal sealed record AndCondition(Condition Left, Condition Right) : Condition
{
    internal override bool Holds(MapValue item) => Left.Holds(item) && Right.Holds(item);
}

internal sealed record OrCondition(Condition Left, Condition Right) : Condition
{
    internal override bool Holds(MapValue item) => Left.Holds(item) || Right.Holds(item);
}

internal sealed record NotCondition(Condition Inner) : Condition
{
    internal override bool Holds(MapValue item) => !Inner.Holds(item);
}

/// <summary>A comparison. Values of different types, or a missing one, are unequal and in no order.</summary>
internal sealed record Comparison(Operand Left, string Operator, Operand Right) : Condition
{
    internal override bool Holds(MapValue item)
    {
        var left = Left.In(item);
        var right = Right.In(item);
        return Operator switch
        {
            "=" => left is not null && right is not null && ValueOrder.Same(left, right),
            "<>" => left is null || right is null || !ValueOrder.Same(left, right),
            _ => left is not null && right is not null && InOrder(left, Operator, right),
        };
    }

    internal static bool InOrder(Value left, string op, Value right)
    {
        if (left.Type != right.Type || !ValueOrder.Ordered(left))
        {
            return false;
        }

        var order = ValueOrder.Instance.Compare(left, right);
        return op switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            _ => order >= 0,
        };
    }
}

internal sealed record BetweenCondition(Operand Operand, Operand Low, Operand High) : Condition
{
    internal override bool Holds(MapValue item) =>
        Operand.In(item) is { } value && Low.In(item) is { } low && High.In(item) is { } high
        && Comparison.InOrder(value, ">=", low) && Comparison.InOrder(value, "<=", high);
}

internal sealed record InCondition(Operand Operand, IReadOnlyList<Operand> Choices) : Condition
{
    internal override bool Holds(MapValue item) =>
        Operand.In(item) is { } value && Choices.Any(c => c.In(item) is { } choice && ValueOrder.Same(value, choice));
}

internal sealed record ExistsCondition(DocumentPath Path) : Condition
{
    internal override bool Holds(MapValue item) => Path.Get(item) is not null;
}

internal sealed record TypeCondition(DocumentPath Path, string Type) : Condition
{
    internal override bool Holds(MapValue item) => Path.Get(item)?.Type == Type;
}

internal sealed record BeginsWithCondition(Operand Operand, Operand Prefix) : Condition
{
    internal override bool Holds(MapValue item) => (Operand.In(item), Prefix.In(item)) switch
    {
        (StringValue value, StringValue prefix) => value.Text.StartsWith(prefix.Text, StringComparison.Ordinal),
        (BinaryValue value, BinaryValue prefix) => value.Bytes.AsSpan().StartsWith(prefix.Bytes),
        _ => false,
    };
}

internal sealed record ContainsCondition(Operand Container, Operand Element) : Condition
{
    internal override bool Holds(MapValue item) => (Container.In(item), Element.In(item)) switch
    {
        (StringValue container, StringValue element) => container.Text.Contains(element.Text, StringComparison.Ordinal),
        (BinaryValue container, BinaryValue element) => container.Bytes.AsSpan().IndexOf(element.Bytes) >= 0,
        (SetValue container, { } element) => container.ElementType == element.Type && container.Elements.Contains(element),
        (ListValue container, { } element) => container.Elements.Exists(e => ValueOrder.Same(e, element)),
        _ => false,
    };
}
