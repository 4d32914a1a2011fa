using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Cli.Runs;

/// <summary>The state machine as it is deployed, found by its name.</summary>
internal sealed record Flow(string Name, string Arn)
{
    /// <summary>The flows that there are; a command refuses any other name.</summary>
    public static readonly IReadOnlyList<string> Names = [SnapshotCopy, PitrRestore, TableRestore, RestoreDrill, CleanUp];

    public const string SnapshotCopy = "snapshot-copy";
    public const string PitrRestore = "pitr-restore";
    public const string TableRestore = "table-restore";
    public const string RestoreDrill = "restore-drill";
    public const string CleanUp = "clean-up";

    public string ExecutionArn(string operationId) => $"{Arn.Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{operationId}";

    /// <exception cref="BadInputException">It is not deployed in this account and Region.</exception>
    public static async Task<Flow> Find(Account account, string name, CancellationToken stop)
    {
        await foreach (var page in account.Flows.Paginators.ListStateMachines(new ListStateMachinesRequest()).Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            if (page.StateMachines?.FirstOrDefault(m => m.Name == name) is { } machine)
            {
                return new Flow(name, machine.StateMachineArn);
            }
        }

        throw account.Lacks($"The state machine '{name}'");
    }

    /// <summary>The newest executions of all flows, newest first.</summary>
    public static async Task<IReadOnlyList<ExecutionListItem>> Executions(Account account, int most, CancellationToken stop)
    {
        var found = new List<ExecutionListItem>();
        foreach (var name in Names)
        {
            var flow = await Find(account, name, stop).ConfigureAwait(false);
            found.AddRange(await flow.Newest(account.Flows, most, stop).ConfigureAwait(false));
        }

        return [.. found.OrderByDescending(e => e.StartDate).Take(most)];
    }

    private async Task<List<ExecutionListItem>> Newest(IAmazonStepFunctions flows, int most, CancellationToken stop)
    {
        var found = new List<ExecutionListItem>();
        var request = new ListExecutionsRequest { StateMachineArn = Arn, MaxResults = Math.Min(most, 1000) };
        await foreach (var page in flows.Paginators.ListExecutions(request).Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            found.AddRange(page.Executions ?? []);
            if (found.Count >= most)
            {
                break;
            }
        }

        return found;
    }
}
