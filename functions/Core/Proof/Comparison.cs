using System.Globalization;

using Dbre.Functions.Core.Steps;

namespace Dbre.Functions.Core.Proof;

/// <summary>What comparing a restored copy with its source showed.</summary>
/// <param name="Proven">Every table that could be compared is equal, and at least one could (or there is none at all); and all else that the database is made of is the same.</param>
/// <param name="RowsExpected">Rows of the compared tables at the source.</param>
/// <param name="RowsFound">Rows of the same tables in the restored copy.</param>
/// <param name="TablesMoving">Tables that were written to while the snapshot was taken: they were read in full, but there is no exact value to compare them with.</param>
/// <param name="Differences">One sentence a table, at most <see cref="Comparison.MostDifferences"/>.</param>
/// <param name="Warnings">What an engineer should look at in the source; it says nothing against the copy.</param>
public sealed record ProofResult(
    bool Proven, string Reason, long RowsExpected, long RowsFound, bool ChecksumsEqual, int TablesCompared, int TablesMoving, IReadOnlyList<string> Differences,
    IReadOnlyList<string>? Warnings = null);

/// <summary>
/// Compares a restored copy with its source. The source is measured before the snapshot is asked for and again after it is there: a table that
/// measures the same both times had that value in the snapshot too, so the copy must have it exactly. A table that changed in between is moving.
/// </summary>
public static class Comparison
{
    public const int MostDifferences = 20;

    public static ProofResult Compare(Measurement before, Measurement after, Measurement restored)
    {
        // A canary moves every minute: a database with nothing else that could be compared is no worse for it.
        before = WithoutCanary(before);
        after = WithoutCanary(after);
        restored = WithoutCanary(restored);
        var first = before.Tables.ToDictionary(t => t.Table, StringComparer.Ordinal);
        var found = restored.Tables.ToDictionary(t => t.Table, StringComparer.Ordinal);
        var still = after.Tables.Where(t => first.TryGetValue(t.Table, out var earlier) && earlier == t).ToList();
        var known = first.Keys.Union(after.Tables.Select(t => t.Table), StringComparer.Ordinal).ToHashSet(StringComparer.Ordinal);
        var differences = new List<string>();
        long expectedRows = 0, foundRows = 0;
        var checksumsEqual = true;
        foreach (var expected in still)
        {
            expectedRows += expected.Rows;
            if (!found.TryGetValue(expected.Table, out var actual))
            {
                checksumsEqual = false;
                differences.Add($"{expected.Table} is missing; {Rows(expected.Rows)} {Plural.Word(expected.Rows, "was", "were")} expected.");
                continue;
            }

            foundRows += actual.Rows;
            if (actual.Checksum != expected.Checksum || actual.Rows != expected.Rows)
            {
                checksumsEqual = false;
                differences.Add(actual.Rows == expected.Rows
                    ? $"{expected.Table} has its {Rows(expected.Rows)}, but {Plural.Word(expected.Rows, "its", "their")} checksum differs."
                    : $"{expected.Table} has {Rows(actual.Rows)}; {Plural.Of(expected.Rows, "was", "were")} expected.");
            }
        }

        differences.AddRange(restored.Tables.Where(t => !known.Contains(t.Table)).Select(t => $"{t.Table} is in the copy, but never was at the source."));
        differences.AddRange(OfObjects(before.Objects, after.Objects, restored.Objects));
        var moving = known.Count - still.Count;
        var (proven, reason) = (differences.Count, still.Count, known.Count) switch
        {
            (> 0, _, _) => (false, $"The copy differs from its source: {differences[0]}" + (differences.Count > 1 ? $" And {differences.Count - 1} more." : "")),
            (_, 0, > 0) => (false, $"Nothing could be compared: {Plural.Word(known.Count, "its one table was", $"all {known.Count} tables were")} written to while the snapshot was taken."),
            _ => (true, $"{Plural.Of(still.Count, "table", "tables")} with {Rows(expectedRows)} {Plural.Word(still.Count, "is", "are")} equal" + (moving > 0 ? $"; {Plural.Of(moving, "was", "were")} being written to and could only be read." : ".") + restored.OnSamples() + Unread(restored) + (after.Warnings is { } warnings ? $" Warning: {string.Join(" ", warnings)}" : "")),
        };
        return new ProofResult(proven, reason, expectedRows, foundRows, checksumsEqual, still.Count, moving, differences.Take(MostDifferences).ToList(), after.Warnings);
    }

    private static Measurement WithoutCanary(Measurement measured) => measured with { Tables = [.. measured.Tables.Where(t => !Canary.IsCanary(t.Table))] };

    private static string Rows(long rows) => Plural.Of(rows, "row", "rows");

    private static string Unread(Measurement restored) =>
        restored.Unread is { Count: > 0 } unread ? $" Not compared, since the login may not read it: {string.Join(", ", unread)}." : "";

    /// <summary>What the source was made of both times must be there, and be the same; what it never had must not.</summary>
    private static IEnumerable<string> OfObjects(IReadOnlyList<SchemaObject>? before, IReadOnlyList<SchemaObject>? after, IReadOnlyList<SchemaObject>? restored)
    {
        if (before is null || after is null || restored is null)
        {
            yield break;
        }

        var first = before.ToDictionary(o => (o.Kind, o.Name), o => o.Definition);
        var found = restored.ToDictionary(o => (o.Kind, o.Name), o => o.Definition);
        foreach (var expected in after.Where(o => first.TryGetValue((o.Kind, o.Name), out var earlier) && earlier == o.Definition))
        {
            if (!found.TryGetValue((expected.Kind, expected.Name), out var actual))
            {
                yield return $"{expected.Kind} {expected.Name} is missing.";
            }
            else if (expected.IsCounter ? IsBehind(expected.Kind, actual, expected.Definition) : actual != expected.Definition)
            {
                yield return $"{expected.Kind} {expected.Name} is '{actual}'; '{expected.Definition}' was expected.";
            }
        }

        var known = before.Concat(after).Select(o => (o.Kind, o.Name)).ToHashSet();
        foreach (var more in restored.Where(o => !o.IsCounter && !known.Contains((o.Kind, o.Name))))
        {
            yield return $"{more.Kind} {more.Name} is in the copy, but never was at the source.";
        }
    }

    // The log holds a sequence up to 32 values ahead, so a restored one may have skipped some (PostgreSQL, CREATE SEQUENCE, "Notes"); MariaDB reserves as many as
    // its cache holds. Behind, it would give values out twice. AUTO_INCREMENT goes to 2⁶⁴ - 1.
    private static bool IsBehind(string kind, string actual, string expected)
    {
        var (has, had) = (Int128.Parse(actual, CultureInfo.InvariantCulture), Int128.Parse(expected, CultureInfo.InvariantCulture));
        return has < had && !(kind == SchemaObject.AutoIncrementValue && IsReserve(has, had));
    }

    // A statement that does not know its rows (INSERT … SELECT) reserves 1, 2, 4, … values, 65535 at most at a time; a server that starts again has forgotten
    // those that no row got. So what is forgotten is fewer than what was given out, and no more than that.
    private static bool IsReserve(Int128 has, Int128 had) => had < 2 * has && had - has <= ushort.MaxValue;
}
