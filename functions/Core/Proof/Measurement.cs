namespace Dbre.Functions.Core.Proof;

/// <summary>What a database held when it was read: every table's row count and checksum, all from one snapshot of the data.</summary>
/// <param name="Canary">The newest row of <c>dbre.canary</c>: the last moment of which the data has a sign; null when there is no such table.</param>
/// <param name="Objects">What it is made of besides rows; null where the engine is not asked.</param>
/// <param name="Unread">What the login may not read of that, each with the right that it lacks.</param>
/// <param name="Warnings">What an engineer should look at, though it says nothing against the data; a sentence each.</param>
public sealed record Measurement(
    string Engine, string ServerVersion, DateTimeOffset MeasuredAt, IReadOnlyList<TableMeasurement> Tables, DateTimeOffset? Canary = null, IReadOnlyList<SchemaObject>? Objects = null,
    IReadOnlyList<string>? Unread = null, IReadOnlyList<string>? Warnings = null)
{
    public long Rows => Tables.Sum(t => t.Rows);

    /// <summary>A sentence, with a space before it, on tables of which only samples were read; nothing when there are none.</summary>
    public string OnSamples()
    {
        var sampled = Tables.Where(t => t.Sampled).Select(t => t.Table).ToList();
        return sampled.Count == 0 ? "" : $" Only samples were read of {string.Join(", ", sampled)}.";
    }
}

/// <summary>Something of a database that is not a row: a column, index, constraint, grant, role, sequence, …</summary>
/// <param name="Kind">In words.</param>
/// <param name="Name">With the database that it is in; a role is the server's.</param>
/// <param name="Definition">As the server tells it, or its hash when that is long. Of a counter, how far it has come.</param>
public sealed record SchemaObject(string Kind, string Name, string Definition)
{
    public const string SequenceValue = "sequence value", AutoIncrementValue = "AUTO_INCREMENT value";

    /// <summary>Not an object, but what the login may not read: its name says what, and which right would do.</summary>
    internal const string Unread = "unread";

    /// <summary>Not an object, but something to look at: its name is the sentence.</summary>
    internal const string Warning = "warning";

    /// <summary>The newest entry of a table in which a tool for schema changes writes down what it did.</summary>
    internal const string Migration = "newest schema change";

    /// <summary>It counts up: a database that is ahead gives no value twice, one that is behind does.</summary>
    internal bool IsCounter => Kind is SequenceValue or AutoIncrementValue;
}

/// <param name="Table"><c>database.schema.table</c>.</param>
/// <param name="Rows">Rows that were read: all, or those of the sample.</param>
/// <param name="Checksum">Of these rows, independent of their order; two tables with the same rows have the same.</param>
/// <param name="Sampled">The table is too large to be read in full.</param>
public sealed record TableMeasurement(string Table, long Rows, string Checksum, bool Sampled = false);
