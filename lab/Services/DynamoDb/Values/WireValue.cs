using System.Text;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Lab.Services.DynamoDb.Values;

/// <summary>Between the client's AttributeValue and our <see cref="Value"/>; reading applies DynamoDB's rules about values.</summary>
internal static class WireValue
{
    private const int MaximumNesting = 32;

    internal static MapValue ReadItem(IReadOnlyDictionary<string, AttributeValue> item) => ReadMap(item, 0);

    internal static Value Read(AttributeValue value, int depth = 0)
    {
        if (depth > MaximumNesting)
        {
            throw Invalid("Nesting Levels have exceeded supported limits: Attributes can be nested up to 32 levels");
        }

        var found = new List<Value>(1);
        if (value.S is { } s) { found.Add(new StringValue(s)); }
        if (value.N is { } n) { found.Add(new NumberValue(Number.Parse(n))); }
        if (value.B is { } b) { found.Add(new BinaryValue(b.ToArray())); }
        if (value.BOOL is { } flag) { found.Add(new BoolValue(flag)); }
        if (value.NULL is { } isNull) { found.Add(isNull ? NullValue.Instance : throw Invalid("One or more parameter values were invalid: Null attribute value types must have the value of true")); }
        if (value.L is { } list) { found.Add(new ListValue([.. list.Select(e => Read(e, depth + 1))])); }
        if (value.M is { } map) { found.Add(ReadMap(map, depth + 1)); }
        if (value.SS is { } ss) { found.Add(ReadSet("S", ss.Select(x => (Value)new StringValue(x)), ss.Count)); }
        if (value.NS is { } ns) { found.Add(ReadSet("N", ns.Select(x => (Value)new NumberValue(Number.Parse(x))), ns.Count)); }
        if (value.BS is { } bs) { found.Add(ReadSet("B", bs.Select(x => (Value)new BinaryValue(x.ToArray())), bs.Count)); }
        return found.Count switch
        {
            1 => found[0],
            0 => throw Invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
            _ => throw Invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes"),
        };
    }

    internal static Dictionary<string, AttributeValue> WriteItem(MapValue item) =>
        item.Entries.ToDictionary(e => e.Key, e => Write(e.Value), StringComparer.Ordinal);

    internal static AttributeValue Write(Value value) => value switch
    {
        StringValue v => new AttributeValue { S = v.Text },
        NumberValue v => new AttributeValue { N = v.Number.ToString() },
        BinaryValue v => new AttributeValue { B = new MemoryStream(v.Bytes) },
        BoolValue v => new AttributeValue { BOOL = v.Flag },
        ListValue v => new AttributeValue { L = [.. v.Elements.Select(Write)] },
        MapValue v => new AttributeValue { M = WriteItem(v) },
        SetValue { ElementType: "S" } v => new AttributeValue { SS = [.. v.Elements.Cast<StringValue>().Select(e => e.Text)] },
        SetValue { ElementType: "N" } v => new AttributeValue { NS = [.. v.Elements.Cast<NumberValue>().Select(e => e.Number.ToString())] },
        SetValue v => new AttributeValue { BS = [.. v.Elements.Cast<BinaryValue>().Select(e => new MemoryStream(e.Bytes))] },
        _ => new AttributeValue { NULL = true },
    };

    /// <summary>The size AWS counts for an item: names and values in UTF-8, three bytes and one per element for lists and maps.</summary>
    internal static int Size(MapValue item) => item.Entries.Sum(e => Encoding.UTF8.GetByteCount(e.Key) + Size(e.Value));

    /// <summary>The same for equal keys, in every process.</summary>
    internal static int HashOf(Value key)
    {
        var hash = 17;
        foreach (var part in key is BinaryValue b ? b.Bytes : Encoding.UTF8.GetBytes(key is StringValue s ? s.Text : ((NumberValue)key).Number.ToString()))
        {
            hash = unchecked((hash * 31) + part);
        }

        return hash & int.MaxValue;
    }

    private static int Size(Value value) => value switch
    {
        StringValue v => Encoding.UTF8.GetByteCount(v.Text),
        NumberValue v => v.Number.Size,
        BinaryValue v => v.Bytes.Length,
        ListValue v => 3 + v.Elements.Sum(e => 1 + Size(e)),
        MapValue v => 3 + v.Entries.Count + Size(v),
        SetValue v => v.Elements.Sum(Size),
        _ => 1,
    };

    private static MapValue ReadMap(IReadOnlyDictionary<string, AttributeValue> map, int depth)
    {
        var entries = new Dictionary<string, Value>(map.Count, StringComparer.Ordinal);
        foreach (var (name, value) in map)
        {
            entries.Add(name, Read(value, depth));
        }

        return new MapValue(entries);
    }

    private static SetValue ReadSet(string type, IEnumerable<Value> elements, int count)
    {
        var set = new SetValue(type, elements);
        return set.Elements.Count == 0 ? throw Invalid("One or more parameter values were invalid: An string set  may not be empty".Replace("string", type switch { "S" => "string", "N" => "number", _ => "binary" }, StringComparison.Ordinal))
            : set.Elements.Count < count ? throw Invalid("One or more parameter values were invalid: Input collection contains duplicates.")
            : set;
    }

    private static ServiceException Invalid(string message) => new("ValidationException", message);
}
