using System.Text.Json.Nodes;

using Dbre.Functions.Core;

namespace Dbre.Cli.Runs;

/// <summary>A night of a policy, or its restore drill, started through the function that the schedule starts it through.</summary>
/// <param name="flow">Which of the two.</param>
/// <param name="policies">What the policy file holds.</param>
/// <param name="scheduled">The time that the run is for.</param>
internal sealed class PolicyRun(string flow, string policy, JsonNode policies, DateTimeOffset scheduled) : IRun
{
    private readonly string planner = flow == Runs.Flow.RestoreDrill ? "dbre-select-drills" : "dbre-select-databases";
    private const string Starter = "dbre-start-nightly-run";

    public string Flow => flow;

    private string Payload => new JsonObject { ["policy"] = policy, ["policies"] = policies.DeepClone(), ["scheduledTime"] = Instant.Write(scheduled), ["flow"] = flow }.ToJsonString();

    public async Task<Plan?> Plan(Account account, CancellationToken stop) =>
        Runs.Plan.Read(await FunctionCall.Invoke(account, planner, Payload, stop).ConfigureAwait(false));

    public async Task<StartedRun> Start(Account account, CancellationToken stop)
    {
        var answer = await FunctionCall.Invoke(account, Starter, Payload, stop).ConfigureAwait(false);
        return new StartedRun((string)answer["operationId"]!, (bool)answer["started"]!);
    }
}
