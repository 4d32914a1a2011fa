using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Running;
using Dbre.StateMachines.Tests.Data;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Running;

public sealed class DistributedMapTests
{
    private const string Reader = """ "ItemReader":{"Resource":"arn:aws:states:::s3:getObject","ReaderConfig":{"InputType":"JSON"},"Parameters":{"Bucket":"b","Key.$":"$.key"} }, """;
    private const string Writer = """ "ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"b","Prefix":"results"} }, """;

    private readonly Machine machine;
    private readonly ScriptedMapRuns runs;

    public DistributedMapTests()
    {
        // The machine's clock is the runs': they are made together.
        var plays = new Later();
        machine = new Machine { Maps = plays };
        plays.Runs = runs = new ScriptedMapRuns(machine.Clock);
    }

    [Fact]
    public void Items_are_read_from_the_object_and_each_runs_by_itself_in_order()
    {
        runs.Items = """["a","b","c"]""";

        var output = machine.Run(
            Map(Reader + Writer + """ "Label":"each","MaxConcurrency":2,"ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","by.$":"$$.Execution.Name","all.$":"$.common"},"ResultPath":"$.out", """),
            """{"key":"runs/1/plans.json","common":7}""");

        runs.Read.ShouldBe(["b/runs/1/plans.json"]);
        new JsonArray([.. runs.Started]).ShouldBeJson("""[{"i":0,"v":"a","by":"e","all":7},{"i":1,"v":"b","by":"e","all":7},{"i":2,"v":"c","by":"e","all":7}]""");
        runs.MostAtOnce.ShouldBe(2);
        output!["out"].ShouldBeJson("""{"Written":"b/results"}""");
        runs.Plans.ShouldHaveSingleItem().Mode.Label.ShouldBe("each");
        runs.Ends.ShouldBe([MapRunEnd.Succeeded]);
        machine.Told.ShouldBe(["ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapRunStarted", "MapRunSucceeded", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"]);
        machine.Execution!.Events.Select(e => e.Previous).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7]);
        machine.Execution.Events[3].Details.MapRunArn.ShouldBe("arn:run:1");
    }

    [Fact]
    public void Without_a_writer_the_results_are_the_output_in_the_items_order_and_a_tolerated_failure_is_told_in_its_place()
    {
        runs.Lasts = input => TimeSpan.FromSeconds(input!.GetValue<int>() == 2 ? -1 : 10 - input.GetValue<int>());

        machine.Run(Map(""" "ToleratedFailureCount":1, """), "[1,2,3]").ShouldBeJson("""[1,{"Status":"FAILED"},3]""");
    }

    [Theory]
    [InlineData("", 0, true)]
    [InlineData("", 1, false)]
    [InlineData("\"ToleratedFailureCount\":2,", 2, true)]
    [InlineData("\"ToleratedFailureCount\":2,", 3, false)]
    [InlineData("\"ToleratedFailurePercentage\":30,", 3, true)]
    [InlineData("\"ToleratedFailurePercentage\":30,", 4, false)]
    [InlineData("\"ToleratedFailurePercentage\":100,", 10, true)]
    [InlineData("\"ToleratedFailurePercentage\":50,\"ToleratedFailureCount\":2,", 3, false)]
    [InlineData("\"ToleratedFailurePercentage\":10,\"ToleratedFailureCount\":5,", 2, false)]
    [InlineData("\"ItemsPath\":\"$.items\",\"ToleratedFailureCountPath\":\"$.most\",", 2, true)]
    [InlineData("\"ItemsPath\":\"$.items\",\"ToleratedFailurePercentagePath\":\"$.most\",", 2, false)]
    public void As_many_may_fail_as_are_tolerated(string fields, int failures, bool succeeds)
    {
        var items = $"[{string.Join(',', Enumerable.Range(0, 10))}]";
        var input = fields.Contains("ItemsPath", StringComparison.Ordinal) ? $$"""{"items":{{items}},"most":2}""" : items;
        runs.Lasts = item => TimeSpan.FromSeconds(item!.GetValue<int>() < failures ? -1 : 1);

        if (succeeds)
        {
            machine.Run(Map(fields), input);
        }
        else
        {
            machine.Fails(Map(fields), input).ShouldSatisfyAllConditions(
                e => e.Error.ShouldBe("States.ExceedToleratedFailureThreshold"), e => e.Cause.ShouldBe("The specified tolerated failure threshold was exceeded"));
        }
    }

