using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Functions.Tests.Steps;

public sealed class TimelineTests
{
    private static readonly DateTime Start = new(2026, 11, 21, 3, 0, 0, DateTimeKind.Utc);
    private readonly List<HistoryEvent> events = [];

    [Fact]
    public void Steps_of_a_database_belong_to_the_target_whose_iteration_led_to_them()
    {
        Entered(5, 0, "Create the snapshot");
        Exited(7, 5, "Create the snapshot");
        Entered(8, 7, "Create the snapshot");
        Exited(10, 8, "Create the snapshot");
        Iteration(11, 10, "Copy to each target", 0);
        Iteration(12, 10, "Copy to each target", 1);
        Entered(13, 11, "Copy the snapshot");
        Entered(14, 12, "Copy the snapshot");
        Exited(15, 13, "Copy the snapshot");
        Exited(16, 14, "Copy the snapshot");
        Left(17, 15, "Copy to each target");
        Entered(18, 17, "Prune old snapshots");
        Exited(19, 18, "Prune old snapshots");

        var steps = Timeline.Steps(events, "billing", "Copy to each target", ["eu-west-1", "eu-west-2"]);

        steps.Select(s => (s.Name, s.Database, s.Region, s.Attempts)).ShouldBe(
        [
            ("Create the snapshot", "billing", null, 2), ("Copy the snapshot", "billing", "eu-west-1", 1), ("Copy the snapshot", "billing", "eu-west-2", 1),
            ("Prune old snapshots", "billing", null, 1),
        ]);
        steps[0].StartedAt.ShouldBe("2026-11-21T03:00:05.000Z");
        steps[0].EndedAt.ShouldBe("2026-11-21T03:00:10.000Z");
    }

    [Fact]
    public void Steps_of_the_run_belong_to_no_database()
    {
        Entered(1, 0, "Select the databases");
        Exited(2, 1, "Select the databases");
        Left(3, 2, "Protect each database");
        Entered(4, 3, "Write the evidence");

        Timeline.Steps(events).Select(s => (s.Name, s.Database, s.Region, s.Attempts))
            .ShouldBe([("Select the databases", null, null, 1), ("Write the evidence", null, null, 1)]);
    }

    private void Entered(long id, long previous, string state) => Add(id, previous, HistoryEventType.TaskStateEntered, e => e.StateEnteredEventDetails = new() { Name = state });

    private void Exited(long id, long previous, string state) => Add(id, previous, HistoryEventType.TaskStateExited, e => e.StateExitedEventDetails = new() { Name = state });

    private void Left(long id, long previous, string state) => Add(id, previous, HistoryEventType.MapStateExited, e => e.StateExitedEventDetails = new() { Name = state });

    private void Iteration(long id, long previous, string map, int index) =>
        Add(id, previous, HistoryEventType.MapIterationStarted, e => e.MapIterationStartedEventDetails = new() { Name = map, Index = index });

    private void Add(long id, long previous, HistoryEventType type, Action<HistoryEvent> details)
    {
        var e = new HistoryEvent { Id = id, PreviousEventId = previous, Type = type, Timestamp = Start.AddSeconds(id) };
        details(e);
        events.Add(e);
    }
}
