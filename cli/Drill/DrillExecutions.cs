using System.Text.Json.Nodes;

using Amazon.StepFunctions.Model;

using Dbre.Cli.Runs;
using Dbre.Cli.Terminal;

namespace Dbre.Cli.Drill;

/// <summary>Executions of the drill: followed to their end, and the evidence that they left.</summary>
internal sealed class DrillExecutions(LabClients clients, string account, string region, Progress progress, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Follows what is started by <paramref name="start"/>, which gives the execution's ARN, and reads its evidence.</summary>
    /// <exception cref="DrillException">It did not end in time, or left no evidence.</exception>
    public async Task<JsonObject> Follow(string flow, Func<CancellationToken, Task<string>> start, CancellationToken stop)
    {
        using var flows = clients.Flows(region);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var limit = clock.CreateTimer(_ => bounded.Cancel(), null, Longest, Timeout.InfiniteTimeSpan);
        try
        {
            var execution = await start(bounded.Token).ConfigureAwait(false);
            await new ExecutionProgress(flows, execution, clock, progress).Follow(bounded.Token).ConfigureAwait(false);
            return await Evidence(flow, await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution }, bounded.Token).ConfigureAwait(false), stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new DrillException($"The execution of {flow} did not end within {Longest.TotalMinutes:0} minutes.");
        }
    }

    private async Task<JsonObject> Evidence(string flow, DescribeExecutionResponse ended, CancellationToken stop)
    {
        using var objects = clients.Objects(region);
        var bucket = $"dbre-evidence-{account}-{region}";
        var found = await objects.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request { BucketName = bucket, Prefix = $"evidence/{flow}/{ended.Name}/" }, stop).ConfigureAwait(false);
        if (found.S3Objects is not [var written])
        {
            throw new DrillException($"Execution '{ended.Name}' is {ended.Status} and left no evidence: {ended.Error}: {ended.Cause}");
        }

        using var stored = await objects.GetObjectAsync(bucket, written.Key, stop).ConfigureAwait(false);
        return (await JsonNode.ParseAsync(stored.ResponseStream, cancellationToken: stop).ConfigureAwait(false))!.AsObject();
    }
}
