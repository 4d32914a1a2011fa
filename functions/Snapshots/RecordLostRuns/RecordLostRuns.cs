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

public sealed record RecordLostRunsRequest(string OperationId);

/// <param name="Recorded">The operations that had left no record.</param>
public sealed record RecordLostRunsResult(StepStatus Status, string Reason, IReadOnlyList<string> Recorded);

/// <summary>
/// Safety rule 6 for runs that could not write their own evidence: one that timed out, was stopped by somebody, or failed while writing it.
/// It asks Step Functions which runs ended badly, so that it matters not whether the event of an end came once, twice or never.
/// </summary>
[Allow("states:ListExecutions", On = "${StateMachine:snapshot-copy}")]
[Allow("states:ListExecutions", On = "${StateMachine:pitr-restore}")]
[Allow("states:ListExecutions", On = "${StateMachine:restore-drill}")]
[Allow("states:ListExecutions", On = "${StateMachine:table-restore}")]
[Allow("states:DescribeExecution", On = "arn:${Partition}:states:${Region}:${Account}:execution:snapshot-copy:*")]
[Allow("states:DescribeExecution", On = "arn:${Partition}:states:${Region}:${Account}:execution:pitr-restore:*")]
[Allow("states:DescribeExecution", On = "arn:${Partition}:states:${Region}:${Account}:execution:restore-drill:*")]
[Allow("states:DescribeExecution", On = "arn:${Partition}:states:${Region}:${Account}:execution:table-restore:*")]
[Allow("s3:PutObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/*")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", On = "${LedgerTable}")]
public sealed class RecordLostRuns(IAmazonStepFunctions flows, EvidenceStore evidence, Ledger ledger, Settings settings, TimeProvider clock)
{
    private static readonly string[] Automations = ["snapshot-copy", "pitr-restore", "restore-drill", "table-restore"];

    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<RecordLostRunsResult> Handle(RecordLostRunsRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var recorded = new List<string>();
        foreach (var automation in Automations)
        {
            await foreach (var run in RecentRuns.Of(flows, RecentRuns.Beside(settings.StateMachineArn, automation), clock, deadline.Token).ConfigureAwait(false))
            {
                if (RecentRuns.EndedBadly(run.Status) && await ledger.ReadEvidenceOf(automation, run.Name, deadline.Token).ConfigureAwait(false) is null)
                {
                    await Record(automation, run, deadline.Token).ConfigureAwait(false);
                    recorded.Add(run.Name);
                }
            }
        }

        return new RecordLostRunsResult(StepStatus.Ready, $"{Plural.Of(recorded.Count, "run", "runs")} had left no record.", recorded);
    }

    private async Task Record(string automation, ExecutionListItem run, CancellationToken stop)
    {
        var ended = await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = run.ExecutionArn }, stop).ConfigureAwait(false);
        var verdict = Verdict.Of(null, null, [], new Failure(ended.Error ?? ended.Status.Value, ended.Cause ?? "The run ended without a record of its own."));
        var record = new JsonObject
        {
            ["automation"] = automation,
            ["operationId"] = run.Name,
            ["outcome"] = verdict.Outcome.ToString(),
            ["reason"] = verdict.Reason,
            ["startedAt"] = Instant.Write(new DateTimeOffset(ended.StartDate!.Value.ToUniversalTime())),
            ["endedAt"] = Instant.Write(new DateTimeOffset(ended.StopDate!.Value.ToUniversalTime())),
            ["inputs"] = JsonNode.Parse(ended.Input),
            ["databases"] = new JsonArray(),
            ["steps"] = new JsonArray(),
            // Nothing was measured; each flow's readers look for what it would have been.
            ["measured"] = automation is "pitr-restore" or "table-restore" ? new JsonObject { ["rpoSeconds"] = null, ["rtoSeconds"] = null, ["rto"] = new JsonObject() } : JsonSerializer.SerializeToNode(verdict.Measured, FunctionJson.Options),
        };
        await evidence.Append(automation, run.Name, record, stop).ConfigureAwait(false);
    }
}
