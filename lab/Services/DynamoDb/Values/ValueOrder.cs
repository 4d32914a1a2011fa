namespace Dbre.Lab.Services.DynamoDb.Values;

/// <summary>Order and equality of values: numbers by size, strings by their UTF-8 bytes, binaries by unsigned bytes.</summary>
internal sealed class ValueOrder : IComparer<Value>
{
    internal static ValueOrder Instance { get; } = new();

    /// <summary>Only values of one scalar type have an order in DynamoDB; others are told apart by type here so that sets and keys stay total.</summary>
    public int Compare(Value? x, Value? y) => (x, y) switch
    {
        (StringValue a, StringValue b) => CompareText(a.Text, b.Text),
        (NumberValue a, NumberValue b) => a.Number.CompareTo(b.Number),
        (BinaryValue a, BinaryValue b) => a.Bytes.AsSpan().SequenceCompareTo(b.Bytes),
        _ => string.CompareOrdinal(x?.Type, y?.Type),
    };

    internal static bool Ordered(Value value) => value is StringValue or NumberValue or BinaryValue;

    internal static bool Same(Value x, Value y) => (x, y) switch
    {
        (BoolValue a, BoolValue b) => a.Flag == b.Flag,
        (NullValue, NullValue) => true,
        (ListValue a, ListValue b) => a.Elements.Count == b.Elements.Count && a.Elements.Zip(b.Elements).All(p => Same(p.First, p.Second)),
        (MapValue a, MapValue b) => a.Entries.Count == b.Entries.Count
            && a.Entries.All(e => b.Entries.TryGetValue(e.Key, out var other) && Same(e.Value, other)),
        (SetValue a, SetValue b) => a.ElementType == b.ElementType && a.Elements.SetEquals(b.Elements),
        _ => x.Type == y.Type && Ordered(x) && Instance.Compare(x, y) == 0,
    };

    /// <summary>UTF-16 order differs from UTF-8 order only where a surrogate meets a character from U+E000 up.</summary>
    private static int CompareText(string a, string b)
    {
        var shared = Math.Min(a.Length, b.Length);
        for (var i = 0; i < shared; i++)
        {
            if (a[i] != b[i])
            {
                return char.IsSurrogate(a[i]) != char.IsSurrogate(b[i]) && (a[i] >= '\uE000' || b[i] >= '\uE000')
                    ? (char.IsSurrogate(a[i]) ? 1 : -1)
                    : a[i].CompareTo(b[i]);
            }
        }

        return a.Length.CompareTo(b.Length);
    }
}
