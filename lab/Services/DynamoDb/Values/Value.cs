namespace Dbre.Lab.Services.DynamoDb.Values;

/// <summary>A DynamoDB attribute value.</summary>
internal abstract class Value
{
    /// <summary>DynamoDB's type letter: S, N, B, BOOL, NULL, L, M, SS, NS or BS.</summary>
    internal abstract string Type { get; }

    /// <summary>A copy that shares nothing that can change.</summary>
    internal virtual Value Copy() => this;
}

internal sealed class StringValue(string text) : Value
{
    internal override string Type => "S";
    internal string Text { get; } = text;
}

internal sealed class NumberValue(Number number) : Value
{
    internal override string Type => "N";
    internal Number Number { get; } = number;
}

internal sealed class BinaryValue(byte[] bytes) : Value
{
    internal override string Type => "B";
    internal byte[] Bytes { get; } = bytes;
}

internal sealed class BoolValue(bool flag) : Value
{
    internal override string Type => "BOOL";
    internal bool Flag { get; } = flag;
}

internal sealed class NullValue : Value
{
    internal static NullValue Instance { get; } = new();

    internal override string Type => "NULL";
}

internal sealed class ListValue(List<Value> elements) : Value
{
    internal override string Type => "L";
    internal List<Value> Elements { get; } = elements;

    internal override Value Copy() => new ListValue([.. Elements.Select(e => e.Copy())]);
}

/// <summary>A map; an item as a whole is one too.</summary>
internal sealed class MapValue(Dictionary<string, Value> entries) : Value
{
    internal override string Type => "M";
    internal Dictionary<string, Value> Entries { get; } = entries;

    internal override MapValue Copy() => new(Entries.ToDictionary(e => e.Key, e => e.Value.Copy(), StringComparer.Ordinal));
}

/// <summary>A set of strings, numbers or binaries.</summary>
internal sealed class SetValue(string elementType, IEnumerable<Value> elements) : Value
{
    internal override string Type => ElementType + "S";
    internal string ElementType { get; } = elementType;
    internal SortedSet<Value> Elements { get; } = new(elements, ValueOrder.Instance);

    internal override Value Copy() => new SetValue(ElementType, Elements);
}
