using System.Text.Json;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Cli.Report;
using Dbre.Cli.Runs;
using Dbre.Cli.Tests.Testing;

namespace Dbre.Cli.Tests.Runs;

/// <summary>What is read off a history, and that the states it knows are the flow's.</summary>
public sealed class ExecutionViewTests
{
    private readonly Told told = new();
    private readonly ExecutionView view = new();
    private readonly List<HistoryEvent> events = [];

    [Fact]
    public void Each_step_is_told_of_its_database_and_target()
    {
        Enters("Select the databases", """{"policy":"nightly"}""");
        Enters("Lock the database", """{"plan":{"database":"orders"}}""");
        Enters("Copy the snapshot", """{"plan":{"database":"orders"},"target":{"region":"eu-west-1"}}""");
        Leaves("Report the database", """{"database":"orders","copies":[{"outcome":"Proven"}]}""");
        view.Take(events, told);
        told.Lines.ShouldBe(["the run: Select the databases ?", "orders: Lock the database 0.01", "orders: Copy the snapshot (eu-west-1) 0.37", "orders: done, well"]);
    }

    [Fact]
    public void Nothing_is_told_twice()
    {
        Enters("Lock the database", """{"plan":{"database":"orders"}}""");
        view.Take(events, told);
        Enters("Measure the source", """{"plan":{"database":"orders"}}""");
        view.Take(events, told);
        told.Lines.ShouldBe(["orders: Lock the database 0.01", "orders: Measure the source 0.03"]);
        view.Seen.ShouldBe(2);
    }

    [Fact]
    public void A_database_is_as_far_as_its_slowest_target()
    {
        Enters("Prove the copy", """{"plan":{"database":"orders"},"target":{"region":"eu-west-1"}}""");
        Enters("Copy the snapshot", """{"plan":{"database":"orders"},"target":{"region":"ap-south-1"}}""");
        Enters("Restore the copy", """{"plan":{"database":"orders"},"target":{"region":"ap-south-1"}}""");
        view.Take(events, told);
        told.Lines[^1].ShouldBe("orders: Restore the copy (ap-south-1) 0.8", "it never goes back");
    }

    [Theory]
    [InlineData("""{"database":"orders","failure":{"Error":"Refused","Cause":"no"}}""")]
    [InlineData("""{"database":"orders","copies":[{"outcome":"Proven"},{"outcome":"Failed"}]}""")]
    [InlineData("""{"database":"orders","copies":[{"failure":{"Error":"States.Timeout"}}]}""")]
    [InlineData("""{"database":"orders","copies":[{}]}""")]
    public void A_database_with_anything_that_failed_has_failed(string outcome)
    {
        Enters("Lock the database", """{"plan":{"database":"orders"}}""");
        Leaves("Report the failed database", outcome);
        view.Take(events, told);
        told.Lines[^1].ShouldBe("orders: failed, badly");
    }

    [Fact]
    public void Of_a_drill_each_step_at_home_and_with_the_copy_is_told_of_its_database()
    {
        Enters("Select the drills", """{"selected":null}""");
        Enters("Restore it at home", """{"drill":{"database":"orders"}}""");
        Enters("Lock the database", """{"drill":{"database":"orders"}}""");
        Enters("Restore the copy", """{"drill":{"database":"orders"}}""");
        Enters("Prove the copy", """{"drill":{"database":"orders"}}""");
        Leaves("Report the database", """{"drill":{"database":"orders","copy":{}},"home":{"status":"Ready"},"homeFailure":null,"proved":{"status":"Ready"},"copyFailure":null}""");
        Enters("Write the evidence", "{}");
        view.Take(events, told);
        told.Lines.ShouldBe(
        [
            "the run: Select the drills ?", "orders: Restore it at home 0.02", "orders: Lock the database 0.02", "orders: Restore the copy 0.6", "orders: Prove the copy 0.8",
            "orders: done, well", "the run: Write the evidence 0.98",
        ]);
    }

    [Theory]
    [InlineData("""{"drill":{"database":"orders","copy":{}},"home":{"status":"Failed"},"proved":{"status":"Ready"}}""")]
    [InlineData("""{"drill":{"database":"orders","copy":{}},"home":{"status":"Ready"},"proved":{"status":"Failed"}}""")]
    [InlineData("""{"drill":{"database":"orders","copy":{}},"home":{"status":"Ready"},"proved":{"status":"Ready"},"removalFailure":{"Error":"Failed"}}""")]
    [InlineData("""{"drill":{"database":"orders","copy":null},"home":{"status":"Ready"},"proved":null}""")]
    public void A_drill_with_anything_that_failed_or_without_a_copy_has_failed(string outcome)
    {
        Enters("Restore it at home", """{"drill":{"database":"orders"}}""");
        Leaves("Report the database", outcome);
        view.Take(events, told);
        told.Lines[^1].ShouldBe("orders: failed, badly");
    }

    [Theory]
    [InlineData("""{"plan":{"database":"orders"},"cut o""")]
    [InlineData("[]")]
    [InlineData(null)]
    public void Input_that_says_nothing_of_a_database_is_the_run_itself(string? input)
    {
        Enters("Lock the database", input);
        view.Take(events, told);
        told.Lines.ShouldBe(["the run: Lock the database ?"]);
    }

    [Fact]
    public void Every_state_that_has_a_share_or_a_kind_is_in_the_flow()
    {
        List<string> states = [.. StatesOf("snapshot-copy"), .. StatesOf("pitr-restore"), .. StatesOf("table-restore"), .. StatesOf("restore-drill")];
        ExecutionView.KnownStates.Except(states).ShouldBeEmpty();
        StepKinds.KnownSteps.Except(states).ShouldBeEmpty();
    }

    [Fact]
    public void Every_task_of_a_database_has_a_share()
    {
        using var flow = Flow();
        Tasks(flow.RootElement.GetProperty("States").GetProperty("Protect each database").GetProperty("ItemProcessor")).Except(ExecutionView.KnownStates).ShouldBeEmpty();
        using var drill = Flow("restore-drill");
        Tasks(drill.RootElement.GetProperty("States").GetProperty("Drill each database").GetProperty("ItemProcessor")).Except(ExecutionView.KnownStates).ShouldBeEmpty();
    }

    private static JsonDocument Flow(string name = "snapshot-copy") => JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "statemachines", $"{name}.asl.json")));

    private static List<string> StatesOf(string name)
    {
        using var flow = Flow(name);
        return [.. States(flow.RootElement).Select(s => s.Name)];
    }

    private static List<string> Tasks(JsonElement machine) => [.. States(machine).Where(s => s.Value.GetProperty("Type").GetString() == "Task").Select(s => s.Name)];

    private static IEnumerable<JsonProperty> States(JsonElement machine) =>
        machine.GetProperty("States").EnumerateObject().SelectMany(s => s.Value.TryGetProperty("ItemProcessor", out var inner) ? States(inner).Prepend(s) : [s]);

    private void Enters(string state, string? input) => events.Add(new HistoryEvent
    {
        Id = events.Count + 1, Type = HistoryEventType.TaskStateEntered, StateEnteredEventDetails = new StateEnteredEventDetails { Name = state, Input = input },
    });

    private void Leaves(string state, string output) => events.Add(new HistoryEvent
    {
        Id = events.Count + 1, Type = HistoryEventType.PassStateExited, StateExitedEventDetails = new StateExitedEventDetails { Name = state, Output = output },
    });
}
