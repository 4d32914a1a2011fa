using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines;
using Dbre.StateMachines.Tests.Data;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Running;

/// <summary>Data flow, waiting, limits, the context object, and how executions end.</summary>
public sealed class ExecutionTests
{
    [Fact]
    public void Task_data_goes_through_all_five_filters_in_order()
    {
        var machine = new Machine().Tasks((_, call) => new JsonObject { ["got"] = call.Arguments!.DeepClone(), ["noise"] = 1 });

        var output = machine.Run(Machine.OneTask("""
            "InputPath":"$.in","Parameters":{"k.$":"$.v","fixed":true},"ResultSelector":{"kept.$":"$.got.k"},"ResultPath":"$.result","OutputPath":"$.result"
            """), """{"in":{"v":5},"other":1}""");

        machine.Calls[0].Call.Arguments.ShouldBeJson("""{"k":5,"fixed":true}""");
        output.ShouldBeJson("""{"kept":5}""");
    }

    [Theory]
    [InlineData("\"ResultPath\":\"$.r\"", """{"a":1,"r":"made"}""")]
    [InlineData("\"ResultPath\":null", """{"a":1}""")]
    [InlineData("\"InputPath\":\"$.a\",\"ResultPath\":null", """{"a":1}""")]
    [InlineData("\"OutputPath\":null", "{}")]
    [InlineData("", "\"made\"")]
    public void Result_is_put_into_the_raw_input(string fields, string expected)
    {
        var machine = new Machine().Tasks((_, _) => "made");

        machine.Run(Machine.OneTask(fields), """{"a":1}""").ShouldBeJson(expected);
    }

    [Theory]
    [InlineData("\"Seconds\":90", 90)]
    [InlineData("\"SecondsPath\":\"$.s\"", 30)]
    [InlineData("\"Timestamp\":\"2026-11-21T03:10:00Z\"", 600)]
    [InlineData("\"TimestampPath\":\"$.t\"", 3600)]
    [InlineData("\"Timestamp\":\"2020-01-01T00:00:00Z\"", 0)]
    public void Wait_takes_its_time_and_hands_its_input_on(string field, int seconds)
    {
        var machine = new Machine();
        const string input = """{"s":30,"t":"2026-11-21T04:00:00Z"}""";

        machine.Run(Machine.One($$"""{"Type":"Wait",{{field}},"End":true}"""), input).ShouldBeJson(input);

        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    [Theory]
    [InlineData("\"SecondsPath\":\"$.s\"", """{"s":"30"}""")]
    [InlineData("\"SecondsPath\":\"$.s\"", """{"s":-1}""")]
    [InlineData("\"TimestampPath\":\"$.s\"", """{"s":"tomorrow"}""")]
    public void Wait_for_what_is_no_time_ends_the_execution(string field, string input) =>
        new Machine().Fails(Machine.One($$"""{"Type":"Wait",{{field}},"End":true}"""), input).Error.ShouldBe(StatesError.Runtime);

    [Fact]
    public void Context_object_tells_of_execution_state_and_machine() =>
        new Machine().Run(Machine.Pass("""{"c.$":"$$"}"""), """{"x":1}""")!["c"].ShouldBeJson("""
            {"Execution":{"Id":"arn:aws:states:us-east-1:111111111111:execution:m:e","Name":"e","RoleArn":"arn:aws:iam::111111111111:role/r",
              "StartTime":"2026-11-21T03:00:00.000Z","Input":{"x":1}},
             "StateMachine":{"Id":"arn:aws:states:us-east-1:111111111111:stateMachine:m","Name":"m"},
             "State":{"Name":"S","EnteredTime":"2026-11-21T03:00:00.000Z","RetryCount":0}}
            """);

    [Fact]
    public void Token_is_there_for_tasks_that_wait_for_it_only()
    {
        var machine = new Machine();
        const string parameters = "\"Parameters\":{\"token.$\":\"$$.Task.Token\"}";

        machine.Run(Machine.One($$"""{"Type":"Task","Resource":"work.waitForTaskToken",{{parameters}},"End":true}"""))!["token"]!.GetValue<string>().ShouldBe(machine.Calls[0].Call.Token);
        new Machine().Fails(Machine.OneTask(parameters)).Error.ShouldBe(StatesError.Runtime);
    }

    [Fact]
    public void Payload_of_262144_bytes_passes_and_of_one_more_fails()
    {
        string Definition() => Machine.OneTask("\"Parameters\":\"x\"");
        new Machine().Tasks((_, _) => new string('x', 262_142)).Run(Definition()).ShouldNotBeNull();

        new Machine().Tasks((_, _) => new string('x', 262_143)).Fails(Definition()).Error.ShouldBe(StatesError.DataLimitExceeded);
    }

    [Fact]
    public void Execution_that_reaches_25000_events_fails_with_the_last_of_them()
    {
        var machine = new Machine();

        var failed = machine.Fails("""{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"},"B":{"Type":"Choice","Choices":[{"Variable":"$.on","IsPresent":false,"Next":"A"}],"Default":"C"},"C":{"Type":"Succeed"}}}""");

        failed.Error.ShouldBe(StatesError.Runtime);
        machine.Execution!.Events.Count.ShouldBe(25_000);
        machine.Told[^1].ShouldBe("ExecutionFailed");
    }

    [Fact]
    public void Map_whose_iterations_exceed_the_events_ends_too()
    {
        var machine = new Machine();

        machine.Fails(Machine.One("""{"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Wait","Seconds":1,"End":true}}},"End":true}"""), $"[{string.Join(',', Enumerable.Range(0, 10_000))}]")
            .Error.ShouldBe(StatesError.Runtime);

        machine.Execution!.Events.Count.ShouldBe(25_000);
    }

    [Fact]
    public void Execution_out_of_its_time_ends_as_timed_out_after_what_it_was_doing()
    {
        var machine = new Machine();

        machine.Fails("""{"StartAt":"W","TimeoutSeconds":60,"States":{"W":{"Type":"Wait","Seconds":100,"End":true}}}""").Error.ShouldBe(StatesError.Timeout);

        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(60));
        machine.Told.ShouldBe(["ExecutionStarted", "WaitStateEntered", "WaitStateAborted", "ExecutionTimedOut"]);
    }

    [Fact]
    public void Stopped_execution_ends_at_once_though_its_task_takes_no_notice()
    {
        var machine = new Machine().Lasting((_, _) => new TaskCompletionSource<JsonNode?>().Task);
        using var stop = new CancellationTokenSource();
        var run = machine.Begin(Machine.OneTask("\"Catch\":[{\"ErrorEquals\":[\"States.ALL\"],\"Next\":\"S\"}]"), "{}", stop.Token);

        using var timer = machine.Clock.CreateTimer(_ => stop.Cancel(), null, TimeSpan.FromMinutes(1), Timeout.InfiniteTimeSpan);
        machine.Clock.Advance(TimeSpan.FromMinutes(1));

        run.IsCanceled.ShouldBeTrue();
        machine.Told.TakeLast(2).ShouldBe(["TaskStateAborted", "ExecutionAborted"]);
    }

    [Fact]
    public void Succeed_ends_where_it_stands_with_what_its_paths_let_through() =>
        new Machine().Run(Machine.One("""{"Type":"Succeed","InputPath":"$.a","OutputPath":"$.b"}"""), """{"a":{"b":2}}""").ShouldBeJson("2");
}
