using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Input">What the execution was started with.</param>
/// <param name="Selection">Null when selecting itself failed.</param>
/// <param name="Databases">What came of each database.</param>
/// <param name="Failure">What ended the run as a whole; null when nothing did.</param>
public sealed record WriteEvidenceRequest(
    string OperationId, string ExecutionArn, string StartedAt, JsonElement Input, SelectDatabasesResult? Selection,
    IReadOnlyList<DatabaseOutcome>? Databases, Failure? Failure);

public sealed record WriteEvidenceResult(RunOutcome Outcome, string Reason, string Hash, string Key);

/// <summary>Safety rule 6: every run ends in a record of what was measured, chained to the one before; also a run that failed or was refused.</summary>
[Allow("states:GetExecutionHistory", On = "arn:${Partition}:states:${Region}:${Account}:execution:snapshot-copy:*")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/*")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", On = "${LedgerTable}")]
public sealed class WriteEvidence(IAmazonStepFunctions flows, EvidenceStore evidence, TimeProvider clock)
{
    private const string Automation = "snapshot-copy";

    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<WriteEvidenceResult> Handle(WriteEvidenceRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var verdict = Verdict.Of(request.Selection, request.Databases ?? [], request.Failure);
        var steps = Timeline.Steps(await History(request.ExecutionArn, deadline.Token).ConfigureAwait(false), request.Selection?.Databases ?? []);
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
            ["steps"] = JsonSerializer.SerializeToNode(steps, FunctionJson.Options),
            ["measured"] = JsonSerializer.SerializeToNode(verdict.Measured, FunctionJson.Options),
        };
        var (hash, key) = await evidence.Append(Automation, request.OperationId, record, deadline.Token).ConfigureAwait(false);
        return new WriteEvidenceResult(verdict.Outcome, verdict.Reason, hash, key);
    }

    private async Task<List<HistoryEvent>> History(string executionArn, CancellationToken stop)
    {
        var events = new List<HistoryEvent>();
        var request = new GetExecutionHistoryRequest { ExecutionArn = executionArn, MaxResults = 1000, IncludeExecutionData = false };
        await foreach (var page in flows.Paginators.GetExecutionHistory(request).Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            events.AddRange(page.Events ?? []);
        }

        return events;
    }
}
