using Dbre.Functions.Core;
using Dbre.Functions.Core.Proof;

namespace Dbre.Functions.Restore;

/// <summary>What reading a restored database showed.</summary>
/// <param name="Proven">It could be read, and is what a witness wrote down where one did.</param>
/// <param name="RowsExpected">Null when nothing was written down.</param>
/// <param name="ChecksumsEqual">Likewise.</param>
/// <param name="TablesCompared">With what was written down.</param>
/// <param name="RpoSeconds">From the last sign of life in the restored database to the time asked for; null when there is none in it, or it is of a later time.</param>
public sealed record RestoreProof(
    bool Proven, string Reason, long? RowsExpected, long RowsFound, bool? ChecksumsEqual, int TablesFound, int TablesCompared, double? RpoSeconds, IReadOnlyList<string> Differences)
{
    // What RDS restores to is a whole second, and all of it may be there.
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>The tables of which samples are enough: none where a witness counted every row; null where their size decides.</summary>
    public static IReadOnlyList<string>? Samples(IReadOnlyList<ExpectedTable> expected) => expected.Count > 0 ? [] : null;

    /// <summary>Compares what was found with what was written down, if anything was.</summary>
    /// <param name="expected">What a witness wrote down: these tables are compared, others only read.</param>
    /// <param name="found">The restored database.</param>
    /// <param name="restoredTo">The time asked for; null when it is not known to the second.</param>
    public static RestoreProof Of(IReadOnlyList<ExpectedTable> expected, Measurement found, DateTimeOffset? restoredTo)
    {
        var tables = found.Tables.ToDictionary(t => t.Table, StringComparer.Ordinal);
        var differences = expected.Select(e => Difference(e, tables.GetValueOrDefault(e.Table))).OfType<string>().ToList();
        var compared = expected.Where(e => tables.ContainsKey(e.Table)).ToList();
        // A sign from after the second asked for was written by another clock, or in another time zone: it measures nothing.
        double? rpo = restoredTo - found.Canary is { } gap && gap > -OneSecond ? Math.Max(gap.TotalSeconds, 0) : null;
        var later = restoredTo is { } to && rpo is null && found.Canary is { } sign ? $" Its last sign of life says {Instant.Write(sign)}, which is after the {Instant.Write(to)} asked for, so what was lost is not measured." : "";
        var reason = (expected.Count, differences.Count) switch
        {
            (_, > 0) => $"The restored database differs from what was written down: {differences[0]}" + (differences.Count > 1 ? $" And {differences.Count - 1} more." : ""),
            (0, _) => $"{Read(found)}; nothing was given to compare them with.{found.OnSamples()}{later}",
            _ => $"{Plural.Of(expected.Count, "table", "tables")} with {Rows(expected.Sum(e => e.Rows))} {Plural.Word(expected.Count, "is as it was", "are as they were")} written down.{later}",
        };
        return new RestoreProof(
            differences.Count == 0, reason, expected.Count == 0 ? null : expected.Sum(e => e.Rows),
            expected.Count == 0 ? found.Rows : compared.Sum(e => tables[e.Table].Rows),
            expected.Any(e => e.Checksum is not null) ? expected.All(e => e.Checksum is null || tables.GetValueOrDefault(e.Table)?.Checksum == e.Checksum) : null,
            found.Tables.Count, compared.Count, rpo, [.. differences.Take(Comparison.MostDifferences)]);
    }

    /// <summary>After the swap clients write to it again: then it is the right database, whole, and has every table that was written down.</summary>
    public static RestoreProof OfLive(IReadOnlyList<ExpectedTable> expected, Measurement found)
    {
        var missing = expected.Where(e => found.Tables.All(t => t.Table != e.Table)).Select(e => $"{e.Table} is missing under the name that clients use.").ToList();
        return new RestoreProof(
            missing.Count == 0, missing.Count == 0 ? $"{Read(found)} under the name that clients use.{found.OnSamples()}" : missing[0],
            null, found.Rows, null, found.Tables.Count, expected.Count - missing.Count, null, [.. missing.Take(Comparison.MostDifferences)]);
    }

    private static string Read(Measurement found) => $"{Plural.Of(found.Tables.Count, "table", "tables")} with {Rows(found.Rows)} {Plural.Word(found.Tables.Count, "was", "were")} read{(found.Tables.Any(t => t.Sampled) ? "" : " in full")}";

    private static string Rows(long rows) => Plural.Of(rows, "row", "rows");

    private static string? Difference(ExpectedTable expected, TableMeasurement? found) => found switch
    {
        null => $"{expected.Table} is missing; {Rows(expected.Rows)} {Plural.Word(expected.Rows, "was", "were")} expected.",
        _ when found.Rows != expected.Rows => $"{expected.Table} has {Rows(found.Rows)}; {Plural.Of(expected.Rows, "was", "were")} expected.",
        _ when expected.Checksum is { } checksum && checksum != found.Checksum => $"{expected.Table} has its {Rows(expected.Rows)}, but {Plural.Word(expected.Rows, "its", "their")} checksum differs.",
        _ => null,
    };
}
