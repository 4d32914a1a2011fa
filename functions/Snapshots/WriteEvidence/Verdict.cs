using Dbre.Functions.Core.Proof;

namespace Dbre.Functions.Snapshots;

/// <summary>One database in the evidence.</summary>
public sealed record DatabaseRecord(
    string Database, string? Kind, string? Engine, DatabaseVerdict Outcome, string Reason, string? Snapshot,
    IReadOnlyList<CopyRecord> Copies, IReadOnlyList<PrunedSnapshot> Pruned, IReadOnlyList<PrunedSnapshot> Held);

/// <summary>One copy in the evidence.</summary>
public sealed record CopyRecord(string Region, string? Account, string Snapshot, CopyVerdict Outcome, string Reason, ProofResult? Proof);

/// <summary>The run in numbers. What was not measured is null.</summary>
/// <param name="Databases">That it took on or refused; <paramref name="Deferred"/> ones are not among them.</param>
public sealed record Measured(int Databases, int Copied, int Proven, long? RowsExpected, long? RowsFound, bool? ChecksumsEqual, int Pruned, int Deferred = 0);

/// <summary>What the run is said to have done: only what its steps reported.</summary>
public sealed record Verdict(RunOutcome Outcome, string Reason, IReadOnlyList<DatabaseRecord> Databases, Measured Measured)
{
    // The reason goes into the ledger, the notification and the execution's cause (32 KB at most): the record itself names every database.
    private const int MostNamed = 50;

    /// <param name="selection">Null when selecting itself failed.</param>
    /// <param name="kept">What was selected; null when nothing was.</param>
    public static Verdict Of(SelectDatabasesResult? selection, RunSelection? kept, IReadOnlyList<DatabaseOutcome> outcomes, Failure? failure)
    {
        var databases = outcomes.Select(Judge)
            .Concat((kept?.Refused ?? []).Select(r => new DatabaseRecord(r.Database, null, null, DatabaseVerdict.Refused, r.Reason, null, [], [], [])))
            .ToList();
        var copies = databases.SelectMany(d => d.Copies).ToList();
        var proofs = copies.Select(c => c.Proof).OfType<ProofResult>().ToList();
        var measured = new Measured(
            databases.Count, copies.Count(c => c.Outcome != CopyVerdict.Failed), copies.Count(c => c.Outcome == CopyVerdict.Proven),
            proofs.Count == 0 ? null : proofs.Sum(p => p.RowsExpected), proofs.Count == 0 ? null : proofs.Sum(p => p.RowsFound),
            proofs.Count == 0 ? null : proofs.All(p => p.ChecksumsEqual), databases.Sum(d => d.Pruned.Count), kept?.Deferred.Count ?? 0);
        var bad = databases.Where(d => d.Outcome != DatabaseVerdict.Succeeded).ToList();
        var (outcome, reason) = (selection, failure, bad.Count + measured.Deferred) switch
        {
            ({ Status: not StepStatus.Ready }, _, _) => (RunOutcome.Refused, selection.Reason),
            (_, not null, _) => (RunOutcome.Failed, failure.Sentence()),
            (_, _, > 0) => (RunOutcome.Failed, string.Join(" ", Shortcomings(kept, databases.Count, bad, selection?.AnnounceFailure))),
            _ => (RunOutcome.Succeeded, $"{Plural.Of(measured.Copied, "copy", "copies")} of {Plural.Of(databases.Count, "database", "databases")} {Plural.Word(measured.Copied, "is", "are")} in place, {measured.Proven} proven tonight."),
        };
        return new Verdict(outcome, reason, databases, measured);
    }

    /// <summary>A database that waits for another night is left uncopied in this one, which is no success.</summary>
    private static IEnumerable<string> Shortcomings(RunSelection? kept, int databases, List<DatabaseRecord> bad, Failure? unannounced)
    {
        if (bad.Count > 0)
        {
            yield return $"{bad.Count} of {Plural.Of(databases, "database", "databases")} failed. {Named(bad)}";
        }

        if (kept is { Deferred: { Count: > 0 } deferred })
        {
            var names = string.Join(", ", deferred.Take(MostNamed).Select(d => d.Database));
            var more = deferred.Count > MostNamed ? $" and {deferred.Count - MostNamed} more, which the evidence names" : "";
            yield return $"{Plural.Of(deferred.Count, "database was", "databases were")} deferred at the start: {names}{more}. {string.Join(" ", kept.Quotas.Select(q => q.Sentence()))}";
        }

        if (unannounced is not null)
        {
            yield return $"The deferral could not be announced at the start: {unannounced.Sentence()}";
        }
    }

    private static string Named(List<DatabaseRecord> bad)
    {
        var named = string.Join(" ", bad.Take(MostNamed).Select(d => $"{d.Database}: {Shortened(d.Reason)}"));
        return bad.Count <= MostNamed ? named : $"{named} And {bad.Count - MostNamed} more, which the evidence names.";
    }

    private static string Shortened(string reason) => reason.Length <= 500 ? reason : reason[..500] + "…";

    private static DatabaseRecord Judge(DatabaseOutcome d)
    {
        var copies = (d.Copies ?? []).Select(c => new CopyRecord(
            c.Region, c.Account, c.Snapshot, c.Failure is null ? c.Outcome ?? CopyVerdict.Failed : CopyVerdict.Failed, c.Failure?.Sentence() ?? c.Reason ?? "", c.Proof)).ToList();
        var failed = copies.Where(c => c.Outcome == CopyVerdict.Failed).ToList();
        var (outcome, reason) = (d.Failure, failed.Count) switch
        {
            (not null, _) => (DatabaseVerdict.Failed, d.Failure.Sentence()),
            (_, > 0) => (DatabaseVerdict.Failed, string.Join(" ", failed.Select(c => $"{c.Region}: {c.Reason}"))),
            _ => (DatabaseVerdict.Succeeded, string.Join(" ", copies.Select(c => $"{c.Region}: {c.Reason}"))),
        };
        if (d.TimelineFailure is { } untold)
        {
            // Evidence that lacks what it should tell is no success, whatever came of the copies.
            var why = $"Its timeline could not be read: {untold.Sentence()}";
            (outcome, reason) = (DatabaseVerdict.Failed, outcome == DatabaseVerdict.Succeeded ? $"{why} {reason}" : $"{reason} {why}");
        }

        return new DatabaseRecord(d.Database, d.Kind, d.Engine, outcome, reason, d.Snapshot, copies, d.Pruned ?? [], d.Held ?? []);
    }
}
