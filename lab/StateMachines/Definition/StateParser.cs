using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Data;

namespace Dbre.Lab.StateMachines.Definition;

/// <summary>Reads states, each kind with the fields that it may have.</summary>
internal sealed partial class StateParser
{
    public List<string> Resources { get; } = [];

    // A year, exclusive (Step Functions Developer Guide, "Handling errors", MaxDelaySeconds).
    private const int LongestDelay = 31_622_399;

    // AWS Step Functions Developer Guide, "Service quotas".
    private const int LongestName = 80;

    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public StateGraph Graph(Fields owner)
    {
        var start = owner.RequiredText("StartAt");
        var states = new Dictionary<string, State>(StringComparer.Ordinal);
        foreach (var (name, body) in owner.Object("States") ?? throw owner.Wrong("States", "is missing"))
        {
            states.Add(name, State(name, body as JsonObject ?? throw new DefinitionException($"State '{name}' must be an object.")));
        }

        Connected(owner, start, states);
        return new StateGraph(start, states);
    }

    private State State(string name, JsonObject body)
    {
        if (name.Length is 0 or > LongestName)
        {
            throw new DefinitionException($"State '{name}' has a name of {name.Length} characters; 1 to {LongestName} are allowed.");
        }

        if (!names.Add(name))
        {
            throw new DefinitionException($"State '{name}' is defined twice; a name stands once in the whole state machine, branches and iterations included.");
        }

        var f = new Fields(body, $"State '{name}'");
        f.Text("Comment");
        if (f.Text("QueryLanguage") is { } language && language != "JSONPath")
        {
            throw f.Wrong("QueryLanguage", $"is '{language}'; this engine runs JSONPath");
        }

        State state = f.RequiredText("Type") switch
        {
            "Task" => Task(name, f),
            "Pass" => Pass(name, f),
            "Choice" => Choice(name, f),
            "Wait" => Wait(name, f),
            "Succeed" => new SucceedState(name, Data(f, result: false, selector: false, parameters: false)),
            "Fail" => Fail(name, f),
            "Parallel" => Parallel(name, f),
            "Map" => Map(name, f),
            var other => throw f.Wrong("Type", $"is '{other}'; allowed are Task, Pass, Choice, Wait, Succeed, Fail, Parallel and Map"),
        };
        f.RefuseOthers();
        return state;
    }

    private TaskState Task(string name, Fields f)
    {
        var resource = f.RequiredText("Resource");
        Resources.Add(resource);
        var (timeout, heartbeat) = (Limit(f, "TimeoutSeconds"), Limit(f, "HeartbeatSeconds"));
        if (heartbeat.Seconds >= timeout.Seconds)
        {
            throw f.Wrong("HeartbeatSeconds", $"is {heartbeat.Seconds}; it must be less than TimeoutSeconds, which is {timeout.Seconds}");
        }

        if (heartbeat != TimeLimit.None && !resource.EndsWith(".waitForTaskToken", StringComparison.Ordinal))
        {
            throw f.Wrong("HeartbeatSeconds", "has an effect only on a task that waits for its token (.waitForTaskToken)");
        }

        return new TaskState(name, Next(f), Data(f), resource, timeout, heartbeat, Retry(f), Catch(f));
    }

    private static PassState Pass(string name, Fields f) => new(name, Next(f), Data(f, selector: false), f.Node("Result"), f.Has("Result"));

    private static ChoiceState Choice(string name, Fields f)
    {
        var rules = (f.List("Choices") is { Count: > 0 } given ? given : throw f.Wrong("Choices", "is missing or empty")).Select((rule, i) =>
        {
            var r = new Fields(rule as JsonObject ?? throw f.Wrong("Choices", "must be a list of objects"), $"State '{name}', choice {i + 1}");
            r.Text("Comment");
            var next = r.RequiredText("Next");
            var test = ChoiceTest.Parse(r);
            r.RefuseOthers();
            return new ChoiceRule(test, next);
        }).ToList();
        return new ChoiceState(name, Data(f, result: false, selector: false, parameters: false), rules, f.Text("Default"));
    }

