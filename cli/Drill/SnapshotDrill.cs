using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core.Evidence;
using Dbre.Lab.Host;

namespace Dbre.Cli.Drill;

/// <summary>
/// The nightly snapshot copy, rehearsed: real servers are made and filled, the schedule fires, the deployed functions and state machine do the
/// night's work, and what they claim is checked against what was written.
/// </summary>
internal sealed class SnapshotDrill(LabHost lab, DrillLog log, TimeProvider clock)
{
    private const string Region = "us-east-1";
    private const string Account = "111111111111";
    private static readonly TimeSpan LongestNight = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly LabClients clients = new(lab.Address);

    /// <summary>Gives the evidence of the night.</summary>
    /// <exception cref="DrillException">A proof did not hold.</exception>
    public async Task<JsonObject> Run(CancellationToken stop)
    {
        var fleet = new DrillFleet(clients, Region, lab.DatabaseAuthorityFile, clock);
        var witnessed = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var database in DrillDatabase.Fleet)
        {
            witnessed[database.Id] = await fleet.Make(database, stop).ConfigureAwait(false);
            log.Line($"{database.Id}: {(database.Cluster ? "Aurora cluster" : "instance")} with {witnessed[database.Id]:N0} rows is available in {Region}.");
        }

        var scheduled = clock.GetUtcNow();
        scheduled = scheduled.AddTicks(-(scheduled.Ticks % TimeSpan.TicksPerMinute));
        log.Line("The nightly schedule fires.");
        await lab.FireSchedule(Account, Region, "dbre", "snapshot-copy-nightly", scheduled).ConfigureAwait(false);
        var ended = await Follow(stop).ConfigureAwait(false);
        var record = await Evidence(ended, stop).ConfigureAwait(false);
        Check(record, witnessed);
        return record;
    }

    private async Task<DescribeExecutionResponse> Follow(CancellationToken stop)
    {
        using var flows = clients.Flows(Region);
        var give = clock.GetUtcNow() + LongestNight;
        var machine = (await flows.ListStateMachinesAsync(new ListStateMachinesRequest(), stop).ConfigureAwait(false)).StateMachines.Single(m => m.Name == "snapshot-copy");
        var progress = new StepLog(log);
        while (clock.GetUtcNow() < give)
        {
            var executions = (await flows.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = machine.StateMachineArn }, stop).ConfigureAwait(false)).Executions;
            if (executions is [var execution, ..])
            {
                await progress.Tell(flows, execution.ExecutionArn, stop).ConfigureAwait(false);
                if (execution.Status != ExecutionStatus.RUNNING)
                {
                    return await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = execution.ExecutionArn }, stop).ConfigureAwait(false);
                }
            }

            await Task.Delay(Look, clock, stop).ConfigureAwait(false);
        }

        throw new DrillException($"The night's execution did not end within {LongestNight.TotalMinutes:0} minutes.");
    }

    private async Task<JsonObject> Evidence(DescribeExecutionResponse ended, CancellationToken stop)
    {
        using var objects = clients.Objects(Region);
        var bucket = $"dbre-evidence-{Account}-{Region}";
        var found = await objects.ListObjectsV2Async(new Amazon.S3.Model.ListObjectsV2Request { BucketName = bucket, Prefix = $"evidence/snapshot-copy/{ended.Name}/" }, stop).ConfigureAwait(false);
        if (found.S3Objects is not [var written])
        {
            throw new DrillException($"Execution '{ended.Name}' is {ended.Status} and left no evidence: {ended.Error}: {ended.Cause}");
        }

        using var stored = await objects.GetObjectAsync(bucket, written.Key, stop).ConfigureAwait(false);
        return (await JsonNode.ParseAsync(stored.ResponseStream, cancellationToken: stop).ConfigureAwait(false))!.AsObject();
    }

    /// <summary>The drill's own verdict: what the evidence says must agree with what was written down when the databases were filled.</summary>
    private static void Check(JsonObject record, Dictionary<string, long> witnessed)
    {
        var measured = record["measured"]!;
        var problem = new (bool Holds, string Sentence)[]
        {
            ((string)record["outcome"]! == "Succeeded", $"The night ended {record["outcome"]}: {record["reason"]}"),
            (EvidenceStore.Hash(record) == (string)record["hash"]!, "The evidence does not match its hash."),
            ((int)measured["databases"]! == witnessed.Count, $"{measured["databases"]} databases are in the evidence; {witnessed.Count} were made."),
            ((int)measured["proven"]! == witnessed.Count, $"{measured["proven"]} copies are proven; {witnessed.Count} should be."),
            ((long?)measured["rowsExpected"] == witnessed.Values.Sum(), $"The evidence expects {measured["rowsExpected"]} rows; {witnessed.Values.Sum()} were written."),
            ((long?)measured["rowsFound"] == witnessed.Values.Sum(), $"{measured["rowsFound"]} rows were found in the restored copies; {witnessed.Values.Sum()} were written."),
            ((bool?)measured["checksumsEqual"] == true, "Not all checksums of the restored copies are equal."),
        }.FirstOrDefault(check => !check.Holds).Sentence;
        if (problem is not null)
        {
            throw new DrillException(problem);
        }
    }
}
