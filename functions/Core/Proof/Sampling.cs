namespace Dbre.Functions.Core.Proof;

/// <summary>Some rows of a table in the order of its key: the first of them from a key on, or the last ones.</summary>
/// <param name="From">Null is the last ones.</param>
internal sealed record RowBatch(string Key, Int128? From, int Rows);

/// <summary>
/// Which rows are read of a table that is too large for one invocation: batches from keys at even distances on, and the newest rows, which are the
/// first to be lost. What is read follows from the table's rows alone, so a source and its copy are read alike.
/// </summary>
/// <param name="MostRows">A table that its server takes to have more is sampled. So many of 150 bytes take some minutes to read.</param>
/// <param name="Batches">Each is a statement of its own.</param>
/// <param name="RowsOfABatch">At most; where keys are dense, batches do not meet.</param>
public sealed record Sampling(long MostRows, int Batches, int RowsOfABatch)
{
    public static Sampling InForce { get; } = new(300_000_000, 64, 500_000);

    internal IEnumerable<RowBatch> Of(string key, Int128 first, Int128 last) =>
        Enumerable.Range(0, Batches - 1).Select(batch => new RowBatch(key, first + ((last - first) * batch / (Batches - 1)), RowsOfABatch)).Append(new RowBatch(key, null, RowsOfABatch));
}
