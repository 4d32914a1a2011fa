using System.Text.Json;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="Removed">What this clean-up removed before.</param>
public sealed record RemoveLeftoverTablesRequest(IReadOnlyList<string> Removed, string Since);

/// <param name="Status">Waiting while there is more to remove.</param>
public sealed record RemoveLeftoverTablesResult(StepStatus Status, string Reason, int WaitSeconds, IReadOnlyList<string> Removed);

/// <summary>
/// Removes the tables that drills restored and did not live to remove. It takes only what has a drill's name, came out of a restore, and is not
/// restored to by a drill that still runs.
/// </summary>
[Allow("dynamodb:ListTables", Why = "It looks for what nobody knows of.")]
[Allow("dynamodb:DescribeTable", "dynamodb:DeleteTable", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/dbre-drill-*")]
[Allow("states:ListExecutions", On = "${StateMachine:table-restore}")]
[Allow("states:DescribeExecution", On = "arn:${Partition}:states:${Region}:${Account}:execution:table-restore:*")]
public sealed class RemoveLeftoverTables(IAmazonDynamoDB dynamo, IAmazonStepFunctions flows, Settings settings, TimeProvider clock)
{
    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<RemoveLeftoverTablesResult> Handle(RemoveLeftoverTablesRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);

        // The tables first: a drill that begins meanwhile has none among them.
        var drills = await Drills(deadline.Token).ConfigureAwait(false);
        var inUse = drills.Count == 0 ? [] : await InUse(deadline.Token).ConfigureAwait(false);
        var (removed, left) = (request.Removed.ToList(), 0);
        foreach (var name in drills.Where(d => !inUse.Contains(d)))
        {
            if (await RestoredTable.Find(dynamo, name, deadline.Token).ConfigureAwait(false) is not { RestoreSummary: not null } table)
            {
                continue;
            }

            left++;
            if (table.TableStatus == TableStatus.ACTIVE && await RestoredTable.Remove(dynamo, name, deadline.Token).ConfigureAwait(false))
            {
                removed.Add(name);
            }
        }

        if (left == 0)
        {
            return new RemoveLeftoverTablesResult(StepStatus.Ready, "No drill's table is left.", 0, removed);
        }

        var (status, reason, seconds) = Patience.Wait($"Tables that drills left are being removed: {left}.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new RemoveLeftoverTablesResult(status, reason, seconds, removed);
    }

    private async Task<List<string>> Drills(CancellationToken stop)
    {
        var found = new List<string>();
        await foreach (var name in dynamo.Paginators.ListTables(new ListTablesRequest()).TableNames.WithCancellation(stop).ConfigureAwait(false))
        {
            if (name.StartsWith(TableRestorePlan.DrillPrefix, StringComparison.Ordinal))
            {
                found.Add(name);
            }
        }

        return found;
    }

    /// <summary>The names that running restores were given.</summary>
    private async Task<HashSet<string>> InUse(CancellationToken stop)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await foreach (var run in RecentRuns.Of(flows, RecentRuns.Beside(settings.StateMachineArn, "table-restore"), clock, stop).ConfigureAwait(false))
        {
            if (run.Status == ExecutionStatus.RUNNING)
            {
                var started = await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = run.ExecutionArn }, stop).ConfigureAwait(false);
                using var input = JsonDocument.Parse(started.Input);
                if (RestoreInput.Read(input.RootElement, []) is { } asked)
                {
                    names.Add(asked.As);
                }
            }
        }

        return names;
    }
}
