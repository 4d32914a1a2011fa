using System.Text.Json.Nodes;

using Amazon.StepFunctions.Model;

using Dbre.Cli.Runs;
using Dbre.Cli.Terminal;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;

namespace Dbre.Cli.Drill;

/// <summary>Executions of the drill: followed to their end, and the evidence that they left.</summary>
internal sealed class DrillExecutions(LabClients clients, string account, string region, Progress progress, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>Follows what is started by <paramref name="start"/>, which gives the execution's ARN, and reads its evidence.</summary>
    /// <param name="called">What its progress is told under.</param>
    /// <exception cref="DrillException">It did not end in time, or left no evidence.</exception>
    public async Task<JsonObject> Follow(string flow, Func<CancellationToken, Task<string>> start, CancellationToken stop, string? called = null)
    {
        using var flows = clients.Flows(region);
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var limit = clock.CreateTimer(_ => bounded.Cancel(), null, Longest, Timeout.InfiniteTimeSpan);
        try
        {
            var execution = await start(bounded.Token).ConfigureAwait(false);
            await new ExecutionProgress(flows, execution, clock, progress, called).Follow(bounded.Token).ConfigureAwait(false);
            return await Evidence(flow, await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution }, bounded.Token).ConfigureAwait(false), stop).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new DrillException($"The execution of {flow} did not end within {Longest.TotalMinutes:0} minutes.");
        }
    }

    private async Task<JsonObject> Evidence(string flow, DescribeExecutionResponse ended, CancellationToken stop)
    {
        // Of runs that end together each writes its document anew until the chain takes it: the ledger knows which one it took.
        using var tables = clients.Tables(region);
        if (await new Ledger(tables, Decision.LedgerTable, clock).ReadEvidenceOf(flow, ended.Name, stop).ConfigureAwait(false) is not { } written)
        {
            throw new DrillException($"Execution '{ended.Name}' is {ended.Status} and left no evidence: {ended.Error}: {ended.Cause}");
        }

        using var objects = clients.Objects(region);
        using var stored = await objects.GetObjectAsync($"dbre-evidence-{account}-{region}", EvidenceStore.KeyOf(flow, ended.Name, written.Hash), stop).ConfigureAwait(false);
        return (await JsonNode.ParseAsync(stored.ResponseStream, cancellationToken: stop).ConfigureAwait(false))!.AsObject();
    }
}
