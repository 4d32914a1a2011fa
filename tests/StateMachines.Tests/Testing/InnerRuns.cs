using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Definition;
using Dbre.Lab.StateMachines.Running;

namespace Dbre.StateMachines.Tests.Testing;

/// <summary>Runs a Distributed Map's executions in the engine, with the same tasks, and keeps what they were given and gave.</summary>
internal sealed class InnerRuns(ITaskRunner tasks, TimeProvider clock) : IMapRuns
{
    internal JsonArray Items { get; set; } = [];
    internal StatesError? ReadError { get; set; }
    internal int Reads { get; private set; }
    internal string? ReadFrom { get; private set; }
    internal MapRunPlan? Plan { get; private set; }
    internal List<JsonNode?> Inputs { get; } = [];
    internal List<JsonNode?> Outputs { get; } = [];

    public IMapRun Begin(MapRunPlan plan)
    {
        Plan = plan;
        return new Inner(this, tasks, clock, plan);
    }

    private sealed class Inner(InnerRuns runs, ITaskRunner tasks, TimeProvider clock, MapRunPlan plan) : IMapRun
    {
        public string Arn => "arn:run";

        public Task<string> Read(string bucket, string key)
        {
            (runs.Reads, runs.ReadFrom) = (runs.Reads + 1, $"{bucket}/{key}");
            return runs.ReadError is { } failed ? Task.FromException<string>(failed) : Task.FromResult(runs.Items.ToJsonString());
        }

        public void Expect(int items) => items.ShouldBe(runs.Items.Count);

        public async Task<MapRunItem> Run(JsonNode? input, CancellationToken stop)
        {
            var facts = new ExecutionFacts($"arn:child:{runs.Inputs.Count}", $"child-{runs.Inputs.Count}", "arn:role", "arn:machine/databases", "machine/databases", clock.GetUtcNow());
            runs.Inputs.Add(input?.DeepClone());
            var output = await new Execution(new StateMachineDefinition(plan.Processor, null, []), facts, input, tasks, clock, new Random(1)).Run(stop).ConfigureAwait(false);
            runs.Outputs.Add(output?.DeepClone());
            return new MapRunItem(true, output);
        }

        public Task<JsonObject> Export(string bucket, string prefix, IReadOnlyList<JsonNode?> pending) => Task.FromResult(new JsonObject
        {
            ["MapRunArn"] = Arn,
            ["ResultWriterDetails"] = new JsonObject { ["Bucket"] = bucket, ["Key"] = $"{prefix}/manifest.json" },
        });

        public void End(MapRunEnd end)
        {
            // The output tells it.
        }
    }
}
