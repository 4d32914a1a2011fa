using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Core.Proof;

namespace Dbre.Functions.Snapshots;

/// <summary>
/// The decisions that keep data safe, in one place and by name: functions ask these and no others. They are handed in so that a test can take one
/// out and show that the simulation misses it.
/// </summary>
/// <param name="Prune">Safety rule 1: what may be deleted.</param>
/// <param name="Compare">What counts as proven.</param>
/// <param name="HolderStillRuns">Safety rule 2: whether a holder keeps its database, given whether its execution runs.</param>
/// <param name="ActsUnder">Safety rule 2: whether an operation may act, given the lock it took and the lock as it is now.</param>
public sealed record SafetyRules(
    Func<IReadOnlyList<StoredSnapshot>, IReadOnlyDictionary<Location, IReadOnlyList<StoredSnapshot>>, Retention, IReadOnlyList<PruneDecision>> Prune,
    Func<Measurement, Measurement, Measurement, ProofResult> Compare,
    Func<bool, bool> HolderStillRuns,
    Func<DatabaseLock, DatabaseLock?, bool> ActsUnder)
{
    public static SafetyRules InForce { get; } = new(
        Pruning.Decide, Comparison.Compare, runs => runs, Ledger.IsHolder);
}
