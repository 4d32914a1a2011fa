using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;
using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>The states that do work: Task, Parallel, Map.</summary>
public sealed partial class Execution
{
    private async Task<Outcome> Task(TaskState task, JsonNode? raw, long last, DateTimeOffset entered, int tries, MapItem? item, CancellationToken stop)
    {
        var token = $"{facts.Name}:{last}:{tries}";
        var context = Context(task, entered, tries, item, token);
        var arguments = Effective(task.Data, raw, context);
        var scope = new Scope(raw, context);
        var timeout = task.Timeout is { Path: { } path } ? Number(path, scope) : task.Timeout.Seconds;
        var heartbeat = task.Heartbeat is { Path: { } beat } ? Number(beat, scope) : task.Heartbeat.Seconds;
        last = history.Add(last, "TaskScheduled", new EventDetails(Resource: task.Resource, Parameters: Written(arguments), TimeoutSeconds: timeout));
        last = history.Add(last, "TaskStarted", new EventDetails(Resource: task.Resource));
        JsonNode? result;
        try
        {
            var call = new TaskCall(task.Resource, arguments, token, heartbeat is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            result = await Limited(ending => tasks.Run(call, ending), timeout, stop).ConfigureAwait(false);
        }
        catch (StatesError failed)
        {
            var type = failed.Error is StatesError.Timeout or StatesError.HeartbeatTimeout ? "TaskTimedOut" : "TaskFailed";
            throw Told(failed is TimeUp ? new StatesError(failed.Error, failed.Cause) : failed, last, type, new EventDetails(Resource: task.Resource));
        }

        last = history.Add(last, "TaskSucceeded", new EventDetails(Resource: task.Resource, Output: Written(result)));
        return Shaped(task, raw, result, last, context);
    }

    private async Task<Outcome> Parallel(ParallelState parallel, JsonNode? raw, long last, DateTimeOffset entered, MapItem? item, CancellationToken stop)
    {
        var context = Context(parallel, entered, 0, item, null);
        var effective = Effective(parallel.Data, raw, context);
        var started = history.Add(last, "ParallelStateStarted");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var results = new JsonNode?[parallel.Branches.Count];
        var latest = started;
        try
        {
            await Together([.. parallel.Branches.Select((branch, i) => Run(branch, i))], ending).ConfigureAwait(false);
        }
        catch (StatesError failed)
        {
            throw Told(failed, latest, "ParallelStateFailed", EventDetails.None);
        }

        return Shaped(parallel, raw, new JsonArray([.. results]), history.Add(latest, "ParallelStateSucceeded"), context);

        async Task<bool> Run(StateGraph branch, int index)
        {
            var (output, end) = await Graph(branch, effective?.DeepClone(), started, item, ending.Token).ConfigureAwait(false);
            (results[index], latest) = (output?.DeepClone(), end);
            return true;
        }
    }

    private async Task<Outcome> Map(MapState map, JsonNode? raw, long last, DateTimeOffset entered, MapItem? outer, CancellationToken stop)
    {
        var context = Context(map, entered, 0, outer, null);
        var effective = Effective(map.Data, raw, context);
        var scope = new Scope(effective, context);
        var items = (map.ItemsPath is { } path ? path.Select(scope.Root(path)) : effective) as JsonArray
            ?? throw new StatesError(StatesError.Runtime, $"State '{map.Name}': ItemsPath '{map.ItemsPath?.Text ?? "$"}' must name a list.");
        var most = map.MaxConcurrencyPath is { } limit ? (int)Number(limit, scope) : map.MaxConcurrency;
        var started = history.Add(last, "MapStateStarted", new EventDetails(Length: items.Count));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var results = new JsonNode?[items.Count];
        var latest = started;
        var next = 0;
        try
        {
            await Together([.. Enumerable.Range(0, Math.Min(items.Count, most > 0 ? most : items.Count)).Select(_ => Worker())], ending).ConfigureAwait(false);
        }
        catch (StatesError failed)
        {
            throw Told(failed, latest, "MapStateFailed", EventDetails.None);
        }

        return Shaped(map, raw, new JsonArray([.. results]), history.Add(latest, "MapStateSucceeded"), context);

        // Each worker takes the next item when it is done with one: the order of starts is the order of the items.
        async Task<bool> Worker()
        {
            while (true)
            {
                var index = Interlocked.Increment(ref next) - 1;
                if (index >= items.Count)
                {
                    return true;
                }

                await Iterate(index).ConfigureAwait(false);
            }
        }

        async Task Iterate(int index)
        {
            var item = new MapItem(index, items[index]);
            var begun = history.Add(started, "MapIterationStarted", new EventDetails(Name: map.Name, Index: index));
            try
            {
                var given = map.ItemSelector is { } selector ? selector.Evaluate(new Scope(effective, Context(map, entered, 0, item, null))) : items[index]?.DeepClone();
                var (output, end) = await Graph(map.Processor, given, begun, item, ending.Token).ConfigureAwait(false);
                results[index] = output?.DeepClone();
                latest = history.Add(end, "MapIterationSucceeded", new EventDetails(Name: map.Name, Index: index));
            }
            catch (StatesError failed)
            {
                latest = history.Add(failed.Data["event"] as long? ?? begun, "MapIterationFailed", new EventDetails(Name: map.Name, Index: index));
                throw;
            }
            catch (OperationCanceledException)
            {
                history.Add(begun, "MapIterationAborted", new EventDetails(Name: map.Name, Index: index));
                throw;
            }
        }
    }

    /// <summary>Waits for all; the first failure ends the others and is the one that is told.</summary>
    private static async Task Together(IReadOnlyList<Task<bool>> parts, CancellationTokenSource ending)
    {
        var open = parts.ToList();
        StatesError? first = null;
        while (open.Count > 0)
        {
            var done = await System.Threading.Tasks.Task.WhenAny(open).ConfigureAwait(false);
            open.Remove(done);
            try
            {
                await done.ConfigureAwait(false);
            }
            catch (StatesError failed)
            {
                first ??= failed;
                ending.Cancel();
            }
            catch (OperationCanceledException) when (first is not null)
            {
                // Ended because another failed.
            }
        }

        if (first is not null)
        {
            throw first;
        }
    }
}
