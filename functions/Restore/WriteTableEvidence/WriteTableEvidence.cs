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
/// <param name="Checksum">Likewise.</param>
/// <param name="Failure">What ended the restore; null when nothing did.</param>
public sealed record WriteTableEvidenceRequest(
    string OperationId, string ExecutionArn, string StartedAt, JsonElement Input, PlanTableRestoreResult? Planned, RestoreProof? Proof, string? Checksum, Failure? Failure);

/// <summary>Safety rule 6: every restore of a table ends in a record of what was measured, chained to the one before; also one that failed or was refused.</summary>
[Allow("states:GetExecutionHistory", On = "${Executions:table-restore}")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/*")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", On = "${LedgerTable}")]
public sealed class WriteTableEvidence(IAmazonStepFunctions flows, EvidenceStore evidence, TimeProvider clock)
{
    private const string Automation = "table-restore";

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<WrittenEvidence> Handle(WriteTableEvidenceRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Planned?.Plan;
        var steps = Timeline.Steps(await Timeline.Events(flows, request.ExecutionArn, deadline.Token).ConfigureAwait(false), plan?.Source);
        var verdict = TableVerdict.Of(request.Planned, request.Proof, request.Failure);
        var record = new JsonObject
        {
            ["automation"] = Automation,
            ["operationId"] = request.OperationId,
            ["outcome"] = verdict.Outcome.ToString(),
            ["reason"] = verdict.Reason,
            ["startedAt"] = Instant.Write(Instant.Read(request.StartedAt)),
            ["endedAt"] = Instant.Write(clock.GetUtcNow()),
            ["inputs"] = JsonNode.Parse(request.Input.GetRawText()),
            ["restore"] = plan is null ? null : new JsonObject
            {
                ["source"] = plan.Source, ["kind"] = "Table", ["as"] = plan.As, ["to"] = plan.Backup ?? plan.RestoreTo ?? "latest", ["purpose"] = plan.Purpose.ToString(), ["checksum"] = request.Checksum,
                ["byHand"] = JsonSerializer.SerializeToNode(plan.Settings.NotCarried, FunctionJson.Options),
                ["differences"] = JsonSerializer.SerializeToNode(request.Proof?.Differences ?? [], FunctionJson.Options),
            },
            ["steps"] = JsonSerializer.SerializeToNode(steps, FunctionJson.Options),
            ["measured"] = JsonSerializer.SerializeToNode(RestoreMeasured.Of(steps, request.Proof, verdict.Outcome == RunOutcome.Succeeded), FunctionJson.Options),
        };
        if (record["inputs"] is JsonObject inputs)
        {
            inputs["engine"] = "dynamodb";
        }

        var (hash, key) = await evidence.Append(Automation, request.OperationId, record, deadline.Token).ConfigureAwait(false);
        return new WrittenEvidence(verdict.Outcome, verdict.Reason, hash, key);
    }
}