    private static WaitState Wait(string name, Fields f)
    {
        var timestamp = f.Text("Timestamp") is { } text ? f.Parsed("Timestamp", () => Values.Time(text) ?? throw new FormatException($"'{text}' is no timestamp such as 2026-11-21T03:00:00Z")) : (DateTimeOffset?)null;
        var wait = new WaitState(name, Next(f), Data(f, result: false, selector: false, parameters: false), f.Integer("Seconds"), f.SinglePath("SecondsPath"), timestamp, f.SinglePath("TimestampPath"));
        return new object?[] { wait.Seconds, wait.SecondsPath, wait.Timestamp, wait.TimestampPath }.Count(x => x is not null) == 1
            ? wait
            : throw new DefinitionException($"State '{name}': exactly one of Seconds, SecondsPath, Timestamp and TimestampPath is needed.");
    }

    private static FailState Fail(string name, Fields f)
    {
        foreach (var field in new[] { "Error", "Cause" }.Where(field => f.Has(field) && f.Has($"{field}Path")))
        {
            throw f.Wrong(field, $"and {field}Path cannot both be given");
        }

        return new FailState(name, f.Text("Error"), f.Intrinsic("ErrorPath"), f.Text("Cause"), f.Intrinsic("CausePath"));
    }

    private ParallelState Parallel(string name, Fields f)
    {
        var branches = (f.List("Branches") is { Count: > 0 } given ? given : throw f.Wrong("Branches", "is missing or empty")).Select((branch, i) =>
        {
            var b = new Fields(branch as JsonObject ?? throw f.Wrong("Branches", "must be a list of objects"), $"State '{name}', branch {i + 1}");
            b.Text("Comment");
            var graph = Graph(b);
            b.RefuseOthers();
            return graph;
        }).ToList();
        return new ParallelState(name, Next(f), Data(f), branches, Retry(f), Catch(f));
    }

    private MapState Map(string name, Fields f)
    {
        var given = f.Object("ItemProcessor") ?? throw f.Wrong("ItemProcessor", "is missing");
        var p = new Fields(given, $"State '{name}', ItemProcessor");
        var distributed = IsDistributed(name, p) ? Distributed(name, f, given) : null;
        if (distributed is null)
        {
            RefuseDistributedFields(f);
        }

        if (f.Has("MaxConcurrency") && f.Has("MaxConcurrencyPath"))
        {
            throw f.Wrong("MaxConcurrency", "and MaxConcurrencyPath cannot both be given");
        }

        p.Text("Comment");
        var processor = Graph(p);
        p.RefuseOthers();
        return new MapState(
            name, Next(f), Data(f, parameters: false), f.SinglePath("ItemsPath"), f.Template("ItemSelector"), processor, (int)(f.Integer("MaxConcurrency") ?? 0), f.SinglePath("MaxConcurrencyPath"),
            distributed, Retry(f), Catch(f));
    }

    private static string? Next(Fields f) => (f.Text("Next"), f.Flag("End")) switch
    {
        ({ } next, null or false) => next,
        (null, true) => null,
        _ => throw new DefinitionException($"{f.Owner}: exactly one of Next and \"End\": true is needed."),
    };

    private static DataFlow Data(Fields f, bool result = true, bool selector = true, bool parameters = true)
    {
        var input = f.Path("InputPath", out var noInput);
        var output = f.Path("OutputPath", out var noOutput);
        var noResult = false;
        var resultPath = result ? f.Path("ResultPath", out noResult, reference: true) : null;
        return new DataFlow(input, noInput, parameters ? f.Template("Parameters") : null, selector ? f.Template("ResultSelector") : null, resultPath, noResult, output, noOutput);
    }

    private static TimeLimit Limit(Fields f, string name) => (f.Integer(name, least: 1), f.SinglePath(name + "Path")) switch
    {
        (null, null) => TimeLimit.None,
        ({ } seconds, null) => new TimeLimit(seconds, null),
        (null, { } path) => new TimeLimit(null, path),
        _ => throw f.Wrong(name, $"and {name}Path cannot both be given"),
    };

