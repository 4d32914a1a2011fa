using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Running;

namespace Dbre.StateMachines.Tests.Testing;

/// <summary>Plays the Map Runs of an execution: an object with the items, executions that last, and a place for results.</summary>
internal sealed class ScriptedMapRuns(TimeProvider clock) : IMapRuns
{
    internal string Items { get; set; } = "[]";

    /// <summary>How long the execution of an input lasts; a negative time is a failure after it.</summary>
    internal Func<JsonNode?, TimeSpan> Lasts { get; set; } = _ => TimeSpan.FromSeconds(1);

    internal List<MapRunPlan> Plans { get; } = [];
    internal List<string> Read { get; } = [];
    internal List<JsonNode?> Started { get; } = [];
    internal List<MapRunEnd> Ends { get; } = [];
    internal int Aborted { get; private set; }
    internal int MostAtOnce { get; private set; }
    internal IReadOnlyList<JsonNode?>? Pending { get; private set; }
    internal StatesError? WriteError { get; set; }
    private readonly TimeProvider clock = clock;
    private int running;

    public IMapRun Begin(MapRunPlan plan)
    {
        Plans.Add(plan);
        return new Played(this);
    }

    private sealed class Played(ScriptedMapRuns script) : IMapRun
    {
        public string Arn => $"arn:run:{script.Plans.Count}";

        public Task<string> Read(string bucket, string key)
        {
            script.Read.Add($"{bucket}/{key}");
            return Task.FromResult(script.Items);
        }

        public void Expect(int items) => script.Started.Count.ShouldBe(0);

        public async Task<MapRunItem> Run(JsonNode? input, CancellationToken stop)
        {
            script.Started.Add(input);
            script.MostAtOnce = Math.Max(script.MostAtOnce, ++script.running);
            var lasts = script.Lasts(input);

            // Not Task.Delay, which leaves the clock's thread when it is stopped.
            var over = new TaskCompletionSource<bool>();
            using (stop.UnsafeRegister(_ => over.TrySetResult(false), null))
            using (script.clock.CreateTimer(_ => over.TrySetResult(true), null, lasts.Duration(), Timeout.InfiniteTimeSpan))
            {
                await over.Task.ConfigureAwait(false);
            }

            script.running--;
            if (!over.Task.Result)
            {
                script.Aborted++;
                return new MapRunItem(false, new JsonObject { ["Status"] = "ABORTED" });
            }

            return lasts < TimeSpan.Zero ? new MapRunItem(false, new JsonObject { ["Status"] = "FAILED" }) : new MapRunItem(true, input?.DeepClone());
        }

        public Task<JsonObject> Export(string bucket, string prefix, IReadOnlyList<JsonNode?> pending)
        {
            script.Pending = pending;
            return script.WriteError is { } failed ? Task.FromException<JsonObject>(failed) : Task.FromResult(new JsonObject { ["Written"] = $"{bucket}/{prefix}" });
        }

        public void End(MapRunEnd end) => script.Ends.Add(end);
    }
}
