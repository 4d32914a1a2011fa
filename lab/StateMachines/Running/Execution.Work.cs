using System.Text;
using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;
using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>The states that do work: Task, Parallel, Map.</summary>
public sealed partial class Execution
{
    // AWS Step Functions Developer Guide, "Inline mode": up to 40 iterations at once, whatever MaxConcurrency says.
    private const int MostIterationsAtOnce = 40;

    private async Task<Outcome> Task(TaskState task, JsonNode? raw, long last, DateTimeOffset entered, int tries, MapItem? item, CancellationToken stop)
    {
        var token = task.Resource.EndsWith(".waitForTaskToken", StringComparison.Ordinal) ? Convert.ToBase64String(Encoding.UTF8.GetBytes($"{facts.Arn}:{last}:{tries}")) : null;
        var context = Context(task, entered, tries, item, token);
        var arguments = Effective(task.Data, raw, context);
        RequireSize(arguments, "task's input");
        var scope = new Scope(raw, context, shared);
        var timeout = task.Timeout is { Path: { } path } ? Number(path, scope) : task.Timeout.Seconds;
        var heartbeat = task.Heartbeat is { Path: { } beat } ? Number(beat, scope) : task.Heartbeat.Seconds;
        last = history.Add(
            last, "TaskScheduled", new EventDetails(Resource: task.Resource, Parameters: Kept(arguments), TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat));
        last = history.Add(last, "TaskStarted", new EventDetails(Resource: task.Resource));
        JsonNode? result;
        try
        {
            var call = new TaskCall(task.Resource, arguments, token, heartbeat is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
            result = await Limited(ending => Waiting.Until(tasks.Run(call, ending), ending), timeout, stop).ConfigureAwait(false);
            RequireSize(result, "task's result");
        }
        catch (StatesError failed)
        {
            var type = failed.Error is StatesError.Timeout or StatesError.HeartbeatTimeout ? "TaskTimedOut" : "TaskFailed";
            throw Told(failed, last, type, new EventDetails(Resource: task.Resource));
        }

        last = history.Add(last, "TaskSucceeded", new EventDetails(Resource: task.Resource, Output: Kept(result)));
        return Shaped(task, raw, result, last, context);
    }

    private async Task<Outcome> Parallel(ParallelState parallel, JsonNode? raw, long last, DateTimeOffset entered, int tries, MapItem? item, CancellationToken stop)
    {
        var context = Context(parallel, entered, tries, item, null);
        var effective = Effective(parallel.Data, raw, context);
        var started = history.Add(last, "ParallelStateStarted");
        using var siblings = new Siblings(stop);
        var results = new JsonNode?[parallel.Branches.Count];
        var latest = started;
        if (await siblings.All(parallel.Branches.Select((branch, i) => Run(branch, i))).ConfigureAwait(false) is { } failed)
        {
            throw Told(failed, EventOf(failed) ?? started, "ParallelStateFailed", EventDetails.None);
        }

        return Shaped(parallel, raw, new JsonArray(results), history.Add(latest, "ParallelStateSucceeded"), context);

        async Task Run(StateGraph branch, int index)
        {
            try
            {
                var (output, end) = await Graph(branch, effective?.DeepClone(), started, item, siblings.Ending).ConfigureAwait(false);
                (results[index], latest) = (output?.DeepClone(), end);
            }
            catch (StatesError failed)
            {
                siblings.Fail(failed);
            }
        }
    }

    private static JsonArray Items(MapState map, JsonNode? effective, Scope scope) => (map.ItemsPath is { } path ? path.Select(scope.Root(path)) : effective) as JsonArray
        ?? throw new StatesError(StatesError.Runtime, $"State '{map.Name}': ItemsPath '{map.ItemsPath?.Text ?? "$"}' must name a list.");

    private static int Concurrency(MapState map, Scope scope) => map.MaxConcurrencyPath is { } limit ? (int)Number(limit, scope) : map.MaxConcurrency;

    private async Task<Outcome> Map(MapState map, JsonNode? raw, long last, DateTimeOffset entered, int tries, MapItem? outer, CancellationToken stop)
    {
        var context = Context(map, entered, tries, outer, null);
        var effective = Effective(map.Data, raw, context);
        var scope = new Scope(effective, context, shared);
        var items = Items(map, effective, scope);
        var most = Concurrency(map, scope);
        var started = history.Add(last, "MapStateStarted", new EventDetails(Length: items.Count));
        using var siblings = new Siblings(stop);
        var results = new JsonNode?[items.Count];
        var latest = started;
        var next = 0;
        var workers = Math.Min(items.Count, most is > 0 and < MostIterationsAtOnce ? most : MostIterationsAtOnce);
        if (await siblings.All(Enumerable.Range(0, workers).Select(_ => Worker())).ConfigureAwait(false) is { } failed)
        {
            throw Told(failed, EventOf(failed) ?? started, "MapStateFailed", EventDetails.None);
        }

        return Shaped(map, raw, new JsonArray(results), history.Add(latest, "MapStateSucceeded"), context);

        // Each worker takes the next item when it is done with one: the order of starts is the order of the items.
        async Task Worker()
        {
            while (!siblings.Ending.IsCancellationRequested && Interlocked.Increment(ref next) - 1 is var index && index < items.Count)
            {
                await Iterate(index).ConfigureAwait(false);
            }
        }

        async Task Iterate(int index)
        {
            var item = new MapItem(index, items[index]);
            var begun = history.Add(started, "MapIterationStarted", new EventDetails(Name: map.Name, Index: index));
            try
            {
                var given = map.ItemSelector is { } selector
                    ? selector.Evaluate(new Scope(effective, Context(map, entered, tries, item, null), shared))
                    : items[index]?.DeepClone();
                var (output, end) = await Graph(map.Processor, given, begun, item, siblings.Ending).ConfigureAwait(false);
                results[index] = output?.DeepClone();
                latest = history.Add(end, "MapIterationSucceeded", new EventDetails(Name: map.Name, Index: index));
            }
            catch (StatesError failed)
            {
                siblings.Fail(Marked(failed, history.Add(EventOf(failed) ?? begun, "MapIterationFailed", new EventDetails(Name: map.Name, Index: index))));
            }
            catch (OperationCanceledException)
            {
                history.Add(begun, "MapIterationAborted", new EventDetails(Name: map.Name, Index: index));
                throw;
            }
        }
    }
}
