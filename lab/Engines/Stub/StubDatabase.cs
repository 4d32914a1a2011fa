namespace Dbre.Lab.Engines.Stub;

/// <summary>A database as the simulation needs it: tables, how many rows each has, and how fast they grow.</summary>
public sealed class StubDatabase
{
    private readonly TimeProvider clock;

    internal StubDatabase(DatabaseSpec spec, DatabaseEndpoint endpoint, IEnumerable<KeyValuePair<string, StubContent>> content, TimeProvider clock)
    {
        (Spec, Endpoint, MasterPassword, this.clock) = (spec, endpoint, spec.MasterPassword ?? "", clock);
        Become(content);
    }

    public DatabaseSpec Spec { get; }

    public DatabaseEndpoint Endpoint { get; internal set; }

    public bool Running { get; internal set; }

    public string MasterPassword { get; internal set; }

    /// <summary>The database that this one follows, while it is a replica.</summary>
    public StubDatabase? Source { get; internal set; }

    /// <summary>Rows by table, in order of the name. A replica shows its source's.</summary>
    public IReadOnlyDictionary<string, long> Tables => Content.ToDictionary(t => t.Key, t => t.Value.Rows, StringComparer.Ordinal);

    /// <summary>What each table holds now.</summary>
    public IReadOnlyDictionary<string, StubContent> Content => Source is not null ? Source.Content : History.At(clock.GetUtcNow());

    /// <summary>All that was written since it came into being.</summary>
    internal StubHistory History { get; private set; } = new();

    /// <summary>What each table held at a time since the database came into being; a dropped table is missing.</summary>
    public IReadOnlyDictionary<string, StubContent> ContentAt(DateTimeOffset time) => Source is not null ? Source.ContentAt(time) : History.At(time);

    /// <summary>Adds rows to a table (takes them away when negative), making it when there is none.</summary>
    /// <exception cref="EngineException">The database is stopped or a replica, or the table would have less than no rows.</exception>
    public void Write(string table, long rows)
    {
        RequireWritable();
        var held = Held(table);
        History.Set(
            table,
            held.Rows + rows >= 0 ? held with { Rows = held.Rows + rows } : throw new EngineException($"Table '{table}' of '{Spec.Id}' has only {held.Rows} rows."),
            clock.GetUtcNow(), History.GrowthOf(table));
    }

    /// <summary>Lets a table grow from now on, evenly; 0 ends it.</summary>
    /// <exception cref="EngineException">The database is stopped or a replica.</exception>
    public void Grow(string table, double rowsPerHour)
    {
        RequireWritable();
        History.Set(table, Held(table), clock.GetUtcNow(), rowsPerHour);
    }

    /// <summary>Spoils a value of a table: its rows stay as many.</summary>
    /// <exception cref="EngineException">The database is stopped or a replica.</exception>
    public void Spoil(string table)
    {
        RequireWritable();
        var held = Held(table);
        History.Set(table, held with { Flaws = held.Flaws + 1 }, clock.GetUtcNow(), History.GrowthOf(table));
    }

    /// <summary>Drops a table; it stops growing.</summary>
    /// <exception cref="EngineException">The database is stopped or a replica, or has no such table.</exception>
    public void Drop(string table)
    {
        RequireWritable();
        if (!Content.ContainsKey(table))
        {
            throw new EngineException($"'{Spec.Id}' has no table '{table}'.");
        }

        History.Set(table, null, clock.GetUtcNow(), 0);
    }

    /// <summary>Becomes a database of its own with this content, in which nobody writes yet.</summary>
    internal void Become(IEnumerable<KeyValuePair<string, StubContent>> content)
    {
        var (copy, now) = (content.ToArray(), clock.GetUtcNow());
        History = new StubHistory();
        foreach (var (table, held) in copy)
        {
            History.Set(table, held, now, 0);
        }

        Source = null;
    }

    /// <summary>Goes on where the writer stopped: what was written to that was written to this, and those who write go on.</summary>
    internal void TakeOver(StubDatabase writer) => (History, Source) = (writer.History, null);

    private StubContent Held(string table) => Content.GetValueOrDefault(table);

    private void RequireWritable()
    {
        if (!Running || Source is not null)
        {
            throw new EngineException($"Database '{Spec.Id}' takes no writes: it is {(Running ? "a replica" : "stopped")}.");
        }
    }
}
