using System.Text.Json.Nodes;

using Dbre.Lab.Simulation;
using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Definition;
using Dbre.Lab.StateMachines.Running;

namespace Dbre.StateMachines.Tests.Testing;

/// <summary>Runs a definition on a virtual clock, with a script in place of the tasks.</summary>
internal sealed class Machine : ITaskRunner
{
    internal static readonly DateTimeOffset Start = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private Func<TaskCall, CancellationToken, Task<JsonNode?>> task = (call, _) => Task.FromResult(call.Arguments?.DeepClone());

    internal VirtualClock Clock { get; } = new(Start);
    internal Execution? Execution { get; private set; }
    internal List<(DateTimeOffset At, TaskCall Call)> Calls { get; } = [];

    /// <summary>Plays what a Distributed Map starts.</summary>
    internal IMapRuns? Maps { get; init; }

    internal TimeSpan Elapsed => Clock.GetUtcNow() - Start;

    /// <summary>The types of the events, in order.</summary>
    internal IReadOnlyList<string> Told => [.. Execution!.Events.Select(e => e.Type)];

    /// <summary>Plays the tasks: by the number of the call, from 0.</summary>
    internal Machine Tasks(Func<int, TaskCall, JsonNode?> play)
    {
        task = (call, _) =>
        {
            try
            {
                return Task.FromResult(play(Calls.Count - 1, call));
            }
            catch (StatesError failed)
            {
                return Task.FromException<JsonNode?>(failed);
            }
        };
        return this;
    }

    /// <summary>Plays the tasks with time passing.</summary>
    internal Machine Lasting(Func<TaskCall, CancellationToken, Task<JsonNode?>> play)
    {
        task = play;
        return this;
    }

    internal JsonNode? Run(string definition, string input = "{}") => Clock.Run(Begin(definition, input, CancellationToken.None), TimeSpan.FromDays(400));

    internal Task<JsonNode?> Begin(string definition, string input, CancellationToken stop)
    {
        var facts = new ExecutionFacts("arn:aws:states:us-east-1:111111111111:execution:m:e", "e", "arn:aws:iam::111111111111:role/r", "arn:aws:states:us-east-1:111111111111:stateMachine:m", "m", Clock.GetUtcNow());
        Execution = new Execution(StateMachineDefinition.Parse(definition), facts, JsonNode.Parse(input), this, Clock, new Random(1), Maps);
        return Execution.Run(stop);
    }

    internal StatesError Fails(string definition, string input = "{}") => Should.Throw<StatesError>(() => Run(definition, input));

    /// <summary>What one Pass state makes of an input by its Parameters (a JSON object).</summary>
    internal static JsonNode? Made(string expression, string input = "{}") =>
        new Machine().Run(Pass($$"""{"x.$":{{JsonValue.Create(expression).ToJsonString()}}}"""), input)!["x"];

    internal static string Pass(string parameters) => One($$"""{"Type":"Pass","Parameters":{{parameters}},"End":true}""");

    /// <summary>A machine of the one state S.</summary>
    internal static string One(string state) => $$"""{"StartAt":"S","States":{"S":{{state}} } }""";

    /// <summary>A machine of the one task S, with further fields.</summary>
    internal static string OneTask(string fields = "") => One($$"""{"Type":"Task","Resource":"work",{{fields}}{{(fields.Length > 0 ? "," : "")}}"End":true}""");

    Task<JsonNode?> ITaskRunner.Run(TaskCall call, CancellationToken stop)
    {
        Calls.Add((Clock.GetUtcNow(), call));
        return task(call, stop);
    }
}
