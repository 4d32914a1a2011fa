using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Cli.Terminal;

namespace Dbre.Cli.Runs;

/// <summary>Follows an execution to its end, and tells how far each of its databases is.</summary>
/// <param name="called">What the run itself is called; null for just that.</param>
internal sealed class ExecutionProgress(IAmazonStepFunctions flows, string executionArn, TimeProvider clock, Progress progress, string? called = null)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly ExecutionView view = new(called);

    // Each database is an execution of its own, followed until it ended.
    private readonly Dictionary<string, ExecutionView> open = new(StringComparer.Ordinal);
    private readonly HashSet<string> ended = new(StringComparer.Ordinal);
    private readonly long started = clock.GetTimestamp();

    /// <exception cref="ExecutionDoesNotExistException">There is no such execution.</exception>
    public async Task<ExecutionEnd> Follow(CancellationToken stop)
    {
        while (true)
        {
            var execution = await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = executionArn }, stop).ConfigureAwait(false);
            view.Take(await New(executionArn, view.Seen, stop).ConfigureAwait(false), progress);
            await FollowDatabases(stop).ConfigureAwait(false);
            if (execution.Status != ExecutionStatus.RUNNING)
            {
                return ExecutionEnd.Of(execution);
            }

            await Task.Delay(Pause, clock, stop).ConfigureAwait(false);
        }
    }

    // A short run is followed closely, one of hours every ten seconds; and never more than about twenty calls a second, which Step Functions allows.
    private TimeSpan Pause => TimeSpan.FromTicks(
        Math.Clamp(clock.GetElapsedTime(started).Ticks / 60, Math.Max(ShortestPause.Ticks, TimeSpan.FromMilliseconds(50 * open.Count).Ticks), LongestPause.Ticks));

    private async Task FollowDatabases(CancellationToken stop)
    {
        foreach (var run in (await flows.ListMapRunsAsync(new ListMapRunsRequest { ExecutionArn = executionArn }, stop).ConfigureAwait(false)).MapRuns ?? [])
        {
            var request = new ListExecutionsRequest { MapRunArn = run.MapRunArn, MaxResults = 1000 };
            await foreach (var page in flows.Paginators.ListExecutions(request).Responses.WithCancellation(stop).ConfigureAwait(false))
            {
                foreach (var database in (page.Executions ?? []).Where(e => !ended.Contains(e.ExecutionArn)).OrderBy(e => e.StartDate))
                {
                    await FollowDatabase(database, stop).ConfigureAwait(false);
                }
            }
        }
    }

    private async Task FollowDatabase(ExecutionListItem execution, CancellationToken stop)
    {
        if (!open.TryGetValue(execution.ExecutionArn, out var database))
        {
            open.Add(execution.ExecutionArn, database = new ExecutionView());
        }

        database.Take(await New(execution.ExecutionArn, database.Seen, stop).ConfigureAwait(false), progress);
        if (execution.Status != ExecutionStatus.RUNNING)
        {
            open.Remove(execution.ExecutionArn);
            ended.Add(execution.ExecutionArn);
        }
    }

    /// <summary>The events since the last look, newest first until one is known: a long history is not read again each time.</summary>
    private async Task<List<HistoryEvent>> New(string arn, long seen, CancellationToken stop)
    {
        var found = new List<HistoryEvent>();
        var request = new GetExecutionHistoryRequest { ExecutionArn = arn, MaxResults = 200, ReverseOrder = true, IncludeExecutionData = true };
        await foreach (var page in flows.Paginators.GetExecutionHistory(request).Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            var events = page.Events ?? [];
            found.AddRange(events.Where(e => e.Id > seen));
            if (events.Any(e => e.Id <= seen))
            {
                break;
            }
        }

        return found;
    }
}
