using Dbre.Functions.Core;

namespace Dbre.Functions.Restore;

/// <summary>
/// The decisions that keep data safe, in one place and by name. They are handed in so that a test can take one out and show that the simulation
/// misses it.
/// </summary>
/// <param name="MaySwap">Whether the names may be swapped, given what the ledger says of the approval and who asked for the restore.</param>
/// <param name="Next">The next renaming, given who has which name.</param>
/// <param name="Back">The same on the way back.</param>
public sealed record RestoreRules(
    Func<Approval?, string, bool> MaySwap, Func<NamesNow, SwapStep> Next, Func<NamesNow, SwapStep> Back)
{
    public static RestoreRules InForce { get; } = new(
        (approval, requester) => approval is { Decision: ApprovalDecision.Approved, DecidedBy: { } by } && by != requester, Swap.Next, Swap.Back);
}
