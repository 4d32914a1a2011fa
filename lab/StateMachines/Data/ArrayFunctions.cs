using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

internal static class ArrayFunctions
{
    private const int LongestRange = 1000;

    internal static JsonArray Partition(Arguments a)
    {
        var size = a.Integer(1);
        return size > 0
            ? new JsonArray([.. a.List(0).Chunk((int)size).Select(Copy)])
            : throw new FormatException($"Argument 2 must be 1 or more, not {size}.");
    }

    internal static JsonNode? GetItem(Arguments a)
    {
        var (list, index) = (a.List(0), a.Integer(1));
        return index >= 0 && index < list.Count
            ? list[(int)index]?.DeepClone()
            : throw new FormatException($"Argument 2 must be an index of the array, which has {list.Count} items, not {index}.");
    }

    /// <summary>Both ends belong to the range; at most 1,000 numbers, as AWS documents.</summary>
    internal static JsonArray Range(Arguments a)
    {
        var (first, last, step) = (a.Integer(0), a.Integer(1), a.Integer(2));
        if (step == 0)
        {
            throw new FormatException("Argument 3 must not be 0.");
        }

        var count = (last - first) * Math.Sign(step) < 0 ? 0 : ((last - first) / step) + 1;
        return count <= LongestRange
            ? new JsonArray([.. Enumerable.Range(0, (int)count).Select(i => JsonValue.Create(first + (i * step)))])
            : throw new FormatException($"The range has {count} numbers; at most {LongestRange} are allowed.");
    }

    /// <summary>In the order of first appearance.</summary>
    internal static JsonArray Unique(Arguments a)
    {
        var unique = new List<JsonNode?>();
        foreach (var item in a.List(0))
        {
            if (!unique.Exists(known => JsonNode.DeepEquals(known, item)))
            {
                unique.Add(item);
            }
        }

        return Copy(unique);
    }

    private static JsonArray Copy(IEnumerable<JsonNode?> items) => new([.. items.Select(i => i?.DeepClone())]);
}
