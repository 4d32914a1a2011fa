using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb.Expressions;

/// <summary>A parsed update: what it sets, removes, adds to and deletes from. Every right side is computed from the item as it was before.</summary>
internal sealed class UpdateExpression(
    IReadOnlyList<(DocumentPath Path, UpdateValue Value)> sets, IReadOnlyList<DocumentPath> removes,
    IReadOnlyList<(DocumentPath Path, Value Value)> adds, IReadOnlyList<(DocumentPath Path, SetValue Value)> deletes)
{
    /// <summary>An update without an expression only makes the item exist.</summary>
    internal static UpdateExpression None { get; } = new([], [], [], []);

    internal IEnumerable<DocumentPath> Touched =>
        [.. sets.Select(s => s.Path), .. removes, .. adds.Select(a => a.Path), .. deletes.Select(d => d.Path)];

    /// <returns>The item after the update; the one given stays as it is.</returns>
    internal MapValue Apply(MapValue before)
    {
        var after = before.Copy();
        var values = sets.Select(s => (s.Path, Value: s.Value.Of(before))).ToList();
        // Elements set past the end of a list are appended in the order of their indexes.
        foreach (var (path, value) in values.OrderBy(v => v.Path.Steps[^1].Index ?? -1))
        {
            path.Set(after, value);
        }

        foreach (var (path, value) in adds)
        {
            path.Set(after, Add(path.Get(before), value));
        }

        foreach (var (path, value) in deletes)
        {
            Delete(after, path, value);
        }

        // From the back, since indexes mean the list as it was.
        foreach (var path in removes.OrderByDescending(p => p.Steps[^1].Index ?? -1))
        {
            path.Remove(after);
        }

        return after;
    }

    private static Value Add(Value? current, Value value) => (current, value) switch
    {
        (null, _) => value.Copy(),
        (NumberValue a, NumberValue b) => new NumberValue(a.Number + b.Number),
        (SetValue a, SetValue b) when a.ElementType == b.ElementType => new SetValue(a.ElementType, a.Elements.Concat(b.Elements)),
        _ => throw WrongType(),
    };

    private static void Delete(MapValue after, DocumentPath path, SetValue value)
    {
        switch (path.Get(after))
        {
            case null:
                break;
            case SetValue current when current.ElementType == value.ElementType:
                var left = new SetValue(current.ElementType, current.Elements.Except(value.Elements, EqualElements.Instance));
                // DynamoDB has no empty sets: the attribute goes with its last element.
                if (left.Elements.Count == 0)
                {
                    path.Remove(after);
                }
                else
                {
                    path.Set(after, left);
                }

                break;
            default:
                throw WrongType();
        }
    }

    private static ServiceException WrongType() =>
        new("ValidationException", "An operand in the update expression has an incorrect data type");

    private sealed class EqualElements : IEqualityComparer<Value>
    {
        internal static EqualElements Instance { get; } = new();

        public bool Equals(Value? x, Value? y) => ValueOrder.Instance.Compare(x, y) == 0;

        public int GetHashCode(Value obj) => obj switch
        {
            StringValue v => v.Text.GetHashCode(StringComparison.Ordinal),
            NumberValue v => v.Number.GetHashCode(),
            BinaryValue v => v.Bytes.Length,
            _ => 0,
        };
    }
}
