using Dbre.Lab.StateMachines.Running;
using Dbre.StateMachines.Tests.Testing;

namespace Dbre.StateMachines.Tests.Running;

public sealed class HistoryTests
{
    private const string Nested = """
        {"StartAt":"Outer","States":{"Outer":{"Type":"Map","Next":"After","ItemProcessor":{"StartAt":"Before","States":{
          "Before":{"Type":"Task","Resource":"work","ResultPath":null,"Next":"Inner"},
          "Inner":{"Type":"Map","ItemsPath":"$.targets","Next":"Last","ItemProcessor":{"StartAt":"Copy","States":{"Copy":{"Type":"Task","Resource":"work","End":true}}}},
          "Last":{"Type":"Task","Resource":"work","End":true}}}},
          "After":{"Type":"Pass","End":true}}}
        """;

    [Fact]
    public void Task_is_told_from_entry_to_exit()
    {
        var machine = new Machine();

        machine.Run(Machine.OneTask("\"TimeoutSeconds\":5"), """{"x":1}""");

        machine.Told.ShouldBe(["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskSucceeded", "TaskStateExited", "ExecutionSucceeded"]);
        machine.Execution!.Events.Select(e => e.Previous).ShouldBe([0, 1, 2, 3, 4, 5, 6]);
        machine.Execution.Events.Select(e => e.Id).ShouldBe([1, 2, 3, 4, 5, 6, 7]);
        machine.Execution.Events[2].Details.ShouldBe(new EventDetails(Resource: "work", Parameters: """{"x":1}""", TimeoutSeconds: 5));
    }

    [Fact]
    public void Every_event_leads_back_to_the_iteration_it_happened_in()
    {
        var machine = new Machine();
        machine.Lasting(async (call, stop) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), machine.Clock, stop).ConfigureAwait(false);
            return call.Arguments?.DeepClone();
        });

        machine.Run(Nested, """[{"targets":[1,2]},{"targets":[3]},{"targets":[]}]""");

        var events = machine.Execution!.Events;
        var copies = events.Where(e => e.Type == "TaskStateEntered" && e.Details.Name == "Copy").Select(e => string.Join("/", Iterations(events, e)));
        copies.Order().ShouldBe(["0/0", "0/1", "1/0"]);
        var lasts = events.Where(e => e.Type == "TaskStateEntered" && e.Details.Name == "Last").Select(e => Iterations(events, e)[0]);
        lasts.Order().ShouldBe([0, 1, 2]);
        events.ShouldAllBe(e => e.Previous < e.Id);
    }

    [Fact]
    public void Caught_failure_leads_on_from_the_event_that_told_it()
    {
        var machine = new Machine().Tasks((_, _) => throw new Dbre.Lab.StateMachines.StatesError("Broken", ""));

        machine.Run("""{"StartAt":"S","States":{"S":{"Type":"Task","Resource":"work","Catch":[{"ErrorEquals":["Broken"],"Next":"C"}],"End":true},"C":{"Type":"Succeed"}}}""");

        machine.Told.ShouldBe(["ExecutionStarted", "TaskStateEntered", "TaskScheduled", "TaskStarted", "TaskFailed", "TaskStateExited", "SucceedStateEntered", "SucceedStateExited", "ExecutionSucceeded"]);
        machine.Execution!.Events.Select(e => e.Previous).ShouldBe([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    /// <summary>The iterations on the way back to the start, the outer one first; those of a Map that was left do not count.</summary>
    private static List<int> Iterations(IReadOnlyList<ExecutionEvent> events, ExecutionEvent from)
    {
        var found = new List<int>();
        var left = 0;
        for (var e = from; e.Previous > 0; e = events[(int)e.Previous - 1])
        {
            left += e.Type == "MapStateExited" ? 1 : 0;
            if (e.Type == "MapStateEntered")
            {
                left = Math.Max(0, left - 1);
            }
            else if (e.Type == "MapIterationStarted" && left == 0)
            {
                found.Insert(0, e.Details.Index!.Value);
            }
        }

        return found;
    }
}