    [Fact]
    public void A_failed_run_ends_its_executions_writes_what_was_not_started_and_can_be_caught()
    {
        runs.Items = "[0,1,2,3,4]";
        runs.Lasts = item => TimeSpan.FromSeconds(item!.GetValue<int>() == 1 ? -5 : 60);

        var output = machine.Run($$"""
            {"StartAt":"M","States":{"M":{"Type":"Map",{{Reader}}{{Writer}}"MaxConcurrency":3,"ItemProcessor":{{Processor}},"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},
              "C":{"Type":"Pass","End":true} } }
            """, """{"key":"k"}""");

        output.ShouldBeJson("""{"Error":"States.ExceedToleratedFailureThreshold","Cause":"The specified tolerated failure threshold was exceeded"}""");
        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(5));
        runs.Aborted.ShouldBe(2);
        runs.Pending!.Select(p => p!.GetValue<int>()).ShouldBe([3, 4]);
        runs.Ends.ShouldBe([MapRunEnd.Failed]);
        machine.Told.Skip(3).Take(4).ShouldBe(["MapRunStarted", "MapRunFailed", "MapStateFailed", "MapStateExited"]);
        machine.Execution!.Events[4].Details.Error.ShouldBe("States.ExceedToleratedFailureThreshold");
    }

    [Fact]
    public void An_execution_that_is_stopped_takes_its_run_with_it()
    {
        runs.Items = "[0,1,2]";
        runs.Lasts = _ => TimeSpan.FromHours(1);
        using var stop = new CancellationTokenSource();
        var running = machine.Begin(Map(Reader + Writer + "\"MaxConcurrency\":2,"), """{"key":"k"}""", stop.Token);

        using var timer = machine.Clock.CreateTimer(_ => stop.Cancel(), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        machine.Clock.Advance(TimeSpan.FromMinutes(1));

        running.IsCanceled.ShouldBeTrue();
        runs.Aborted.ShouldBe(2);
        runs.Pending!.Count.ShouldBe(1);
        runs.Ends.ShouldBe([MapRunEnd.Aborted]);
        machine.Told.TakeLast(3).ShouldBe(["MapRunAborted", "MapStateAborted", "ExecutionAborted"]);
    }

    [Fact]
    public void A_result_that_cannot_be_written_fails_the_run()
    {
        runs.Items = "[1]";
        runs.WriteError = new StatesError(StatesError.ResultWriterFailed, "AccessDenied");

        machine.Fails(Map(Reader + Writer), """{"key":"k"}""").Error.ShouldBe("States.ResultWriterFailed");
        runs.Ends.ShouldBe([MapRunEnd.Failed]);
    }

    [Fact]
    public void A_failure_stays_the_error_when_its_results_cannot_be_written_either()
    {
        runs.Items = "[1]";
        runs.Lasts = _ => TimeSpan.FromSeconds(-1);
        runs.WriteError = new StatesError(StatesError.ResultWriterFailed, "AccessDenied");

        machine.Fails(Map(Reader + Writer), """{"key":"k"}""").ShouldSatisfyAllConditions(
            e => e.Error.ShouldBe("States.ExceedToleratedFailureThreshold"), e => e.Cause.ShouldEndWith("And its results were not written: AccessDenied"));
    }

    [Theory]
    [InlineData("{}", "must hold a JSON list")]
    [InlineData("[1,", "is not JSON")]
    public void An_object_without_a_list_fails_the_reader(string content, string cause)
    {
        runs.Items = content;

        machine.Fails(Map(Reader), """{"key":"k"}""").ShouldSatisfyAllConditions(e => e.Error.ShouldBe("States.ItemReaderFailed"), e => e.Cause.ShouldContain(cause));
        machine.Told.ShouldContain("MapRunFailed");
    }

    [Fact]
    public void No_more_than_the_first_items_are_read()
    {
        runs.Items = "[1,2,3]";

        machine.Run(Map(Reader.Replace("\"JSON\"", "\"JSON\",\"MaxItems\":2", StringComparison.Ordinal)), """{"key":"k"}""").ShouldBeJson("[1,2]");
    }

    [Fact]
    public void Nothing_to_do_is_done() => machine.Run(Map(""), "[]").ShouldBeJson("[]");

    [Fact]
    public void Results_larger_than_a_state_may_give_fail_it()
    {
        var items = new JsonArray([.. Enumerable.Range(0, 30).Select(i => (JsonNode)new string('x', 10_000))]);
        runs.Items = items.ToJsonString();

        machine.Fails(Map(Reader), """{"key":"k"}""").Error.ShouldBe("States.DataLimitExceeded");
    }

    [Fact]
    public void An_item_larger_than_an_input_may_be_fails_the_run()
    {
        runs.Items = new JsonArray(new string('x', 300_000)).ToJsonString();

        machine.Fails(Map(Reader + Writer), """{"key":"k"}""").Error.ShouldBe("States.DataLimitExceeded");
    }

    private const string Processor = """{"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},"StartAt":"W","States":{"W":{"Type":"Pass","End":true} } }""";

    private static string Map(string fields) => Machine.One($$"""{"Type":"Map",{{fields}}"ItemProcessor":{{Processor}},"End":true}""");

    private sealed class Later : IMapRuns
    {
        public IMapRuns Runs { get; set; } = null!;

        public IMapRun Begin(MapRunPlan plan) => Runs.Begin(plan);
    }
}
