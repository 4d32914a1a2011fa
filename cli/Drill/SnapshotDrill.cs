using System.Text.Json.Nodes;

using Amazon.StepFunctions.Model;

using Dbre.Cli.Report;
using Dbre.Cli.Terminal;
using Dbre.Functions.Core.Evidence;
using Dbre.Lab.Host;

namespace Dbre.Cli.Drill;

/// <summary>
/// The nightly snapshot copy, rehearsed: real servers are made and filled, the schedule fires, the deployed functions and state machine do the
/// night's work, and what they claim is checked against what was written.
/// </summary>
internal sealed class SnapshotDrill(LabHost lab, Progress progress, TimeProvider clock)
{
    private const string Region = "us-east-1";
    private const string Account = "111111111111";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly LabClients clients = new(lab.Address);

    /// <summary>Adds the evidence of the night to <paramref name="records"/>, also when it is not what it should be.</summary>
    /// <exception cref="DrillException">A proof did not hold.</exception>
    public async Task Run(JsonArray records, CancellationToken stop)
    {
        var fleet = new DrillFleet(clients, Region, lab.DatabaseAuthorityFile, clock);
        var witnessed = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var database in DrillDatabase.Fleet)
        {
            progress.At(database.Id, "make and fill the server", share: null);
            witnessed[database.Id] = await fleet.Make(database, stop).ConfigureAwait(false);
            progress.End(database.Id, Wording.Invariant($"{(database.Cluster ? "Aurora cluster" : $"{database.Engine.Name} instance")} in {Region} with {Wording.Count(witnessed[database.Id])} rows"), failed: false);
        }

        var scheduled = clock.GetUtcNow();
        scheduled = scheduled.AddTicks(-(scheduled.Ticks % TimeSpan.TicksPerMinute));
        progress.Say("The nightly schedule fires.");
        await lab.FireSchedule(Account, Region, "dbre", "snapshot-copy-nightly", scheduled).ConfigureAwait(false);
        var record = await new DrillExecutions(clients, Account, Region, progress, clock).Follow("snapshot-copy", Started, stop).ConfigureAwait(false);
        records.Add(record);
        Check(record, witnessed);
    }

    private async Task<string> Started(CancellationToken stop)
    {
        using var flows = clients.Flows(Region);
        var machine = (await flows.ListStateMachinesAsync(new ListStateMachinesRequest(), stop).ConfigureAwait(false)).StateMachines.Single(m => m.Name == "snapshot-copy");
        while (true)
        {
            if ((await flows.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = machine.StateMachineArn }, stop).ConfigureAwait(false)).Executions is [var execution, ..])
            {
                return execution.ExecutionArn;
            }

            await Task.Delay(Look, clock, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The drill's own verdict: what the evidence says must agree with what was written down when the databases were filled.</summary>
    private static void Check(JsonObject record, Dictionary<string, long> witnessed)
    {
        var measured = record["measured"]!;
        var problem = new (bool Holds, string Sentence)[]
        {
            ((string)record["outcome"]! == "Succeeded", $"The night ended {record["outcome"]}: {record["reason"]}"),
            (EvidenceStore.Hash(record) == (string)record["hash"]!, "The evidence does not match its hash."),
            ((int)measured["databases"]! == witnessed.Count, $"The evidence has {measured["databases"]} of the {witnessed.Count} databases that were made."),
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
