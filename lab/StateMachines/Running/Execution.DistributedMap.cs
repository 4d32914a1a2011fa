using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;
using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.StateMachines.Running;

/// <content>A Map in Distributed mode: each item is an execution of its own, and this one only keeps count.</content>
public sealed partial class Execution
{
    // AWS Step Functions Developer Guide, "Distributed mode": up to 10,000 child executions at once.
    private const int MostChildrenAtOnce = 10_000;

    private async Task<Outcome> DistributedMap(
        MapState map, DistributedMode mode, JsonNode? raw, long last, DateTimeOffset entered, int tries, MapItem? outer, CancellationToken stop)
    {
        var context = Context(map, entered, tries, outer, null);
        var effective = Effective(map.Data, raw, context);
        var scope = new Scope(effective, context, shared);
        var given = mode.Reader is null ? Items(map, effective, scope) : null;
        var percentage = mode.Tolerance.PercentagePath is { } share ? Number(share, scope) : mode.Tolerance.Percentage;
        var count = mode.Tolerance.CountPath is { } number ? (long)Number(number, scope) : mode.Tolerance.Count;
        var plan = new MapRunPlan(mode, map.Processor, Concurrency(map, scope), percentage ?? 0, count ?? 0);
        var started = history.Add(last, "MapStateStarted", new EventDetails(Length: given?.Count ?? 0));
        var run = (maps ?? throw new StatesError(StatesError.Runtime, $"State '{map.Name}' is a Distributed Map, and nothing here runs one.")).Begin(plan);
        var begun = history.Add(started, "MapRunStarted", new EventDetails(MapRunArn: run.Arn));
        try
        {
            var items = given ?? await Read(run, mode.Reader!, scope).ConfigureAwait(false);
            run.Expect(items.Count);
            var children = new Children(map, items, (index, value) => new Scope(effective, Context(map, entered, tries, new MapItem(index, value), null), shared));
            var failed = await children.Run(run, plan.MaxConcurrency, failures => Exceeds(failures, items.Count, percentage, count), stop).ConfigureAwait(false);
            JsonNode? result = mode.Writer is { } writer
                ? await Export(run, writer, children.Pending(), scope, failed).ConfigureAwait(false)
                : failed is null ? new JsonArray(children.Results) : throw failed;
            stop.ThrowIfCancellationRequested();
            run.End(MapRunEnd.Succeeded);
            var succeeded = history.Add(begun, "MapRunSucceeded");
            return Shaped(map, raw, result, history.Add(succeeded, "MapStateSucceeded"), context);
        }
        catch (StatesError failed) when (EventOf(failed) is null)
        {
            run.End(MapRunEnd.Failed);
            var told = Told(failed, begun, "MapRunFailed", EventDetails.None);
            throw Told(failed, EventOf(told) ?? begun, "MapStateFailed", EventDetails.None);
        }
        catch (OperationCanceledException)
        {
            run.End(MapRunEnd.Aborted);
            history.Add(begun, "MapRunAborted");
            throw;
        }
    }

    private static async Task<JsonArray> Read(IMapRun run, ItemReader reader, Scope scope)
    {
        var parameters = reader.Parameters.Evaluate(scope) as JsonObject;
        var text = await run.Read(Texts(parameters, "Bucket"), Texts(parameters, "Key")).ConfigureAwait(false);
        JsonArray items;
        try
        {
            items = Values.Read(text) as JsonArray ?? throw new StatesError(StatesError.ItemReaderFailed, "The item reader's object must hold a JSON list.");
        }
        catch (JsonException notJson)
        {
            throw new StatesError(StatesError.ItemReaderFailed, $"The item reader's object is not JSON: {notJson.Message}");
        }

        return reader.MaxItems < items.Count ? new JsonArray([.. items.Take(reader.MaxItems.Value).Select(i => i?.DeepClone())]) : items;
    }

    /// <summary>The results are written also when the run failed, which then stays the error that is told.</summary>
    private static async Task<JsonObject> Export(IMapRun run, PayloadTemplate writer, IReadOnlyList<JsonNode?> pending, Scope scope, StatesError? failed)
    {
        try
        {
            var parameters = writer.Evaluate(scope) as JsonObject;
            var written = await run.Export(Texts(parameters, "Bucket"), Texts(parameters, "Prefix"), pending).ConfigureAwait(false);
            return failed is null ? written : throw failed;
        }
        catch (StatesError unwritten) when (failed is not null && unwritten != failed)
        {
            throw new StatesError(failed.Error, $"{failed.Cause} And its results were not written: {unwritten.Cause}");
        }
    }

    private static string Texts(JsonObject? parameters, string name) =>
        Values.Text(parameters?[name]) ?? throw new StatesError(StatesError.Runtime, $"The parameter {name} must be a text, not {parameters?[name]?.ToJsonString() ?? "null"}.");

    /// <summary>Without a tolerance one failure is too many; with both, either counts.</summary>
    private static bool Exceeds(int failures, int items, double? percentage, long? count) =>
        (percentage, count) is (null, null) ? failures > 0 : failures > count || failures * 100.0 / items > percentage;

    /// <summary>The executions of a Map Run. Workers take the next item when they are done with one, so they start in the items' order.</summary>
    private sealed class Children(MapState map, JsonArray items, Func<int, JsonNode?, Scope> ofItem)
    {
        private int next;
        private int failures;

        public JsonNode?[] Results { get; } = new JsonNode?[items.Count];

        /// <returns>What ended the run before its time.</returns>
        public async Task<StatesError?> Run(IMapRun run, int most, Func<int, bool> tooMany, CancellationToken stop)
        {
            using var siblings = new Siblings(stop);
            var workers = Math.Min(items.Count, most is > 0 and < MostChildrenAtOnce ? most : MostChildrenAtOnce);
            return await siblings.All(Enumerable.Range(0, workers).Select(_ => Worker())).ConfigureAwait(false);

            async Task Worker()
            {
                while (!siblings.Ending.IsCancellationRequested && Interlocked.Increment(ref next) - 1 is var index && index < items.Count)
                {
                    try
                    {
                        var end = await run.Run(Input(index), siblings.Ending).ConfigureAwait(false);
                        Results[index] = end.Result;

                        // What is ended because the run ends is no failure of its own.
                        if (!end.Succeeded && !siblings.Ending.IsCancellationRequested && tooMany(Interlocked.Increment(ref failures)))
                        {
                            siblings.Fail(new StatesError(StatesError.ExceedToleratedFailureThreshold, "The specified tolerated failure threshold was exceeded"));
                        }
                    }
                    catch (StatesError failed)
                    {
                        siblings.Fail(failed);
                    }
                }
            }
        }

        /// <summary>The inputs of what was not started.</summary>
        public IReadOnlyList<JsonNode?> Pending() => [.. Enumerable.Range(0, items.Count).Skip(next).Select(Input)];

        private JsonNode? Input(int index)
        {
            var input = map.ItemSelector is { } selector ? selector.Evaluate(ofItem(index, items[index])) : items[index]?.DeepClone();
            RequireSize(input, "item's input");
            return input;
        }
    }
}
