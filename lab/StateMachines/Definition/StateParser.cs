using System.Globalization;
using System.Text.Json.Nodes;


namespace Dbre.Lab.StateMachines.Definition;

/// <summary>Reads states, each kind with the fields that it may have.</summary>
internal sealed class StateParser
{
    public List<string> Resources { get; } = [];

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
        var f = new Fields(body, $"State '{name}'");
        f.Text("Comment");
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
        return new TaskState(name, Next(f), Data(f), resource, Limit(f, "TimeoutSeconds"), Limit(f, "HeartbeatSeconds"), Retry(f), Catch(f));
    }

    private static PassState Pass(string name, Fields f) => new(name, Next(f), Data(f, selector: false), f.Node("Result"), f.Has("Result"));

    private static ChoiceState Choice(string name, Fields f)
    {
        var rules = (f.List("Choices") ?? throw f.Wrong("Choices", "is missing")).Select((rule, i) =>
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
        var timestamp = f.Text("Timestamp") is { } text ? f.Parsed("Timestamp", () => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)) : (DateTimeOffset?)null;
        var wait = new WaitState(name, Next(f), Data(f, result: false, selector: false, parameters: false), f.Number("Seconds"), f.Path("SecondsPath"), timestamp, f.Path("TimestampPath"));
        return new object?[] { wait.Seconds, wait.SecondsPath, wait.Timestamp, wait.TimestampPath }.Count(x => x is not null) == 1
            ? wait
            : throw new DefinitionException($"State '{name}': exactly one of Seconds, SecondsPath, Timestamp and TimestampPath is needed.");
    }

    private static FailState Fail(string name, Fields f) => new(name, f.Text("Error"), f.Intrinsic("ErrorPath"), f.Text("Cause"), f.Intrinsic("CausePath"));

    private ParallelState Parallel(string name, Fields f)
    {
        var branches = (f.List("Branches") ?? throw f.Wrong("Branches", "is missing")).Select((branch, i) =>
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
        var p = new Fields(f.Object("ItemProcessor") ?? throw f.Wrong("ItemProcessor", "is missing"), $"State '{name}', ItemProcessor");
        if (p.Object("ProcessorConfig") is { } given)
        {
            var config = new Fields(given, $"State '{name}', ProcessorConfig");
            if (config.Text("Mode") is { } mode && mode != "INLINE")
            {
                throw config.Wrong("Mode", $"is '{mode}'; this engine runs INLINE");
            }

            config.RefuseOthers();
        }

        p.Text("Comment");
        var processor = Graph(p);
        p.RefuseOthers();
        return new MapState(
            name, Next(f), Data(f, parameters: false), f.Path("ItemsPath"), f.Template("ItemSelector"), processor, (int)(f.Number("MaxConcurrency") ?? 0), f.Path("MaxConcurrencyPath"), Retry(f), Catch(f));
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

    private static TimeLimit Limit(Fields f, string name) => (f.Number(name), f.Path(name + "Path")) switch
    {
        (null, null) => TimeLimit.None,
        ({ } seconds, null) => new TimeLimit(seconds, null),
        (null, { } path) => new TimeLimit(null, path),
        _ => throw f.Wrong(name, $"and {name}Path cannot both be given"),
    };

    private static List<Retrier> Retry(Fields f) => [.. (f.List("Retry") ?? []).Select((retrier, i) =>
    {
        var r = new Fields(retrier as JsonObject ?? throw f.Wrong("Retry", "must be a list of objects"), $"{f.Owner}, Retry {i + 1}");
        r.Text("Comment");
        var jitter = r.Text("JitterStrategy");
        var read = new Retrier(
            Errors(r), r.Number("IntervalSeconds") ?? 1, (int)(r.Number("MaxAttempts") ?? 3), r.Number("BackoffRate") ?? 2, r.Number("MaxDelaySeconds"),
            jitter switch { null or "NONE" => false, "FULL" => true, _ => throw r.Wrong("JitterStrategy", $"is '{jitter}'; allowed are FULL and NONE") });
        r.RefuseOthers();
        return read;
    })];

    private static List<Catcher> Catch(Fields f) => [.. (f.List("Catch") ?? []).Select((catcher, i) =>
    {
        var c = new Fields(catcher as JsonObject ?? throw f.Wrong("Catch", "must be a list of objects"), $"{f.Owner}, Catch {i + 1}");
        c.Text("Comment");
        var path = c.Path("ResultPath", out var nothing, reference: true);
        var read = new Catcher(Errors(c), c.RequiredText("Next"), path, nothing);
        c.RefuseOthers();
        return read;
    })];

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
