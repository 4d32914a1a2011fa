using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="Input">What the execution was started with.</param>
/// <param name="Planned">Null when planning itself failed.</param>
/// <param name="Proof">Null when it did not get so far.</param>
/// <param name="ProofAfterSwap">Likewise; null for what is not swapped.</param>
/// <param name="Failure">What ended the restore; null when nothing did.</param>
/// <param name="Stuck">Why the names could not be given back after a failure; null when they were, or never taken.</param>
public sealed record WriteRestoreEvidenceRequest(
    string OperationId, string ExecutionArn, string StartedAt, JsonElement Input, PlanRestoreResult? Planned, RestoreProof? Proof, RestoreProof? ProofAfterSwap, Failure? Failure, Failure? Stuck);

/// <summary>Safety rule 6: every restore ends in a record of what was measured, chained to the one before; also one that failed or was refused.</summary>
[Allow("states:GetExecutionHistory", On = "${Executions:pitr-restore}")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/*")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", On = "${LedgerTable}")]
public sealed class WriteRestoreEvidence(IAmazonStepFunctions flows, EvidenceStore evidence, Ledger ledger, TimeProvider clock)
{
    private const string Automation = "pitr-restore";

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<WrittenEvidence> Handle(WriteRestoreEvidenceRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Planned?.Plan;
        var steps = Timeline.Steps(await Timeline.Events(flows, request.ExecutionArn, deadline.Token).ConfigureAwait(false), plan?.Source);
        var approval = await ledger.ReadApproval(request.OperationId, deadline.Token).ConfigureAwait(false);
        var verdict = RestoreVerdict.Of(request, approval);
        var record = new JsonObject
        {
            ["automation"] = Automation,
            ["operationId"] = request.OperationId,
            ["outcome"] = verdict.Outcome.ToString(),
            ["reason"] = verdict.Reason,
            ["startedAt"] = Instant.Write(Instant.Read(request.StartedAt)),
            ["endedAt"] = Instant.Write(clock.GetUtcNow()),
            ["inputs"] = Inputs(request.Input, plan),
            ["restore"] = plan is null ? null : new JsonObject
            {
                ["source"] = plan.Source, ["kind"] = plan.Kind.ToString(), ["region"] = plan.Region, ["as"] = plan.As, ["to"] = plan.Snapshot ?? plan.RestoreTo ?? "latest",
                ["purpose"] = plan.Purpose.ToString(), ["keptAs"] = plan.Purpose == RestorePurpose.Replace && verdict.Outcome == RunOutcome.Succeeded ? plan.KeptAs : null,
                ["byHand"] = JsonSerializer.SerializeToNode(plan.Purpose == RestorePurpose.Drill ? [] : plan.Settings.NotCarried, FunctionJson.Options),
                ["differences"] = JsonSerializer.SerializeToNode((request.ProofAfterSwap is { Proven: false } live ? live : request.Proof)?.Differences ?? [], FunctionJson.Options),
            },
            ["approval"] = approval is null ? null : new JsonObject
            {
                ["decision"] = approval.Decision.ToString(), ["requestedBy"] = approval.RequestedBy, ["askedAt"] = approval.AskedAt,
                ["decidedBy"] = approval.DecidedBy, ["decidedAt"] = approval.DecidedAt, ["why"] = approval.Why,
            },
            ["steps"] = JsonSerializer.SerializeToNode(steps, FunctionJson.Options),
            ["measured"] = JsonSerializer.SerializeToNode(RestoreMeasured.Of(steps, request.Proof, verdict.Outcome == RunOutcome.Succeeded), FunctionJson.Options),
        };
        var (hash, key) = await evidence.Append(Automation, request.OperationId, record, deadline.Token).ConfigureAwait(false);
        return new WrittenEvidence(verdict.Outcome, verdict.Reason, hash, key);
    }

    private static JsonNode? Inputs(JsonElement input, RestorePlan? plan)
    {
        var inputs = JsonNode.Parse(input.GetRawText());
        if (inputs is JsonObject fields && plan is not null)
        {
            fields["engine"] = plan.Engine;
        }

        return inputs;
    }
}
