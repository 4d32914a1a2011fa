using System.Globalization;
using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;
using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>
/// One execution of a state machine. Time is the clock's: waits, limits and pauses between tries are its timers. It uses no thread of its own,
/// so on a virtual clock it runs the same way each time (Cancel and not CancelAsync: that one runs on the thread pool).
/// </summary>
/// <param name="chance">Draws the jitter of retries.</param>
/// <param name="maps">Runs what a Distributed Map starts; without it such a Map fails.</param>
public sealed partial class Execution(
    StateMachineDefinition definition, ExecutionFacts facts, JsonNode? input, ITaskRunner tasks, TimeProvider clock, Random chance, IMapRuns? maps = null)
{
    // AWS Step Functions Developer Guide, "Service quotas": 256 KiB of input or output of a state, task or execution.
    private const int LargestPayload = 256 * 1024;

    private readonly History history = new(clock);
    private readonly Chance shared = new(chance);

    public IReadOnlyList<ExecutionEvent> Events => history.Read();

    /// <summary>Whether the events keep inputs and outputs: of ten thousand executions they are gigabytes.</summary>
    public bool KeepsData { get; init; } = true;

    /// <summary>Runs to the end.</summary>
    /// <returns>The output.</returns>
    /// <exception cref="StatesError">The execution failed, or ran out of its time (States.Timeout).</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async Task<JsonNode?> Run(CancellationToken stop)
    {
        var last = history.Add(0, "ExecutionStarted", new EventDetails(Input: Kept(input)));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            var (output, end) = await Limited(
                token => Graph(definition.Graph, input, last, null, token), definition.TimeoutSeconds, ending.Token).ConfigureAwait(false);
            history.Add(end, "ExecutionSucceeded", new EventDetails(Output: Kept(output)));
            return output;
        }
        catch (StatesError failed)
        {
            var timedOut = failed is { Error: StatesError.Timeout } and TimeUp;
            history.Add(EventOf(failed) ?? Events[^1].Id, timedOut ? "ExecutionTimedOut" : "ExecutionFailed", new EventDetails(Error: failed.Error, Cause: failed.Cause));
            throw;
        }
        catch (OperationCanceledException)
        {
            history.Add(Events[^1].Id, "ExecutionAborted");
            throw;
        }
    }

    /// <summary>Runs a graph from its start; gives its output and its last event.</summary>
    private async Task<(JsonNode? Output, long Last)> Graph(StateGraph graph, JsonNode? data, long previous, MapItem? item, CancellationToken stop)
    {
        var name = graph.StartAt;
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            var state = graph.States[name];
            var step = await Step(state, data, previous, item, stop).ConfigureAwait(false);
            (data, previous) = (step.Output, step.Last);
            if (step.Next is null)
            {
                return (data, previous);
            }

            name = step.Next;
        }
    }

    private async Task<Outcome> Step(State state, JsonNode? raw, long previous, MapItem? item, CancellationToken stop)
    {
        var entered = clock.GetUtcNow();
        var last = history.Add(previous, $"{state.Type}StateEntered", new EventDetails(Name: state.Name, Input: Kept(raw)));
        try
        {
            var step = await Work(state, raw, last, entered, item, stop).ConfigureAwait(false);
            return step with { Last = history.Add(step.Last, $"{state.Type}StateExited", new EventDetails(Name: state.Name, Output: Kept(step.Output))) };
        }
        catch (StatesError failed) when (EventOf(failed) is null)
        {
            throw Marked(failed, last);
        }
        catch (OperationCanceledException) when (state is TaskState or WaitState or MapState or ParallelState)
        {
            history.Add(last, $"{state.Type}StateAborted");
            throw;
        }
    }

    private async Task<Outcome> Work(State state, JsonNode? raw, long last, DateTimeOffset entered, MapItem? item, CancellationToken stop) => state switch
    {
        TaskState task => await Tried(task.Retry, task.Catch, raw, last, (tries, at) => Task(task, raw, at, entered, tries, item, stop), stop).ConfigureAwait(false),
        ParallelState parallel => await Tried(parallel.Retry, parallel.Catch, raw, last, (tries, at) => Parallel(parallel, raw, at, entered, tries, item, stop), stop).ConfigureAwait(false),
        MapState { Distributed: { } mode } map => await Tried(
            map.Retry, map.Catch, raw, last, (tries, at) => DistributedMap(map, mode, raw, at, entered, tries, item, stop), stop).ConfigureAwait(false),
        MapState map => await Tried(map.Retry, map.Catch, raw, last, (tries, at) => Map(map, raw, at, entered, tries, item, stop), stop).ConfigureAwait(false),
        WaitState wait => await Wait(wait, raw, last, Context(state, entered, 0, item, null), stop).ConfigureAwait(false),
        ChoiceState choice => Choose(choice, raw, last, Context(state, entered, 0, item, null)),
        PassState pass => Passed(pass, raw, last, Context(state, entered, 0, item, null)),
        FailState fail => throw Failure(fail, new Scope(raw, Context(state, entered, 0, item, null), shared)),
        _ => Shaped(state, raw, Effective(state.Data, raw, Context(state, entered, 0, item, null)), last, Context(state, entered, 0, item, null)),
    };

    private static StatesError Failure(FailState fail, Scope scope) => new(
        fail.Error ?? Text(fail.ErrorPath?.Evaluate(scope)) ?? "", fail.Cause ?? Text(fail.CausePath?.Evaluate(scope)) ?? "");

    private Outcome Passed(PassState pass, JsonNode? raw, long last, Lazy<JsonObject> context)
    {
        var effective = Effective(pass.Data, raw, context);
        return Shaped(pass, raw, pass.HasResult ? pass.Result?.DeepClone() : effective, last, context);
    }

    private Outcome Choose(ChoiceState choice, JsonNode? raw, long last, Lazy<JsonObject> context)
    {
        var effective = Effective(choice.Data, raw, context);
        var scope = new Scope(effective, context, shared);
        var next = choice.Choices.FirstOrDefault(rule => rule.Holds(scope))?.Next ?? choice.Default
            ?? throw new StatesError(StatesError.NoChoiceMatched, $"State '{choice.Name}' has no choice for its input, and no Default.");
        return new Outcome(Output(choice.Data, effective, context), next, last);
    }

    private async Task<Outcome> Wait(WaitState wait, JsonNode? raw, long last, Lazy<JsonObject> context, CancellationToken stop)
    {
        var effective = Effective(wait.Data, raw, context);
        var scope = new Scope(effective, context, shared);
        var pause = wait switch
        {
            { Seconds: { } seconds } => TimeSpan.FromSeconds(seconds),
            { SecondsPath: { } path } => TimeSpan.FromSeconds(Number(path, scope)),
            { Timestamp: { } moment } => moment - clock.GetUtcNow(),
            _ => Moment(wait.TimestampPath!, scope) - clock.GetUtcNow(),
        };
        if (pause > TimeSpan.Zero)
        {
            await Waiting.Delay(pause, clock, stop).ConfigureAwait(false);
        }

        return new Outcome(Output(wait.Data, effective, context), wait.Next, last);
    }

    /// <summary>Parameters over the input that InputPath picks.</summary>
    private JsonNode? Effective(DataFlow data, JsonNode? raw, Lazy<JsonObject> context)
    {
        var picked = data.NoInput ? new JsonObject() : data.InputPath is { } path ? path.Select(new Scope(raw, context, shared).Root(path)) : raw;
        return data.Parameters is { } template ? template.Evaluate(new Scope(picked, context, shared)) : picked;
    }

    /// <summary>The result through ResultSelector and ResultPath into the raw input, and out through OutputPath.</summary>
    private Outcome Shaped(State state, JsonNode? raw, JsonNode? result, long last, Lazy<JsonObject> context)
    {
        var selected = state.Data.ResultSelector is { } selector ? selector.Evaluate(new Scope(result, context, shared)) : result;
        var whole = state.Data.NoResult ? raw : state.Data.ResultPath is { } path ? path.Put(raw, selected) : selected;
        return new Outcome(Output(state.Data, whole, context), state.Next, last);
    }

    private JsonNode? Output(DataFlow data, JsonNode? whole, Lazy<JsonObject> context)
    {
        var output = data.NoOutput ? new JsonObject() : data.OutputPath is { } path ? path.Select(new Scope(whole, context, shared).Root(path)) : whole;
        RequireSize(output, "state");
        return output?.DeepClone();
    }

    private static void RequireSize(JsonNode? payload, string what)
    {
        if (PayloadSize.Of(payload) is var size && size > LargestPayload)
        {
            throw new StatesError(
                StatesError.DataLimitExceeded, $"The {what} has a payload of {size} bytes, which exceeds the maximum number of bytes service limit ({LargestPayload}).");
        }
    }

    private Lazy<JsonObject> Context(State state, DateTimeOffset entered, int tries, MapItem? item, string? token) => new(() =>
    {
        var context = new JsonObject
        {
            ["Execution"] = new JsonObject
            {
                ["Id"] = facts.Arn, ["Name"] = facts.Name, ["RoleArn"] = facts.RoleArn, ["StartTime"] = Time(facts.StartedAt), ["Input"] = input?.DeepClone(),
            },
            ["StateMachine"] = new JsonObject { ["Id"] = facts.StateMachineArn, ["Name"] = facts.StateMachineName },
            ["State"] = new JsonObject { ["Name"] = state.Name, ["EnteredTime"] = Time(entered), ["RetryCount"] = tries },
        };
        if (item is not null)
        {
            context["Map"] = new JsonObject { ["Item"] = new JsonObject { ["Index"] = item.Index, ["Value"] = item.Value?.DeepClone() } };
        }

        if (token is not null)
        {
            context["Task"] = new JsonObject { ["Token"] = token };
        }

        return context;
    });

    /// <summary>Runs work with a time limit on the clock; when it is over the work is cancelled and States.Timeout thrown.</summary>
    private async Task<T> Limited<T>(Func<CancellationToken, Task<T>> work, double? seconds, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var running = work(ending.Token);
        if (seconds is null || running.IsCompleted)
        {
            return await running.ConfigureAwait(false);
        }

        var limit = Waiting.Delay(TimeSpan.FromSeconds(seconds.Value), clock, ending.Token);
        if (await System.Threading.Tasks.Task.WhenAny(running, limit).ConfigureAwait(false) == running || stop.IsCancellationRequested)
        {
            ending.Cancel();
            return await running.ConfigureAwait(false);
        }

        ending.Cancel();
        try
        {
            // So that what the end of the work tells stands before the end itself. All waiting inside heeds the cancellation.
            await running.ConfigureAwait(false);
        }
        catch (Exception ended) when (ended is StatesError or OperationCanceledException)
        {
        }

        throw new TimeUp(string.Create(CultureInfo.InvariantCulture, $"It took longer than the {seconds} seconds it may take."));
    }

    private static double Number(JsonPath path, Scope scope) => Values.Number(path.Select(scope.Root(path))) is { } number && number >= 0
        ? number
        : throw new StatesError(StatesError.Runtime, $"The path '{path}' must find a number that is not negative.");

    private static DateTimeOffset Moment(JsonPath path, Scope scope) =>
        Values.Time(path.Select(scope.Root(path))) is { } moment
            ? moment
            : throw new StatesError(StatesError.Runtime, $"The path '{path}' must find a timestamp such as 2026-11-21T03:00:00Z.");

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : node?.ToJsonString();

    private string? Kept(JsonNode? node) => KeepsData ? Written(node) : null;

    private static string Written(JsonNode? node) => node?.ToJsonString() ?? "null";

    private static string Time(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed record Outcome(JsonNode? Output, string? Next, long Last);

    private sealed record MapItem(int Index, JsonNode? Value);

    private sealed class TimeUp(string cause) : StatesError(StatesError.Timeout, cause);
}
