using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>
/// Items in the order of partition key, then sort key: a lookup, a range or the place to go on from costs one descent of the tree.
/// An index orders its items by its own key first and by the table's key where that is the same.
/// </summary>
internal sealed class ItemTree
{
    private readonly SortedSet<Entry> entries = new(EntryOrder.Instance);

    internal int Count => entries.Count;

    internal MapValue? Find(ItemKey key) => entries.TryGetValue(new Entry(key, null, null, Edge.None), out var found) ? found.Item : null;

    internal void Put(ItemKey key, MapValue item, ItemKey? tableKey = null)
    {
        var entry = new Entry(key, tableKey, item, Edge.None);
        entries.Remove(entry);
        entries.Add(entry);
    }

    internal void Remove(ItemKey key, ItemKey? tableKey = null) => entries.Remove(new Entry(key, tableKey, null, Edge.None));

    /// <summary>The items of a partition in a range of sort keys.</summary>
    /// <param name="after">Begin behind this key (before it when descending).</param>
    internal IEnumerable<MapValue> Range(Value partition, Value? low, Value? high, bool prefix, bool ascending, (ItemKey Key, ItemKey? TableKey)? after)
    {
        var from = low is null ? new Entry(new ItemKey(partition, null), null, null, Edge.Before) : new Entry(new ItemKey(partition, low), null, null, Edge.Before);
        var to = prefix ? new Entry(new ItemKey(partition, low), null, null, Edge.AfterPrefix)
            : high is null ? new Entry(new ItemKey(partition, null), null, null, Edge.After)
            : new Entry(new ItemKey(partition, high), null, null, Edge.After);
        return Between(from, to, ascending, after);
    }

    /// <summary>What it holds now, in order; later writes do not show.</summary>
    internal IReadOnlyList<(ItemKey Key, MapValue Item)> Entries => [.. entries.Select(e => (e.Key, e.Item!))];

    internal IEnumerable<MapValue> All((ItemKey Key, ItemKey? TableKey)? after) =>
        entries.Count == 0 ? [] : Between(entries.Min!, entries.Max!, true, after);

    private IEnumerable<MapValue> Between(Entry from, Entry to, bool ascending, (ItemKey Key, ItemKey? TableKey)? after)
    {
        if (after is { } start)
        {
            // An entry stands for its exact place; the one at the place itself was in the page before.
            var place = new Entry(start.Key, start.TableKey, null, Edge.None);
            (from, to) = ascending ? (Later(from, place), to) : (from, Earlier(to, place));
        }

        if (entries.Comparer.Compare(from, to) > 0)
        {
            yield break;
        }

        var view = entries.GetViewBetween(from, to);
        foreach (var entry in ascending ? view : view.Reverse())
        {
            if (after is { } seen && EntryOrder.Instance.Compare(entry, new Entry(seen.Key, seen.TableKey, null, Edge.None)) == 0)
            {
                continue;
            }

            yield return entry.Item!;
        }
    }

    private static Entry Later(Entry a, Entry b) => EntryOrder.Instance.Compare(a, b) >= 0 ? a : b;

    private static Entry Earlier(Entry a, Entry b) => EntryOrder.Instance.Compare(a, b) <= 0 ? a : b;

    /// <summary>Where a probe stands: at a key, or before or after all that share its key (or begin with it).</summary>
    private enum Edge
    {
        None,
        Before,
        After,
        AfterPrefix,
    }

    private sealed record Entry(ItemKey Key, ItemKey? TableKey, MapValue? Item, Edge Edge);

    private sealed class EntryOrder : IComparer<Entry>
    {
        internal static EntryOrder Instance { get; } = new();

        public int Compare(Entry? x, Entry? y)
        {
            var partition = ValueOrder.Instance.Compare(x!.Key.Partition, y!.Key.Partition);
            if (partition != 0)
            {
                return partition;
            }

            if (x.Edge == Edge.None && y.Edge == Edge.None)
            {
                var sort = CompareSort(x.Key.Sort, y.Key.Sort);
                return sort != 0 || x.TableKey is null || y.TableKey is null ? sort : CompareKeys(x.TableKey, y.TableKey);
            }

            return (x.Edge, y.Edge) switch
            {
                (Edge.None, _) => AgainstEdge(x, y),
                (_, Edge.None) => -AgainstEdge(y, x),
                _ => OfEdges(x, y),
            };
        }

        private static int OfEdges(Entry a, Entry b)
        {
            var sort = a.Key.Sort is null || b.Key.Sort is null ? 0 : CompareSort(a.Key.Sort, b.Key.Sort);
            return sort != 0 ? sort : (a.Edge != Edge.Before).CompareTo(b.Edge != Edge.Before);
        }

        // A probe without a sort key stands at the end of the partition that its edge says.
        private static int AgainstEdge(Entry entry, Entry probe)
        {
            if (probe.Key.Sort is null)
            {
                return probe.Edge == Edge.Before ? 1 : -1;
            }

            if (probe.Edge == Edge.AfterPrefix && BeginsWith(entry.Key.Sort, probe.Key.Sort))
            {
                return -1;
            }

            var sort = CompareSort(entry.Key.Sort, probe.Key.Sort);
            return sort != 0 ? sort : probe.Edge == Edge.Before ? 1 : -1;
        }

        private static int CompareKeys(ItemKey a, ItemKey b) =>
            ValueOrder.Instance.Compare(a.Partition, b.Partition) is not 0 and var partition ? partition : CompareSort(a.Sort, b.Sort);

        private static int CompareSort(Value? a, Value? b) => (a, b) switch
        {
            (null, null) => 0,
            (null, _) => -1,
            (_, null) => 1,
            _ => ValueOrder.Instance.Compare(a, b),
        };

        private static bool BeginsWith(Value? value, Value prefix) => (value, prefix) switch
        {
            (StringValue v, StringValue p) => v.Text.StartsWith(p.Text, StringComparison.Ordinal),
            (BinaryValue v, BinaryValue p) => v.Bytes.AsSpan().StartsWith(p.Bytes),
            _ => false,
        };
    }
}
