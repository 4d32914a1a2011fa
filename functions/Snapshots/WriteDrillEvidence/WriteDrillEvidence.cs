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
/// <param name="Outcomes">What came of each database; empty when the drill did not get so far.</param>
/// <param name="Failure">What ended the drill as a whole; null when nothing did.</param>
public sealed record WriteDrillEvidenceRequest(
    string OperationId, string ExecutionArn, string StartedAt, JsonElement Input, SelectDrillsResult? Selection, IReadOnlyList<DrillOutcome> Outcomes, Failure? Failure);

/// <summary>Safety rule 6 for drills: a record of what was restored, how long it took, what would have been lost, and what was promised; also of one that failed or was refused.</summary>
[Allow("states:GetExecutionHistory", On = "${Executions:restore-drill}")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/*")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", On = "${LedgerTable}")]
public sealed class WriteDrillEvidence(IAmazonStepFunctions flows, EvidenceStore evidence, Ledger ledger, TimeProvider clock)
{
    private const string Automation = "restore-drill";
    private const string Map = "Drill each database";

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<WrittenEvidence> Handle(WriteDrillEvidenceRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var verdict = DrillVerdict.Of(request.Selection, request.Outcomes, request.Failure);
        foreach (var database in verdict.Databases.Where(d => d.Restores.All(r => r.Outcome == RunOutcome.Succeeded)))
        {
            await ledger.RecordDrill(database.Database, request.OperationId, clock.GetUtcNow(), deadline.Token).ConfigureAwait(false);
        }

        var events = await Timeline.Events(flows, request.ExecutionArn, deadline.Token).ConfigureAwait(false);
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
            ["refused"] = JsonSerializer.SerializeToNode(request.Selection?.Refused ?? [], FunctionJson.Options),
            ["steps"] = JsonSerializer.SerializeToNode(Steps(events, request.Selection), FunctionJson.Options),
            ["measured"] = JsonSerializer.SerializeToNode(verdict.Measured, FunctionJson.Options),
        };
        var (hash, key) = await evidence.Append(Automation, request.OperationId, record, deadline.Token).ConfigureAwait(false);
        return new WrittenEvidence(verdict.Outcome, verdict.Reason, hash, key);
    }

    // The map's items are databases here, where those of a night's database are Regions.
    private static IEnumerable<TimelineStep> Steps(IReadOnlyList<Amazon.StepFunctions.Model.HistoryEvent> events, SelectDrillsResult? selection) =>
        Timeline.Steps(events, null, Map, [.. (selection?.Drills ?? []).Select(d => d.Database)]).Select(step => step with { Database = step.Region, Region = null });
}
