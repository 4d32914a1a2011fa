namespace Dbre.Lab.Engines.Stub;

/// <summary>A database as the simulation needs it: tables and how many rows each has.</summary>
public sealed class StubDatabase
{
    private readonly SortedDictionary<string, long> tables = new(StringComparer.Ordinal);

    internal StubDatabase(DatabaseSpec spec, DatabaseEndpoint endpoint, IEnumerable<KeyValuePair<string, long>> rows)
    {
        (Spec, Endpoint, MasterPassword) = (spec, endpoint, spec.MasterPassword ?? "");
        foreach (var (table, count) in rows)
        {
            tables.Add(table, count);
        }
    }

    public DatabaseSpec Spec { get; }

    public DatabaseEndpoint Endpoint { get; }

    public bool Running { get; internal set; }

    public string MasterPassword { get; internal set; }

    /// <summary>The database that this one follows, while it is a replica.</summary>
    public StubDatabase? Source { get; internal set; }

    /// <summary>Rows by table, in order of the name. A replica shows its source's.</summary>
    public IReadOnlyDictionary<string, long> Tables => Source?.Tables ?? tables;

    /// <summary>Adds rows to a table (takes them away when negative), making it when there is none.</summary>
    /// <exception cref="EngineException">The database is stopped or a replica, or the table would have less than no rows.</exception>
    public void Write(string table, long rows)
    {
        if (!Running || Source is not null)
        {
            throw new EngineException($"Database '{Spec.Id}' takes no writes: it is {(Running ? "a replica" : "stopped")}.");
        }

        var count = tables.GetValueOrDefault(table) + rows;
        tables[table] = count >= 0 ? count : throw new EngineException($"Table '{table}' of '{Spec.Id}' has only {tables.GetValueOrDefault(table)} rows.");
    }

    internal void Become(IReadOnlyDictionary<string, long> rows)
    {
        var copy = rows.ToArray();
        tables.Clear();
        foreach (var (table, count) in copy)
        {
            tables.Add(table, count);
        }

        Source = null;
    }
}
