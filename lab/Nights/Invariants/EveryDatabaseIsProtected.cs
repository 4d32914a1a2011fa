using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>Liveness: once the faults are over, every database has a proven copy that is younger than its objective.</summary>
internal sealed class EveryDatabaseIsProtected(Truth truth, SimulatedFleet fleet) : Invariant("every database is protected again")
{
    // The policy's objective, rpoHours.
    private static readonly TimeSpan Objective = TimeSpan.FromHours(26);

    internal IReadOnlySet<string> Excused { get; set; } = new HashSet<string>(StringComparer.Ordinal);

    internal override void AtTheEnd()
    {
        foreach (var database in Unprotected.Where(d => !Excused.Contains(d)))
        {
            Violated($"'{database}' has no proven copy in {SimulatedCloud.RecoveryRegion} that is younger than {Objective.TotalHours:0} hours.");
        }
    }

    internal IEnumerable<string> Unprotected => fleet.Databases.Where(database => !truth.SnapshotsOf(SimulatedCloud.RecoveryRegion, database)
        .Any(s => s.Status == "available" && truth.IsProven(s) && truth.Now - s.FrozenAt < Objective));
}
