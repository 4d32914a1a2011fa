namespace Dbre.Functions.Core.Proof;

/// <summary>What a database held when it was read: every table's row count and checksum, all from one snapshot of the data.</summary>
/// <param name="Canary">The newest row of <c>dbre.canary</c>: the last moment of which the data has a sign; null when there is no such table.</param>
public sealed record Measurement(string Engine, string ServerVersion, DateTimeOffset MeasuredAt, IReadOnlyList<TableMeasurement> Tables, DateTimeOffset? Canary = null)
{
    public long Rows => Tables.Sum(t => t.Rows);
}

/// <param name="Table"><c>database.schema.table</c>.</param>
/// <param name="Checksum">Independent of the order of rows; two tables with the same rows have the same.</param>
public sealed record TableMeasurement(string Table, long Rows, string Checksum);
