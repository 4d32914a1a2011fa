using Dbre.Lab.StateMachines;
using Dbre.StateMachines.Tests.Data;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Running;

public sealed class MapAndParallelTests
{
    [Fact]
    public void Map_keeps_the_order_of_its_items_and_gives_each_what_its_selector_says()
    {
        var output = new Machine().Run(
            Map(""" "ItemsPath":"$.items","ItemSelector":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value","all.$":"$.common"},"ResultPath":"$.out", """,
                """{"Type":"Pass","End":true}"""),
            """{"items":["a","b"],"common":7}""");

        output!["out"].ShouldBeJson("""[{"i":0,"v":"a","all":7},{"i":1,"v":"b","all":7}]""");
    }

    [Fact]
    public void Map_over_nothing_succeeds_with_nothing()
    {
        var machine = new Machine();

        machine.Run(Map("", """{"Type":"Pass","End":true}"""), "[]").ShouldBeJson("[]");

        machine.Told.ShouldBe(["ExecutionStarted", "MapStateEntered", "MapStateStarted", "MapStateSucceeded", "MapStateExited", "ExecutionSucceeded"]);
    }

    [Theory]
    [InlineData("\"MaxConcurrency\":3,", "[0,1,2,3,4,5,6,7,8,9]", 3)]
    [InlineData("\"MaxConcurrency\":1,", "[0,1,2]", 1)]
    [InlineData("\"ItemsPath\":\"$.items\",\"MaxConcurrencyPath\":\"$.most\",", """{"items":[0,1,2,3,4],"most":2}""", 2)]
    public void Map_runs_no_more_iterations_at_once_than_it_may(string fields, string input, int most) => MostAtOnce(fields, input).ShouldBe(most);

    [Theory]
    [InlineData("")]
    [InlineData("\"MaxConcurrency\":1000,")]
    public void Map_runs_at_most_forty_iterations_at_once(string fields) =>
        MostAtOnce(fields, $"[{string.Join(',', Enumerable.Range(0, 100))}]").ShouldBe(40);

    [Fact]
    public void First_failed_iteration_ends_the_others_and_the_map()
    {
        var machine = new Machine();
        machine.Lasting(async (call, stop) =>
        {
            var item = call.Arguments!.GetValue<int>();
            await Task.Delay(TimeSpan.FromSeconds(item == 1 ? 5 : 60), machine.Clock, stop).ConfigureAwait(false);
            return item == 1 ? throw new StatesError("Broken", "item 1") : null;
        });

        machine.Fails(Map("\"MaxConcurrency\":2,", Work), "[0,1,2,3]").Error.ShouldBe("Broken");

        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(5));
        machine.Calls.Count.ShouldBe(2);
        machine.Told.TakeLast(6).ShouldBe(["TaskFailed", "MapIterationFailed", "TaskStateAborted", "MapIterationAborted", "MapStateFailed", "ExecutionFailed"]);
    }

    [Fact]
    public void Item_that_fails_at_once_keeps_the_rest_from_starting()
    {
        var machine = new Machine().Tasks((_, _) => throw new StatesError("Broken", ""));

        machine.Fails(Map("", Work), "[0,1,2,3]").Error.ShouldBe("Broken");

        machine.Calls.Count.ShouldBe(1);
    }

    [Fact]
    public void Map_that_failed_is_retried_as_a_whole_and_caught()
    {
        var machine = new Machine().Tasks((_, _) => throw new StatesError("Broken", "again"));

        var output = machine.Run($$"""
            {"StartAt":"M","States":{"M":{"Type":"Map","ItemProcessor":{"StartAt":"W","States":{"W":{{Work}} } },"Retry":[{"ErrorEquals":["Broken"],"MaxAttempts":1}],
              "Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}],"End":true},"C":{"Type":"Pass","End":true} } }
            """, "[1]");

        output.ShouldBeJson("""{"Error":"Broken","Cause":"again"}""");
        machine.Told.Count(t => t == "MapStateStarted").ShouldBe(2);
    }

    [Fact]
    public void Map_of_what_is_no_list_ends_the_execution() => new Machine().Fails(Map("", Work), "{}").Error.ShouldBe(StatesError.Runtime);

    [Fact]
    public void Parallel_gives_each_branch_its_input_and_collects_their_outputs_in_order()
    {
        var machine = new Machine();

        var output = machine.Run(Machine.One("""
            {"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":10,"End":true}}},
              {"StartAt":"B","States":{"B":{"Type":"Pass","Result":"b","End":true}}}]}
            """), """{"in":1}""");

        output.ShouldBeJson("""[{"in":1},"b"]""");
        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Parallel_ends_its_branches_when_one_fails()
    {
        var machine = new Machine();

        machine.Fails(Machine.One("""
            {"Type":"Parallel","End":true,"Branches":[
              {"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":1000,"End":true}}},
              {"StartAt":"B","States":{"B":{"Type":"Wait","Seconds":1,"Next":"F"},"F":{"Type":"Fail","Error":"Broken","Cause":"b"}}}]}
            """)).Error.ShouldBe("Broken");

        machine.Elapsed.ShouldBe(TimeSpan.FromSeconds(1));
        machine.Told.TakeLast(4).ShouldBe(["FailStateEntered", "WaitStateAborted", "ParallelStateFailed", "ExecutionFailed"]);
    }

    [Fact]
    public void Nested_maps_see_their_own_item()
    {
        var output = new Machine().Run(
            Map("", """
                {"Type":"Map","ItemProcessor":{"StartAt":"P","States":{"P":{"Type":"Pass","Parameters":{"i.$":"$$.Map.Item.Index","v.$":"$$.Map.Item.Value"},"End":true}}},"End":true}
                """), "[[1],[2,3]]");

        output.ShouldBeJson("""[[{"i":0,"v":1}],[{"i":0,"v":2},{"i":1,"v":3}]]""");
    }

    private const string Work = """{"Type":"Task","Resource":"work","End":true}""";

    private static string Map(string fields, string state) =>
        Machine.One($$"""{"Type":"Map",{{fields}}"ItemProcessor":{"ProcessorConfig":{"Mode":"INLINE"},"StartAt":"W","States":{"W":{{state}} } },"End":true}""");

    private static int MostAtOnce(string fields, string input)
    {
        var machine = new Machine();
        var (now, most) = (0, 0);
        machine.Lasting(async (call, stop) =>
        {
            most = Math.Max(most, ++now);
            await Task.Delay(TimeSpan.FromSeconds(1), machine.Clock, stop).ConfigureAwait(false);
            now--;
            return call.Arguments?.DeepClone();
        });
        machine.Run(Map(fields, Work), input);
        return most;
    }
}
