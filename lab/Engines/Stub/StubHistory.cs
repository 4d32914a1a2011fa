namespace Dbre.Lab.Engines.Stub;

/// <summary>What was written to a database and when: its log. What it holds at a moment follows from it.</summary>
internal sealed class StubHistory
{
    private readonly SortedDictionary<string, List<Change>> tables = new(StringComparer.Ordinal);

    /// <summary>What each table held at a time; a table that was not there is missing.</summary>
    internal IReadOnlyDictionary<string, StubContent> At(DateTimeOffset time)
    {
        var found = new Dictionary<string, StubContent>(StringComparer.Ordinal);
        foreach (var (table, changes) in tables)
        {
            if (changes.FindLast(c => c.Since <= time) is { Held: { } } last)
            {
                found.Add(table, last.At(time));
            }
        }

        return found;
    }

    internal double GrowthOf(string table) => tables.GetValueOrDefault(table)?[^1].RowsPerHour ?? 0;

    /// <param name="held">Null drops the table.</param>
    internal void Set(string table, StubContent? held, DateTimeOffset now, double rowsPerHour)
    {
        if (!tables.TryGetValue(table, out var changes))
        {
            tables.Add(table, changes = []);
        }

        changes.Add(new Change(held, now, rowsPerHour));
    }

    private sealed record Change(StubContent? Held, DateTimeOffset Since, double RowsPerHour)
    {
        internal StubContent At(DateTimeOffset time) =>
            RowsPerHour == 0 ? Held!.Value : Held!.Value with { Rows = Held.Value.Rows + (long)(RowsPerHour * (time - Since).TotalHours) };
    }
}
