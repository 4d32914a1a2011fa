namespace Dbre.Lab.Engines.Stub;

/// <summary>A database as the simulation needs it: tables, how many rows each has, and how fast they grow.</summary>
public sealed class StubDatabase
{
    private readonly TimeProvider clock;
    private readonly SortedDictionary<string, Counter> tables = new(StringComparer.Ordinal);

    internal StubDatabase(DatabaseSpec spec, DatabaseEndpoint endpoint, IEnumerable<KeyValuePair<string, StubContent>> content, TimeProvider clock)
    {
        (Spec, Endpoint, MasterPassword, this.clock) = (spec, endpoint, spec.MasterPassword ?? "", clock);
        Become(content);
    }

    public DatabaseSpec Spec { get; }

    public DatabaseEndpoint Endpoint { get; }

    public bool Running { get; internal set; }

    public string MasterPassword { get; internal set; }

    /// <summary>The database that this one follows, while it is a replica.</summary>
    public StubDatabase? Source { get; internal set; }

    /// <summary>Rows by table, in order of the name. A replica shows its source's.</summary>
    public IReadOnlyDictionary<string, long> Tables => Content.ToDictionary(t => t.Key, t => t.Value.Rows, StringComparer.Ordinal);

    /// <summary>What each table holds now.</summary>
    public IReadOnlyDictionary<string, StubContent> Content
    {
        get
        {
            if (Source is not null)
            {
                return Source.Content;
            }

            var now = clock.GetUtcNow();
            return tables.ToDictionary(t => t.Key, t => t.Value.At(now), StringComparer.Ordinal);
        }
    }

    /// <summary>Adds rows to a table (takes them away when negative), making it when there is none.</summary>
    /// <exception cref="EngineException">The database is stopped or a replica, or the table would have less than no rows.</exception>
    public void Write(string table, long rows)
    {
        RequireWritable();
        var (now, counter) = (clock.GetUtcNow(), tables.GetValueOrDefault(table));
        var held = counter.At(now);
        tables[table] = held.Rows + rows >= 0
            ? new Counter(held with { Rows = held.Rows + rows }, now, counter.RowsPerHour)
            : throw new EngineException($"Table '{table}' of '{Spec.Id}' has only {held.Rows} rows.");
    }

    /// <summary>Lets a table grow from now on, evenly; 0 ends it.</summary>
    /// <exception cref="EngineException">The database is stopped or a replica.</exception>
    public void Grow(string table, double rowsPerHour)
    {
        RequireWritable();
        var now = clock.GetUtcNow();
        tables[table] = new Counter(tables.GetValueOrDefault(table).At(now), now, rowsPerHour);
    }

    internal void Become(IEnumerable<KeyValuePair<string, StubContent>> content)
    {
        var (copy, now) = (content.ToArray(), clock.GetUtcNow());
        tables.Clear();
        foreach (var (table, held) in copy)
        {
            tables.Add(table, new Counter(held, now, 0));
        }

        Source = null;
    }

    private void RequireWritable()
    {
        if (!Running || Source is not null)
        {
            throw new EngineException($"Database '{Spec.Id}' takes no writes: it is {(Running ? "a replica" : "stopped")}.");
        }
    }

    private readonly record struct Counter(StubContent Held, DateTimeOffset Since, double RowsPerHour)
    {
        internal StubContent At(DateTimeOffset now) => RowsPerHour == 0 ? Held : Held with { Rows = Held.Rows + (long)(RowsPerHour * (now - Since).TotalHours) };
    }
}
