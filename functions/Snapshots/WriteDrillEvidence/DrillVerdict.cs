using System.Globalization;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Policies;

namespace Dbre.Functions.Snapshots;

/// <summary>What came of one database, as the state machine reports it. What did not happen is null.</summary>
/// <param name="HomeFailure">What ended the restore at home before it could answer.</param>
/// <param name="Begun">When the restore of the copy began, and <paramref name="ProvenAt"/> when its comparison was over.</param>
/// <param name="CopyFailure">What ended the copy's half before it was compared.</param>
/// <param name="RemovalFailure">Why the restored copy may still be there.</param>
/// <param name="UnlockFailure">Why the database may still be held.</param>
public sealed record DrillOutcome(
    DrillPlan Drill, RestoreAtHomeResult? Home = null, Failure? HomeFailure = null, string? Begun = null, string? ProvenAt = null, ProveCopyResult? Proved = null,
    StepResult? Removed = null, Failure? CopyFailure = null, Failure? RemovalFailure = null, Failure? UnlockFailure = null);

/// <summary>One restore of a drill in the evidence. What was not measured is null.</summary>
/// <param name="From"><c>log</c> is a second in its own Region, <c>copy</c> a copy elsewhere.</param>
/// <param name="To">The second, or the copy.</param>
/// <param name="As">What was made.</param>
/// <param name="RpoSeconds">What would have been lost, had the database been lost as the drill began.</param>
/// <param name="RtoSeconds">From the start until the restored database was proven.</param>
/// <param name="Removed">Whether what was made is gone; null when nothing was made.</param>
/// <param name="Execution">The restore's own run, with evidence of its own; null for a copy.</param>
public sealed record DrilledRestore(
    string From, string Region, string To, string As, RunOutcome Outcome, string Reason, double? RpoSeconds, double? RtoSeconds,
    long? RowsExpected, long? RowsFound, bool? ChecksumsEqual, bool? Removed, string? Execution);

/// <summary>What the policy promises, in the unit that is measured.</summary>
public sealed record DrillObjective(double RpoSeconds, double RtoSeconds);

/// <summary>One database of a drill in the evidence.</summary>
public sealed record DrilledDatabase(
    string Database, string Kind, string Engine, RunOutcome Outcome, string Reason, DrillObjective Objective, IReadOnlyList<DrilledRestore> Restores);

/// <summary>The drill in numbers.</summary>
/// <param name="RpoSeconds">The largest that was measured; null when none was.</param>
/// <param name="RtoSeconds">Likewise.</param>
public sealed record DrillMeasured(int Databases, int Restores, int Proven, double? RpoSeconds, double? RtoSeconds, long? RowsFound);

/// <summary>What the drill is said to have shown: only what its steps reported, held against what the policy promises.</summary>
public sealed record DrillVerdict(RunOutcome Outcome, string Reason, IReadOnlyList<DrilledDatabase> Databases, DrillMeasured Measured)
{
    private const int MostReason = 500;

    /// <param name="selection">Null when selecting itself failed.</param>
    /// <param name="failure">What ended the drill as a whole; null when nothing did.</param>
    public static DrillVerdict Of(SelectDrillsResult? selection, IReadOnlyList<DrillOutcome> outcomes, Failure? failure)
    {
        var databases = selection is { Objectives: { } objectives } ? outcomes.Select(o => Judge(o, objectives)).ToList() : [];
        var restores = databases.SelectMany(d => d.Restores).ToList();
        var measured = new DrillMeasured(
            databases.Count, restores.Count, restores.Count(r => r.Outcome == RunOutcome.Succeeded), restores.Max(r => r.RpoSeconds), restores.Max(r => r.RtoSeconds),
            restores.All(r => r.RowsFound is null) ? null : restores.Sum(r => r.RowsFound));
        var bad = databases.Where(d => d.Outcome != RunOutcome.Succeeded).ToList();
        var (outcome, reason) = (selection, failure, bad.Count) switch
        {
            ({ Status: not StepStatus.Ready }, _, _) => (RunOutcome.Refused, selection.Reason),
            (_, not null, _) => (RunOutcome.Failed, failure.Sentence()),
            (_, _, > 0) => (RunOutcome.Failed, string.Join(" ", bad.Select(d => d.Reason))),
            _ => (RunOutcome.Succeeded, $"{Plural.Of(databases.Count, "database", "databases")} could be restored, {Plural.Of(restores.Count, "restore was", "restores were")} proven; at worst {Hours(measured.RpoSeconds)} would have been lost and a restore took {Minutes(measured.RtoSeconds)}."),
        };
        return new DrillVerdict(outcome, reason, databases, measured);
    }

