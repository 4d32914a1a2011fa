using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Running;

public sealed class RetryAndCatchTests
{
    private const string CaughtBy = """
        {"StartAt":"S","States":{"S":{"Type":"Task","Resource":"work","Catch":[{"ErrorEquals":["%"],"ResultPath":"$.failure","Next":"C"}],"End":true},"C":{"Type":"Pass","End":true}}}
        """;

    [Fact]
    public void Retry_waits_longer_each_time_up_to_its_longest_delay()
    {
        var machine = new Machine().Tasks((n, _) => n < 4 ? throw new StatesError("Busy", "try later") : JsonValue.Create(n));

        machine.Run(Machine.OneTask(""" "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":2,"BackoffRate":3,"MaxAttempts":4,"MaxDelaySeconds":10}] """)).ShouldBeJsonNumber(4);

        machine.Calls.Select(c => (c.At - Machine.Start).TotalSeconds).ShouldBe([0, 2, 8, 18, 28]);
        machine.Told.Count(t => t == "TaskStateEntered").ShouldBe(1);
        machine.Told.Count(t => t == "TaskScheduled").ShouldBe(5);
    }

    [Fact]
    public void Retry_by_default_tries_three_times_more_doubling_from_a_second()
    {
        var machine = new Machine().Tasks((_, _) => throw new StatesError("Busy", ""));

        machine.Fails(Machine.OneTask(""" "Retry":[{"ErrorEquals":["States.ALL"]}] """)).Error.ShouldBe("Busy");

        machine.Calls.Select(c => (c.At - Machine.Start).TotalSeconds).ShouldBe([0, 1, 3, 7]);
    }

    [Fact]
    public void Full_jitter_waits_anything_up_to_the_delay_and_the_same_with_the_same_seed()
    {
        var runs = Enumerable.Range(0, 2).Select(_ =>
        {
            var machine = new Machine().Tasks((n, _) => n == 0 ? throw new StatesError("Busy", "") : null);
            machine.Run(Machine.OneTask(""" "Retry":[{"ErrorEquals":["Busy"],"IntervalSeconds":100,"JitterStrategy":"FULL"}] """));
            return machine.Elapsed;
        }).ToList();

        runs[0].ShouldBe(runs[1]);
        runs[0].TotalSeconds.ShouldBeInRange(0.001, 99.999);
    }

    [Fact]
    public void Each_retrier_counts_its_own_attempts_and_RetryCount_counts_them_all()
    {
        var seen = new List<int>();
        var machine = new Machine().Tasks((n, call) =>
        {
            seen.Add(call.Arguments!["try"]!.GetValue<int>());
            throw new StatesError(n % 2 == 0 ? "A" : "B", "");
        });

        machine.Fails(Machine.OneTask("""
            "Parameters":{"try.$":"$$.State.RetryCount"},"Retry":[{"ErrorEquals":["A"],"MaxAttempts":2},{"ErrorEquals":["B"],"MaxAttempts":1}]
            """)).Error.ShouldBe("B");

        seen.ShouldBe([0, 1, 2, 3]);
    }

    [Theory]
    [InlineData("Custom", "Custom", true)]
    [InlineData("Other", "Custom", false)]
    [InlineData("States.ALL", "Custom", true)]
    [InlineData("States.TaskFailed", "Custom", true)]
    [InlineData("States.TaskFailed", "States.Timeout", false)]
    [InlineData("States.TaskFailed", "States.HeartbeatTimeout", false)]
    [InlineData("States.Timeout", "States.Timeout", true)]
    [InlineData("States.Timeout", "States.HeartbeatTimeout", true)]
    [InlineData("States.HeartbeatTimeout", "States.Timeout", false)]
    [InlineData("States.ALL", "States.Timeout", true)]
    [InlineData("States.ALL", "States.Runtime", false)]
    [InlineData("States.Runtime", "States.Runtime", false)]
    [InlineData("States.ALL", "States.DataLimitExceeded", false)]
    [InlineData("States.TaskFailed", "States.DataLimitExceeded", false)]
    [InlineData("States.DataLimitExceeded", "States.DataLimitExceeded", true)]
    public void Name_covers_the_errors_that_AWS_documents(string name, string error, bool covers)
    {
        var machine = new Machine().Tasks((_, _) => throw new StatesError(error, "why"));
        var definition = CaughtBy.Replace("%", name, StringComparison.Ordinal);

        if (covers)
        {
            machine.Run(definition, """{"kept":1}""")!.ToJsonString().ShouldBe($$$"""{"kept":1,"failure":{"Error":"{{{error}}}","Cause":"why"}}""");
            machine.Told.ShouldContain("TaskStateExited");
        }
        else
        {
            machine.Fails(definition).Error.ShouldBe(error);
        }
    }

    [Fact]
    public void Catch_takes_over_when_the_retries_are_used_up()
    {
        var machine = new Machine().Tasks((_, _) => throw new StatesError("Busy", "still"));

        var output = machine.Run("""
            {"StartAt":"S","States":{
              "S":{"Type":"Task","Resource":"work","Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":1}],"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},
              "C":{"Type":"Pass","End":true}}}
            """);

        output!["Error"]!.GetValue<string>().ShouldBe("Busy");
        machine.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public void Task_that_takes_too_long_times_out_and_is_told_so()
    {
        var cancelled = false;
        var machine = new Machine();
        machine.Lasting(async (_, stop) =>
        {
            stop.Register(() => cancelled = true);
            await Task.Delay(TimeSpan.FromHours(1), machine.Clock, CancellationToken.None).ConfigureAwait(false);
            return null;
        });

        machine.Fails(Machine.OneTask("\"TimeoutSeconds\":90")).Error.ShouldBe(StatesError.Timeout);

        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(90));
        cancelled.ShouldBeTrue();
        machine.Told.ShouldBe(["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskTimedOut", "ExecutionFailed"]);
    }

    [Fact]
    public void TimeoutSecondsPath_takes_the_limit_from_the_input()
    {
        var machine = new Machine();
        machine.Lasting(async (_, stop) =>
        {
            await Task.Delay(TimeSpan.FromHours(1), machine.Clock, stop).ConfigureAwait(false);
            return null;
        });

        machine.Fails(Machine.OneTask("\"TimeoutSecondsPath\":\"$.limit\""), """{"limit":7}""").Error.ShouldBe(StatesError.Timeout);

        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public void Fail_state_takes_its_error_from_paths_and_functions()
    {
        var failed = new Machine().Fails(
            Machine.One("""{"Type":"Fail","ErrorPath":"$.e","CausePath":"States.Format('{} of {}', $.e, $$.Execution.Name)"}"""), """{"e":"Bad"}""");

        (failed.Error, failed.Cause).ShouldBe(("Bad", "Bad of e"));
    }
}

internal static class NumberExpectations
{
    internal static void ShouldBeJsonNumber(this JsonNode? actual, int expected) => actual!.GetValue<int>().ShouldBe(expected);
}
