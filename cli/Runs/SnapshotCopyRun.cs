using System.Text.Json.Nodes;

using Dbre.Functions.Core;

namespace Dbre.Cli.Runs;

/// <summary>A night of a policy, started through the function that the schedule starts it through.</summary>
/// <param name="policies">What the policy file holds.</param>
/// <param name="scheduled">The time that the run is for.</param>
internal sealed class SnapshotCopyRun(string policy, JsonNode policies, DateTimeOffset scheduled) : IRun
{
    private const string Planner = "dbre-select-databases";
    private const string Starter = "dbre-start-nightly-run";

    public string Flow => Runs.Flow.SnapshotCopy;

    private string Payload => new JsonObject { ["policy"] = policy, ["policies"] = policies.DeepClone(), ["scheduledTime"] = Instant.Write(scheduled) }.ToJsonString();

    public async Task<Plan?> Plan(Account account, CancellationToken stop) =>
        Runs.Plan.Read(await FunctionCall.Invoke(account, Planner, Payload, stop).ConfigureAwait(false));

    public async Task<StartedRun> Start(Account account, CancellationToken stop)
    {
        var answer = await FunctionCall.Invoke(account, Starter, Payload, stop).ConfigureAwait(false);
        return new StartedRun((string)answer["operationId"]!, (bool)answer["started"]!);
    }
}