    private static IReadOnlyList<Retrier> Retry(Fields f) => AllLast(f, "Retry", r => r.Errors, [.. (f.List("Retry") ?? []).Select((retrier, i) =>
    {
        var r = new Fields(retrier as JsonObject ?? throw f.Wrong("Retry", "must be a list of objects"), $"{f.Owner}, Retry {i + 1}");
        r.Text("Comment");
        var jitter = r.Text("JitterStrategy");
        var interval = r.Integer("IntervalSeconds", least: 1) ?? 1;
        var longest = r.Integer("MaxDelaySeconds", least: 1, most: LongestDelay);
        if (longest <= interval)
        {
            throw r.Wrong("MaxDelaySeconds", $"is {longest}; it must be more than IntervalSeconds, which is {interval}");
        }

        var read = new Retrier(
            Errors(r), interval, (int)(r.Integer("MaxAttempts") ?? 3), r.Number("BackoffRate", least: 1) ?? 2, longest,
            jitter switch { null or "NONE" => false, "FULL" => true, _ => throw r.Wrong("JitterStrategy", $"is '{jitter}'; allowed are FULL and NONE") });
        r.RefuseOthers();
        return read;
    })]);

    private static IReadOnlyList<Catcher> Catch(Fields f) => AllLast(f, "Catch", c => c.Errors, [.. (f.List("Catch") ?? []).Select((catcher, i) =>
    {
        var c = new Fields(catcher as JsonObject ?? throw f.Wrong("Catch", "must be a list of objects"), $"{f.Owner}, Catch {i + 1}");
        c.Text("Comment");
        var path = c.Path("ResultPath", out var nothing, reference: true);
        var read = new Catcher(Errors(c), c.RequiredText("Next"), path, nothing);
        c.RefuseOthers();
        return read;
    })]);

    /// <summary>States.ALL takes whatever is left, so it comes last.</summary>
    private static List<T> AllLast<T>(Fields f, string field, Func<T, IReadOnlyList<string>> errors, List<T> rules) =>
        rules.FindIndex(r => errors(r).Contains(StatesError.All)) is var all && (all < 0 || all == rules.Count - 1)
            ? rules
            : throw f.Wrong(field, $"has States.ALL in place {all + 1} of {rules.Count}; it must come last");

    private static IReadOnlyList<string> Errors(Fields f) => f.Texts("ErrorEquals") is { Count: > 0 } errors
        ? errors.Contains(StatesError.All) && errors.Count > 1 ? throw f.Wrong("ErrorEquals", "has States.ALL beside other names; it must stand alone") : errors
        : throw f.Wrong("ErrorEquals", "is empty");

    private static void Connected(Fields owner, string start, Dictionary<string, State> states)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<(string From, string To)>([("StartAt", start)]);
        while (open.TryPop(out var step))
        {
            if (!states.TryGetValue(step.To, out var state))
            {
                throw new DefinitionException($"{owner.Owner}: {step.From} leads to '{step.To}', and there is no such state.");
            }

            if (reached.Add(step.To))
            {
                foreach (var next in Exits(state))
                {
                    open.Push(($"state '{step.To}'", next));
                }
            }
        }

        if (states.Keys.FirstOrDefault(s => !reached.Contains(s)) is { } stranded)
        {
            throw new DefinitionException($"{owner.Owner}: no state leads to '{stranded}'.");
        }
    }

    private static IEnumerable<string> Exits(State state) => new[] { state.Next }.Concat(state switch
    {
        ChoiceState choice => choice.Choices.Select(c => (string?)c.Next).Append(choice.Default),
        TaskState task => task.Catch.Select(c => (string?)c.Next),
        ParallelState parallel => parallel.Catch.Select(c => (string?)c.Next),
        MapState map => map.Catch.Select(c => (string?)c.Next),
        _ => [],
    }).OfType<string>();
}
