using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record RestoreAtHomeRequest(string OperationId, DrillPlan Drill, string Since);

/// <param name="Execution">Of the flow pitr-restore.</param>
/// <param name="GapSeconds">From the last sign of life in the restored data to the second asked for; null when there is none in it.</param>
/// <param name="RtoSeconds">As the restore measured it; null when it did not succeed.</param>
/// <param name="Left">What of it is still there: nothing, when all went well.</param>
public sealed record RestoreAtHomeResult(
    StepStatus Status, string Reason, int WaitSeconds, string Execution, double? GapSeconds = null, double? RtoSeconds = null, long? RowsFound = null, IReadOnlyList<string>? Left = null);

/// <summary>
/// Sees to it that a database was restored in its own Region to the drill's second, by the flow that engineers use, which proves it and removes it
/// again: starts it, waits for its end, reads its evidence, and looks whether anything of it is left.
/// </summary>
[Allow("states:StartExecution", On = "${StateMachine:pitr-restore}")]
[Allow("states:DescribeExecution", On = "${Executions:pitr-restore}")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
[Allow("s3:GetObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/evidence/pitr-restore/*")]
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "Asking for a database that is gone has no resource to name.")]
public sealed class RestoreAtHome(AwsClients aws, IAmazonStepFunctions flows, EvidenceStore evidence, Settings settings, TimeProvider clock)
{
    private const string Flow = "pitr-restore";

    // The flow's own limits of lock, restore, configuration, proof and removal, one after the other.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(10);

    // An execution has 25,000 events: after the first minutes it is looked at each time an eighth of the time waited has passed again.
    private const int SparseShare = 8;

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<RestoreAtHomeResult> Handle(RestoreAtHomeRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var drill = request.Drill;
        var run = await Execution(drill.As, deadline.Token).ConfigureAwait(false);
        if (run is null)
        {
            await flows.StartExecutionAsync(
                new StartExecutionRequest { StateMachineArn = settings.StateMachineArn, Name = drill.As, Input = Input(drill, request.OperationId) }, deadline.Token).ConfigureAwait(false);
        }

        if (run is null || run.Status == ExecutionStatus.RUNNING)
        {
            var (status, reason, seconds) = Patience.Wait($"'{drill.Database}' is being restored as '{drill.As}'.", request.Since, clock.GetUtcNow(), Longest);
            var waited = (clock.GetUtcNow() - Instant.Read(request.Since)).TotalSeconds;
            return new RestoreAtHomeResult(status, reason, Math.Max(seconds, (int)(waited / SparseShare)), drill.As);
        }

        var left = await Left(drill, deadline.Token).ConfigureAwait(false);
        var record = await evidence.Find(Flow, drill.As, deadline.Token).ConfigureAwait(false);
        if (run.Status != ExecutionStatus.SUCCEEDED || record is null)
        {
            return new RestoreAtHomeResult(StepStatus.Failed, run.Cause ?? $"The restore is {run.Status} and left no record.", 0, drill.As, Left: left);
        }

        var measured = record["measured"]!;
        return new RestoreAtHomeResult(
            StepStatus.Ready, (string)record["reason"]!, 0, drill.As, (double?)measured["rpoSeconds"], (double?)measured["rtoSeconds"], (long?)measured["rowsFound"], left);
    }

    private static string Input(DrillPlan drill, string operationId) => JsonSerializer.Serialize(
        new { Source = drill.Database, To = WholeSecond(drill.RestoreTo), As = drill.As, Purpose = "drill", RequestedBy = operationId }, FunctionJson.Options);

    private static string WholeSecond(string instant) => Instant.Read(instant).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private async Task<DescribeExecutionResponse?> Execution(string name, CancellationToken stop)
    {
        try
        {
            var arn = $"{settings.StateMachineArn.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{name}";
            return await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn }, stop).ConfigureAwait(false);
        }
        catch (ExecutionDoesNotExistException)
        {
            return null;
        }
    }

    private async Task<IReadOnlyList<string>> Left(DrillPlan drill, CancellationToken stop)
    {
        var rds = aws.Rds(aws.Home);
        if (drill.Kind == DatabaseKind.Instance)
        {
            return await RestoredCopy.Instance(rds, drill.As, stop).ConfigureAwait(false) is null ? [] : [drill.As];
        }

        var member = drill.As + "-1";
        return
        [
            .. await RestoredCopy.Instance(rds, member, stop).ConfigureAwait(false) is null ? Array.Empty<string>() : [member],
            .. await RestoredCopy.Cluster(rds, drill.As, stop).ConfigureAwait(false) is null ? Array.Empty<string>() : [drill.As],
        ];
    }
}
