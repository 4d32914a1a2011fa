namespace Dbre.Functions.Restore;

/// <summary>What the restore of a table is said to have done: only what its steps reported.</summary>
public static class TableVerdict
{
    public static RestoreVerdict Of(PlanTableRestoreResult? planned, RestoreProof? proof, Failure? failure) => (planned, failure) switch
    {
        ({ Status: not StepStatus.Ready } refused, _) => new(RunOutcome.Refused, refused.Reason),
        (_, { } failed) => new(RunOutcome.Failed, failed.Sentence()),
        ({ Plan: { } plan }, null) when proof is { Proven: true } => new(
            RunOutcome.Succeeded, $"Table '{plan.Source}' {(plan.Purpose == RestorePurpose.Drill ? "could be restored." : $"is restored as '{plan.As}'.")} {proof.Reason}"),
        ({ Plan: { } plan }, null) => new(RunOutcome.Failed, $"'{plan.As}' was not proven."),
        _ => new(RunOutcome.Failed, "It was not planned."),
    };
}
