using System.Text.Json.Nodes;

using Dbre.Lab.Simulation;
using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Definition;
using Dbre.Lab.StateMachines.Running;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests;

/// <summary>The flow as it is deployed, its functions played by a script: what it does in which order, and what it makes of each answer.</summary>
public sealed class SnapshotCopyFlowTests
{
    private readonly VirtualClock clock = new(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
    private readonly ScriptedFunctions functions = new();
    private readonly InnerRuns runs;

    public SnapshotCopyFlowTests() => runs = new InnerRuns(functions, clock) { Items = [JsonNode.Parse(ScriptedFunctions.Plan)] };

    [Fact]
    public void A_good_night_goes_through_every_step_and_succeeds()
    {
        var output = Run();

        output!["outcome"]!.GetValue<string>().ShouldBe("Succeeded");
        functions.Called.ShouldBe(
        [
            "SelectDatabases", "LockDatabase", "MeasureSource", "CreateSnapshot", "CreateSnapshot", "MeasureSource", "PrepareCopy", "CopySnapshot", "RestoreCopy",
            "ProveCopy", "RemoveRestoredCopy", "PruneSnapshots", "UnlockDatabase", "ReadTimeline", "WriteEvidence", "NotifyOutcome",
        ]);
    }

    [Fact]
    public void A_refused_run_changes_nothing_and_fails_as_Refused()
    {
        functions.Answer("SelectDatabases", """{"status":"Refused","reason":"no key","problems":["no key"],"databases":[],"refused":[]}""");
        functions.Answer("WriteEvidence", """{"outcome":"Refused","reason":"no key","hash":"h","key":"k"}""");

        Should.Throw<StatesError>(Run).ShouldSatisfyAllConditions(e => e.Error.ShouldBe("Refused"), e => e.Cause.ShouldBe("no key"));
        functions.Called.ShouldBe(["SelectDatabases", "WriteEvidence", "NotifyOutcome"]);
    }

    [Fact]
    public void A_copy_that_is_not_proven_is_reported_after_its_restored_copy_is_gone()
    {
        functions.Answer("ProveCopy", """{"status":"Failed","reason":"The copy differs.","proof":null}""");

        Run();

        functions.Called.ShouldContain("RemoveRestoredCopy");
        var copies = runs.Outputs[0]!["copies"]!;
        copies[0]!["outcome"]!.GetValue<string>().ShouldBe("Failed");
        copies[0]!["reason"]!.GetValue<string>().ShouldBe("The copy differs.");
    }

    [Fact]
    public void An_error_while_proving_cleans_up_and_keeps_its_reason()
    {
        functions.Throw("ProveCopy", new StatesError("AmazonLambdaException", "denied"));

        Run();

        functions.Called.ShouldContain("RemoveRestoredCopy");
        functions.Called.TakeLast(4).ShouldBe(["UnlockDatabase", "ReadTimeline", "WriteEvidence", "NotifyOutcome"]);
        runs.Outputs[0]!["copies"]![0]!["failure"]!["Error"]!.GetValue<string>().ShouldBe("AmazonLambdaException");
    }

    [Fact]
    public void A_database_that_fails_gives_its_lock_back_and_is_reported()
    {
        functions.Throw("CreateSnapshot", new StatesError("InvalidDBInstanceStateException", "stopping"));

        Run();

        functions.Called.ShouldBe(["SelectDatabases", "LockDatabase", "MeasureSource", "CreateSnapshot", "UnlockDatabase", "ReadTimeline", "WriteEvidence", "NotifyOutcome"]);
        runs.Outputs[0]!["failure"]!["Error"]!.GetValue<string>().ShouldBe("InvalidDBInstanceStateException");
    }

    [Fact]
    public void A_transient_error_is_tried_again()
    {
        functions.ThrowOnce("CreateSnapshot", new StatesError("TransientException", "throttled"));

        Run()!["outcome"]!.GetValue<string>().ShouldBe("Succeeded");
    }

    [Fact]
    public void Each_database_is_an_execution_of_its_own_read_from_the_runs_plans_with_its_operation()
    {
        runs.Items = new JsonArray(JsonNode.Parse(ScriptedFunctions.Plan), JsonNode.Parse(ScriptedFunctions.Plan.Replace("orders", "billing", StringComparison.Ordinal)));

        Run();

        runs.ReadFrom.ShouldBe("${RunBucket}/runs/snapshot-copy-nightly-20261121T030000Z/plans.json");
        runs.Inputs.Select(i => $"{i!["operationId"]} {i["plan"]!["database"]}").ShouldBe(["snapshot-copy-nightly-20261121T030000Z orders", "snapshot-copy-nightly-20261121T030000Z billing"]);
        runs.Plan.ShouldNotBeNull().ShouldSatisfyAllConditions(p => p.Mode.Label.ShouldBe("databases"), p => p.MaxConcurrency.ShouldBe(60), p => p.ToleratedFailurePercentage.ShouldBe(100));
        functions.Requests("ReadTimeline").Select(r => r["executionArn"]!.ToString()).Order().ShouldBe(["arn:child:0", "arn:child:1"]);
        functions.Requests("WriteEvidence")[0]["results"]!.ToJsonString().ShouldBe(
            """{"MapRunArn":"arn:run","ResultWriterDetails":{"Bucket":"${RunBucket}","Key":"runs/snapshot-copy-nightly-20261121T030000Z/results/manifest.json"}}""");
        functions.Requests("WriteEvidence")[0].AsObject().ContainsKey("databases").ShouldBeFalse();
    }

    [Fact]
    public void How_long_things_took_is_handed_on_to_who_notes_it()
    {
        Run();

        functions.Requests("CopySnapshot")[0]["snapshotSeconds"]!.GetValue<int>().ShouldBe(180);
        functions.Requests("ProveCopy")[0]["restoreSeconds"]!.GetValue<int>().ShouldBe(600);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_deferred_is_announced_at_the_start_and_the_rest_goes_on_whether_it_is_heard_or_not(bool heard)
    {
        functions.Answer("SelectDatabases", """{"status":"Ready","reason":"","problems":[],"databases":[],"refused":[],"deferred":[],"deferredCount":2,"quotas":[],"operationId":"o"}""");
        if (!heard)
        {
            functions.Throw("AnnounceDeferral", new StatesError("AccessDeniedException", "denied"));
        }

        Run();

        functions.Called.Take(3).ShouldBe(["SelectDatabases", "AnnounceDeferral", "LockDatabase"]);
        runs.Outputs[0]!["copies"]!.AsArray().Count.ShouldBe(1);
        // The evidence has to say it.
        ((string?)functions.Requests("WriteEvidence")[0]["selection"]!["announceFailure"]?["Cause"]).ShouldBe(heard ? null : "denied");
    }

    [Fact]
    public void A_copy_that_waits_is_asked_after_from_when_it_said_that_it_began()
    {
        functions.Answers(
            "CopySnapshot",
            """{"status":"Waiting","reason":"queued","waitSeconds":60,"copyArn":null,"since":"2026-11-21T03:01:00Z"}""",
            """{"status":"Waiting","reason":"asked for","waitSeconds":300,"copyArn":null,"since":"2026-11-21T03:09:00Z"}""",
            """{"status":"Ready","reason":"","waitSeconds":0,"copyArn":"arn:c","since":"2026-11-21T03:09:00Z"}""");

        Run();

        functions.Requests("CopySnapshot").Select(r => r["since"]!.ToString()).ShouldBe(["2026-11-21T03:01:00.000Z", "2026-11-21T03:01:00Z", "2026-11-21T03:09:00Z"]);
    }

    [Fact]
    public void A_database_whose_timeline_cannot_be_read_is_reported_without_it_and_with_the_reason()
    {
        functions.Throw("ReadTimeline", new StatesError("AccessDeniedException", "denied"));

        Run();

        runs.Outputs[0]!["steps"]!.AsArray().ShouldBeEmpty();
        ((string?)runs.Outputs[0]!["timelineFailure"]!["Cause"]).ShouldBe("denied");
        runs.Outputs[0]!["copies"]!.AsArray().Count.ShouldBe(1);
    }

    [Fact]
    public void A_run_whose_plans_cannot_be_read_is_tried_again_and_then_evidenced_as_failed()
    {
        runs.ReadError = new StatesError(StatesError.ItemReaderFailed, "SlowDown");
        functions.Answer("WriteEvidence", """{"outcome":"Failed","reason":"no plans","hash":"h","key":"k"}""");

        Should.Throw<StatesError>(Run).Error.ShouldBe("Failed");

        runs.Reads.ShouldBe(6);
        functions.Requests("WriteEvidence")[0]["failure"]!["Error"]!.ToString().ShouldBe("States.ItemReaderFailed");
    }

    private JsonNode? Run()
    {
        var definition = StateMachineDefinition.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "statemachines", "snapshot-copy.asl.json")));
        var facts = new ExecutionFacts("arn:execution", "snapshot-copy-nightly-20261121T030000Z", "arn:role", "arn:machine", "snapshot-copy", clock.GetUtcNow());
        var input = JsonNode.Parse("""{"policy":"nightly","policies":{},"scheduledTime":"2026-11-21T03:00:00Z"}""");
        return clock.Run(new Execution(definition, facts, input, functions, clock, new Random(1), runs).Run(CancellationToken.None), TimeSpan.FromDays(1));
    }

    private sealed class ScriptedFunctions : ITaskRunner
    {
        public const string Plan = """{"database":"orders","kind":"Instance","engine":"postgres","snapshot":"s","startAfterSeconds":0,"proofDue":true,"targets":[{"region":"eu-west-1","account":null,"proofDue":true}]}""";

        private readonly Dictionary<string, Queue<Func<JsonNode?>>> script = new(StringComparer.Ordinal)
        {
            ["SelectDatabases"] = Always("""{"status":"Ready","reason":"","problems":[],"databases":[],"refused":[],"deferred":[],"deferredCount":0,"quotas":[],"operationId":"snapshot-copy-nightly-20261121T030000Z"}"""),
            ["LockDatabase"] = Always("""{"status":"Ready","reason":"","waitSeconds":0,"lock":{"database":"orders","holder":"me","token":1}}"""),
            ["CreateSnapshot"] = new([
                () => JsonNode.Parse("""{"status":"Waiting","reason":"","waitSeconds":60,"snapshotArn":null,"frozenAt":null}"""),
                () => JsonNode.Parse("""{"status":"Ready","reason":"","waitSeconds":0,"snapshotArn":"arn:s","frozenAt":"2026-11-21T03:00:00Z","tookSeconds":180}""")]),
            ["PrepareCopy"] = Always("""{"status":"Ready","reason":"","waitSeconds":0,"copyFrom":"arn:s"}"""),
            ["CopySnapshot"] = Always("""{"status":"Ready","reason":"","waitSeconds":0,"copyArn":"arn:c","since":"2026-11-21T03:05:00Z"}"""),
            ["RestoreCopy"] = Always("""{"status":"Ready","reason":"","waitSeconds":0,"address":"10.0.0.9","port":5432,"tookSeconds":600}"""),
            ["ProveCopy"] = Always("""{"status":"Ready","reason":"equal","proof":{"proven":true}}"""),
            ["PruneSnapshots"] = Always("""{"status":"Ready","reason":"","waitSeconds":0,"pruned":[],"held":[]}"""),
            ["ReadTimeline"] = Always("""{"steps":[]}"""),
            ["WriteEvidence"] = Always("""{"outcome":"Succeeded","reason":"done","hash":"h","key":"k"}"""),
        };

        private readonly List<(string Function, JsonNode Payload)> calls = [];

        public IReadOnlyList<string> Called => [.. calls.Select(c => c.Function)];

        public IReadOnlyList<JsonNode> Requests(string function) => [.. calls.Where(c => c.Function == function).Select(c => c.Payload)];

        public void Answer(string function, string json) => script[function] = Always(json);

        /// <summary>One answer after the other, the last for ever.</summary>
        public void Answers(string function, params string[] answers) => script[function] = new(answers.Select(json => (Func<JsonNode?>)(() => JsonNode.Parse(json))));

        public void Throw(string function, StatesError error) => script[function] = new([() => throw error]);

        public void ThrowOnce(string function, StatesError error) => script[function] = new([() => throw error, .. script[function]]);

        public Task<JsonNode?> Run(TaskCall call, CancellationToken stop)
        {
            var function = call.Arguments!["FunctionName"]!.GetValue<string>().Trim('$', '{', '}');
            calls.Add((function, call.Arguments["Payload"]!));
            try
            {
                var answers = script.GetValueOrDefault(function) ?? Always("""{"status":"Ready","reason":"","waitSeconds":0}""");
                var answer = answers.Count > 1 ? answers.Dequeue()() : answers.Peek()();
                return Task.FromResult<JsonNode?>(new JsonObject { ["Payload"] = answer, ["StatusCode"] = 200 });
            }
            catch (StatesError failed)
            {
                return Task.FromException<JsonNode?>(failed);
            }
        }

        private static Queue<Func<JsonNode?>> Always(string json) => new([() => JsonNode.Parse(json)]);
    }
}
