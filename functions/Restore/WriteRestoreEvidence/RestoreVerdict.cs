using Dbre.Functions.Core;

namespace Dbre.Functions.Restore;

/// <summary>What the restore is said to have done: only what its steps reported.</summary>
public sealed record RestoreVerdict(RunOutcome Outcome, string Reason)
{
    /// <summary>The error under which the state machine notes that nobody approved in time.</summary>
    public const string TimedOut = "States.Timeout";

    public static RestoreVerdict Of(WriteRestoreEvidenceRequest request, Approval? approval) => (request.Planned, request.Failure) switch
    {
        ({ Status: not StepStatus.Ready } refused, _) => new(RunOutcome.Refused, refused.Reason),
        (_, { Error: "Rejected" }) => new(RunOutcome.Refused, $"{approval?.DecidedBy ?? "Somebody"} rejected it: {approval?.Why}"),
        (_, { Error: TimedOut or "States.HeartbeatTimeout" }) when approval is { Decision: not ApprovalDecision.Approved } =>
            new(RunOutcome.Refused, "Nobody approved it in time, which is a refusal; the restored database runs beside the other, and no name was changed."),
        (_, { } failure) => new(RunOutcome.Failed, request.Stuck is { } stuck ? $"{failure.Sentence()} And the names could not be given back: {stuck.Sentence()}" : failure.Sentence()),
        (null, null) => new(RunOutcome.Failed, "It was not planned."),
        ({ Plan: { } plan }, null) => request.Proof is { Proven: true } proof && (plan.Purpose != RestorePurpose.Replace || request.ProofAfterSwap is { Proven: true })
            ? new(RunOutcome.Succeeded, $"{Done(plan)} {proof.Reason}")
            : new(RunOutcome.Failed, $"'{plan.As}' was not proven."),
        _ => new(RunOutcome.Failed, "The plan is empty."),
    };

    private static string Done(RestorePlan plan) => plan.Purpose switch
    {
        RestorePurpose.Replace => $"'{plan.Source}' is the restored database; the old one is kept as '{plan.KeptAs}'.",
        RestorePurpose.Drill => $"'{plan.Source}' could be restored.",
        _ => $"'{plan.Source}' is restored as '{plan.As}'.",
    };
}