    private static DrilledDatabase Judge(DrillOutcome o, Objectives objectives)
    {
        var objective = new DrillObjective(TimeSpan.FromHours(objectives.RpoHours).TotalSeconds, TimeSpan.FromMinutes(objectives.RtoMinutes).TotalSeconds);
        DrilledRestore[] restores = o.Drill.Copy is { } copy ? [AtHome(o), OfCopy(o, copy)] : [AtHome(o)];
        var bad = restores.Where(r => r.Outcome != RunOutcome.Succeeded).Select(r => $"'{o.Drill.Database}' was not proven from its {r.From} in {r.Region}: {Shortened(r.Reason)}")
            .Concat(o.Drill.Copy is null ? [$"'{o.Drill.Database}' has no proven copy that could be restored."] : [])
            .Concat(restores.SelectMany(r => Missed(o.Drill.Database, r, objectives)))
            .Concat(restores.Where(r => r.Removed == false).Select(r => $"'{r.As}' in {r.Region} is still there{(o.RemovalFailure is { } why && r.From == "copy" ? $": {Shortened(why.Sentence())}" : ".")}"))
            .Concat(o.UnlockFailure is { } held ? [$"'{o.Drill.Database}' could not be given back: {Shortened(held.Sentence())}"] : [])
            .ToList();
        return new DrilledDatabase(
            o.Drill.Database, o.Drill.Kind.ToString(), o.Drill.Engine, bad.Count == 0 ? RunOutcome.Succeeded : RunOutcome.Failed,
            bad.Count == 0 ? string.Join(" ", restores.Select(r => $"{r.Region}: {r.Reason}")) : string.Join(" ", bad), objective, restores);
    }

    private static DrilledRestore AtHome(DrillOutcome o)
    {
        var (drill, home) = (o.Drill, o.Home);
        var proven = o.HomeFailure is null && home?.Status == StepStatus.Ready;
        return new DrilledRestore(
            "log", drill.Region, drill.RestoreTo, drill.As, proven ? RunOutcome.Succeeded : RunOutcome.Failed, o.HomeFailure?.Sentence() ?? home?.Reason ?? "It was not begun.",
            proven ? drill.LagSeconds + (home!.GapSeconds ?? 0) : null, proven ? home!.RtoSeconds : null, null, home?.RowsFound, null,
            home?.Left is { } left ? left.Count == 0 : null, drill.As);
    }

    private static DrilledRestore OfCopy(DrillOutcome o, DrillCopy copy)
    {
        var proof = o.Proved?.Proof;
        var proven = o.CopyFailure is null && proof is { Proven: true };
        double? took = proven && o is { Begun: { } begun, ProvenAt: { } at } ? Math.Round((Instant.Read(at) - Instant.Read(begun)).TotalSeconds, 3) : null;
        return new DrilledRestore(
            "copy", copy.Target.Location().ToString(), copy.Plan.Snapshot, RestoredCopy.Id(copy.Plan, copy.Target), proven ? RunOutcome.Succeeded : RunOutcome.Failed,
            o.CopyFailure?.Sentence() ?? o.Proved?.Reason ?? "It was not begun.", proven ? copy.AgeSeconds : null, took, proof?.RowsExpected, proof?.RowsFound, proof?.ChecksumsEqual,
            o.Begun is null ? null : o.RemovalFailure is null && o.Removed is { Status: StepStatus.Ready }, null);
    }

    private static IEnumerable<string> Missed(string database, DrilledRestore r, Objectives objectives)
    {
        if (r.RpoSeconds > TimeSpan.FromHours(objectives.RpoHours).TotalSeconds)
        {
            yield return $"'{database}' would have lost {Hours(r.RpoSeconds)}, restored from its {r.From} in {r.Region}; the policy allows {objectives.RpoHours} h.";
        }

        if (r.RtoSeconds > TimeSpan.FromMinutes(objectives.RtoMinutes).TotalSeconds)
        {
            yield return $"'{database}' took {Minutes(r.RtoSeconds)} to restore from its {r.From} in {r.Region}; the policy allows {objectives.RtoMinutes} min.";
        }
    }

    private static string Hours(double? seconds) => string.Create(CultureInfo.InvariantCulture, $"{(seconds ?? 0) / 3600:0.00} h");

    private static string Minutes(double? seconds) => string.Create(CultureInfo.InvariantCulture, $"{(seconds ?? 0) / 60:0.0} min");

    // The reason goes into the ledger, the notification and the execution's cause: the record itself has it whole.
    private static string Shortened(string reason) => reason.Length <= MostReason ? reason : reason[..MostReason] + "…";
}
