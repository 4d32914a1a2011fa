using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Input">What the execution was started with.</param>
/// <param name="Selection">Null when selecting itself failed.</param>
/// <param name="Results">Where what came of each database is; null when the run did not get so far.</param>
/// <param name="Failure">What ended the run as a whole; null when nothing did.</param>
public sealed record WriteEvidenceRequest(
    string OperationId, string ExecutionArn, string StartedAt, JsonElement Input, SelectDatabasesResult? Selection,
    MapRunResult? Results, Failure? Failure);

/// <summary>Safety rule 6: every run ends in a record of what was measured, chained to the one before; also a run that failed or was refused.</summary>
[Allow("states:GetExecutionHistory", On = "${Executions:snapshot-copy}")]
[Allow("s3:GetObject", On = "arn:${Partition}:s3:::${RunBucket}/runs/*")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/*")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", On = "${LedgerTable}")]
public sealed class WriteEvidence(IAmazonStepFunctions flows, RunFiles files, EvidenceStore evidence, TimeProvider clock)
{
    private const string Automation = "snapshot-copy";

    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<WrittenEvidence> Handle(WriteEvidenceRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var kept = request.Selection is { OperationId: { } operation } ? await files.Selection(operation, deadline.Token).ConfigureAwait(false) : null;
        var outcomes = request.Results is null
            ? []
            : (await files.Results(request.Results, deadline.Token).ConfigureAwait(false)).Select(DatabaseOutcome.Of).OrderBy(o => o.Database, StringComparer.Ordinal).ToList();
        var verdict = Verdict.Of(request.Selection, kept, outcomes, request.Failure);
        var whole = Timeline.Steps(await Timeline.Events(flows, request.ExecutionArn, deadline.Token).ConfigureAwait(false));
        var steps = whole.Concat(outcomes.SelectMany(o => o.Steps ?? [])).OrderBy(s => s.StartedAt, StringComparer.Ordinal).ToList();
        var record = new JsonObject
        {
            ["automation"] = Automation,
            ["operationId"] = request.OperationId,
            ["outcome"] = verdict.Outcome.ToString(),
            ["reason"] = verdict.Reason,
            ["startedAt"] = Instant.Write(Instant.Read(request.StartedAt)),
            ["endedAt"] = Instant.Write(clock.GetUtcNow()),
            ["inputs"] = JsonNode.Parse(request.Input.GetRawText()),
            ["databases"] = JsonSerializer.SerializeToNode(verdict.Databases, FunctionJson.Options),
            ["deferred"] = JsonSerializer.SerializeToNode(kept?.Deferred ?? [], FunctionJson.Options),
            ["quotas"] = JsonSerializer.SerializeToNode(kept?.Quotas ?? [], FunctionJson.Options),
            ["steps"] = JsonSerializer.SerializeToNode(steps, FunctionJson.Options),
            ["measured"] = JsonSerializer.SerializeToNode(verdict.Measured, FunctionJson.Options),
        };
        var (hash, key) = await evidence.Append(Automation, request.OperationId, record, deadline.Token).ConfigureAwait(false);
        return new WrittenEvidence(verdict.Outcome, verdict.Reason, hash, key);
    }
}
