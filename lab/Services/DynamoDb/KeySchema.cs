using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>One attribute of a key and its type: S, N or B.</summary>
internal sealed record KeyAttribute(string Name, string Type)
{
    internal void Require(Value value, string otherwise)
    {
        if (value.Type != Type)
        {
            throw new ServiceException("ValidationException", otherwise);
        }
    }
}

/// <summary>The key of a table or an index.</summary>
/// <param name="Sort">Null when the partition key alone is the key.</param>
internal sealed record KeySchema(KeyAttribute Partition, KeyAttribute? Sort)
{
    internal IEnumerable<KeyAttribute> Attributes => Sort is null ? [Partition] : [Partition, Sort];

    internal bool Has(string attribute) => Partition.Name == attribute || Sort?.Name == attribute;

    /// <summary>The key of an item to be stored.</summary>
    /// <exception cref="ServiceException">ValidationException: a key attribute is missing, empty or of another type.</exception>
    internal ItemKey OfItem(MapValue item)
    {
        foreach (var attribute in Attributes)
        {
            var value = item.Entries.GetValueOrDefault(attribute.Name)
                ?? throw Invalid($"One or more parameter values were invalid: Missing the key {attribute.Name} in the item");
            attribute.Require(value, $"One or more parameter values were invalid: Type mismatch for key {attribute.Name} expected: {attribute.Type} actual: {value.Type}");
            RequireContent(attribute, value);
        }

        return Key(item);
    }

    /// <summary>A key given by itself: exactly the key's attributes.</summary>
    internal ItemKey OfKey(MapValue key)
    {
        if (key.Entries.Count != (Sort is null ? 1 : 2))
        {
            throw Invalid("The provided key element does not match the schema");
        }

        foreach (var attribute in Attributes)
        {
            var value = key.Entries.GetValueOrDefault(attribute.Name) ?? throw Invalid("The provided key element does not match the schema");
            attribute.Require(value, "The provided key element does not match the schema");
            RequireContent(attribute, value);
        }

        return Key(key);
    }

    /// <summary>An item's key in an index, or null when the item has not all its attributes: then it is not in the index.</summary>
    internal ItemKey? InIndex(MapValue item) => Attributes.All(a => item.Entries.GetValueOrDefault(a.Name)?.Type == a.Type) ? Key(item) : null;

    private ItemKey Key(MapValue item) => new(item.Entries[Partition.Name], Sort is null ? null : item.Entries[Sort.Name]);

    private static void RequireContent(KeyAttribute attribute, Value value)
    {
        if (value is StringValue { Text.Length: 0 } or BinaryValue { Bytes.Length: 0 })
        {
            throw Invalid($"One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty {(value is StringValue ? "string" : "binary")} value. Key: {attribute.Name}");
        }
    }

    private static ServiceException Invalid(string message) => new("ValidationException", message);
}

/// <summary>The values of a key.</summary>
internal sealed record ItemKey(Value Partition, Value? Sort);
