using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;

namespace Dbre.Lab.StateMachines.Definition;

/// <summary>A state as parsed: everything checked, nothing left of the text.</summary>
public abstract record State(string Name, string Type, string? Next, DataFlow Data);

/// <summary>What every state may do with its data, in the order of the fields.</summary>
/// <param name="InputPath">Null with <paramref name="NoInput"/> false is the whole input.</param>
/// <param name="NoInput">The field is there and null: the state gets <c>{}</c>.</param>
public sealed record DataFlow(
    JsonPath? InputPath, bool NoInput, PayloadTemplate? Parameters, PayloadTemplate? ResultSelector, JsonPath? ResultPath, bool NoResult, JsonPath? OutputPath, bool NoOutput)
{
    public static readonly DataFlow Plain = new(null, false, null, null, null, false, null, false);
}

public sealed record TaskState(
    string Name, string? Next, DataFlow Data, string Resource, TimeLimit Timeout, TimeLimit Heartbeat, IReadOnlyList<Retrier> Retry, IReadOnlyList<Catcher> Catch)
    : State(Name, "Task", Next, Data);

public sealed record PassState(string Name, string? Next, DataFlow Data, JsonNode? Result, bool HasResult) : State(Name, "Pass", Next, Data);

public sealed record ChoiceState(string Name, DataFlow Data, IReadOnlyList<ChoiceRule> Choices, string? Default) : State(Name, "Choice", null, Data);

public sealed record WaitState(string Name, string? Next, DataFlow Data, double? Seconds, JsonPath? SecondsPath, DateTimeOffset? Timestamp, JsonPath? TimestampPath)
    : State(Name, "Wait", Next, Data);

public sealed record SucceedState(string Name, DataFlow Data) : State(Name, "Succeed", null, Data);

public sealed record FailState(string Name, string? Error, Intrinsic? ErrorPath, string? Cause, Intrinsic? CausePath) : State(Name, "Fail", null, DataFlow.Plain);

public sealed record ParallelState(string Name, string? Next, DataFlow Data, IReadOnlyList<StateGraph> Branches, IReadOnlyList<Retrier> Retry, IReadOnlyList<Catcher> Catch)
    : State(Name, "Parallel", Next, Data);

/// <param name="MaxConcurrency">0 is as many as there are.</param>
/// <param name="Distributed">Null is an inline Map.</param>
public sealed record MapState(
    string Name, string? Next, DataFlow Data, JsonPath? ItemsPath, PayloadTemplate? ItemSelector, StateGraph Processor, int MaxConcurrency, JsonPath? MaxConcurrencyPath,
    DistributedMode? Distributed, IReadOnlyList<Retrier> Retry, IReadOnlyList<Catcher> Catch)
    : State(Name, "Map", Next, Data);

/// <summary>What a Map has that runs each item as an execution of its own.</summary>
/// <param name="Label">Stands in the ARNs of its Map Runs and of their executions.</param>
/// <param name="Processor">The ASL that each of them runs, as written.</param>
/// <param name="Reader">Where the items are; null is the state's input.</param>
/// <param name="Writer">Where the results go; null is the state's output.</param>
public sealed record DistributedMode(string Label, string Processor, ItemReader? Reader, Tolerance Tolerance, PayloadTemplate? Writer);

/// <summary>A JSON list in an S3 object, or the first items of it.</summary>
public sealed record ItemReader(PayloadTemplate Parameters, int? MaxItems);

/// <summary>How many of its executions may fail before a Map Run does; none unless said.</summary>
public sealed record Tolerance(double? Percentage, JsonPath? PercentagePath, long? Count, JsonPath? CountPath);

/// <summary>Seconds, fixed or from a path; neither is no limit.</summary>
public sealed record TimeLimit(double? Seconds, JsonPath? Path)
{
    public static readonly TimeLimit None = new(null, null);
}

/// <summary>When and how often a failed state is run again. Defaults are Amazon States Language's: 1 s, 3 times, doubling.</summary>
public sealed record Retrier(IReadOnlyList<string> Errors, double IntervalSeconds, int MaxAttempts, double BackoffRate, double? MaxDelaySeconds, bool FullJitter);

public sealed record Catcher(IReadOnlyList<string> Errors, string Next, JsonPath? ResultPath, bool NoResult);

/// <summary>A rule of a Choice: it leads on when its test holds.</summary>
public sealed record ChoiceRule(Func<Scope, bool> Holds, string Next);

/// <summary>States and where they begin: a whole machine, a branch, or what a Map does with each item.</summary>
public sealed record StateGraph(string StartAt, IReadOnlyDictionary<string, State> States);
