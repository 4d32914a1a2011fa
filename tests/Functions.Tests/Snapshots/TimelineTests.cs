using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Snapshots;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class TimelineTests
{
    private static readonly DateTime Start = new(2026, 11, 21, 3, 0, 0, DateTimeKind.Utc);
    private readonly List<HistoryEvent> events = [];

    [Fact]
    public void Steps_belong_to_the_database_and_the_target_whose_iteration_led_to_them()
    {
        Entered(1, 0, "Select the databases");
        Exited(2, 1, "Select the databases");
        Iteration(3, 2, "Protect each database", 0);
        Iteration(4, 2, "Protect each database", 1);
        Entered(5, 3, "Create the snapshot");
        Entered(6, 4, "Create the snapshot");
        Exited(7, 5, "Create the snapshot");
        Entered(8, 7, "Create the snapshot");
        Exited(9, 6, "Create the snapshot");
        Exited(10, 8, "Create the snapshot");
        Iteration(11, 10, "Copy to each target", 0);
        Entered(12, 11, "Copy the snapshot");
        Exited(13, 12, "Copy the snapshot");
        Left(14, 13, "Copy to each target");
        Entered(15, 14, "Prune old snapshots");
        Exited(16, 15, "Prune old snapshots");
        Left(17, 16, "Protect each database");
        Entered(18, 17, "Write the evidence");

        var steps = Timeline.Steps(events, [Plan("billing"), Plan("orders")]);

        steps.Select(s => (s.Name, s.Database, s.Region, s.Attempts)).ShouldBe(
        [
            ("Select the databases", null, null, 1), ("Create the snapshot", "billing", null, 2), ("Create the snapshot", "orders", null, 1),
            ("Copy the snapshot", "billing", "eu-west-1", 1), ("Prune old snapshots", "billing", null, 1), ("Write the evidence", null, null, 1),
        ]);
        steps[1].StartedAt.ShouldBe("2026-11-21T03:00:05.000Z");
        steps[1].EndedAt.ShouldBe("2026-11-21T03:00:10.000Z");
    }

    private static DatabasePlan Plan(string database) => new(
        database, DatabaseKind.Instance, "postgres", "arn", "us-east-1", "nightly", "s", "2026-11-21T03:00:00.000Z", null, null, null, "10.0.0.1", 5432, true,
        new Retention(7, 0, 0, 0), [new TargetPlan("eu-west-1", null, "alias/dbre", true, null, null)], new Dictionary<string, string>());

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
