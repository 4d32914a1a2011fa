using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>What a table held at any moment of its recovery window: what it held when the window began, and each write since.</summary>
/// <param name="since">When point-in-time recovery was turned on.</param>
/// <param name="items">What the table held then.</param>
internal sealed class TableHistory(DateTimeOffset since, IEnumerable<(ItemKey Key, MapValue Item)> items)
{
    private readonly Queue<Write> writes = new();
    private readonly ItemTree begin = Tree(items);

    /// <summary>From 1 to 35 (Amazon DynamoDB API Reference, PointInTimeRecoverySpecification).</summary>
    internal int Days { get; set; } = 35;

    internal DateTimeOffset Earliest(DateTimeOffset now) => since > now.AddDays(-Days) ? since : now.AddDays(-Days);

    internal void Note(DateTimeOffset at, ItemKey key, MapValue? after)
    {
        writes.Enqueue(new Write(at, key, after));
        while (writes.Peek().At < Earliest(at))
        {
            writes.Dequeue().ApplyTo(begin);
        }
    }

    internal IEnumerable<(ItemKey Key, MapValue Item)> AsOf(DateTimeOffset time)
    {
        var then = Tree(begin.Entries);
        foreach (var write in writes.TakeWhile(w => w.At <= time))
        {
            write.ApplyTo(then);
        }

        return then.Entries;
    }

    private static ItemTree Tree(IEnumerable<(ItemKey Key, MapValue Item)> items)
    {
        var tree = new ItemTree();
        foreach (var (key, item) in items)
        {
            tree.Put(key, item);
        }

        return tree;
    }

    /// <param name="After">Null when it was deleted.</param>
    private sealed record Write(DateTimeOffset At, ItemKey Key, MapValue? After)
    {
        internal void ApplyTo(ItemTree tree)
        {
            if (After is null)
            {
                tree.Remove(Key);
            }
            else
            {
                tree.Put(Key, After);
            }
        }
    }
}
