using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core;

namespace Dbre.Functions.Snapshots;

/// <summary>A step of the run as the state machine's own history tells it.</summary>
/// <param name="Database">Null for a step of the run as a whole.</param>
/// <param name="Attempts">How often its task ran: more than once when it waited or was retried.</param>
public sealed record TimelineStep(string Name, string? Database, string? Region, string StartedAt, string EndedAt, int Attempts);

/// <summary>Reads the steps off an execution's history, so that no step has to report on itself.</summary>
public static class Timeline
{
    private const string DatabaseMap = "Protect each database";
    private const string TargetMap = "Copy to each target";

    /// <param name="events">In order; each knows the one that led to it.</param>
    /// <param name="databases">In the order of the Map that ran over them.</param>
    public static IReadOnlyList<TimelineStep> Steps(IReadOnlyList<HistoryEvent> events, IReadOnlyList<DatabasePlan> databases)
    {
        var places = new Dictionary<long, Place>();
        var open = new Dictionary<(string Name, Place Place), Span>();
        var order = new List<(string Name, Place Place)>();
        foreach (var e in events)
        {
            var place = places[e.Id ?? 0] = PlaceOf(e, places.GetValueOrDefault(e.PreviousEventId ?? 0, Place.Run));
            if (e.Type == HistoryEventType.TaskStateEntered)
            {
                var step = (e.StateEnteredEventDetails.Name, place);
                if (!open.TryGetValue(step, out var span))
                {
                    order.Add(step);
                    span = new Span(e.Timestamp!.Value, e.Timestamp.Value, 0);
                }

                open[step] = span with { Attempts = span.Attempts + 1 };
            }
            else if (e.Type == HistoryEventType.TaskStateExited && open.TryGetValue((e.StateExitedEventDetails.Name, place), out var span))
            {
                open[(e.StateExitedEventDetails.Name, place)] = span with { End = e.Timestamp!.Value };
            }
        }

        return [.. order.Select(step => Step(step.Name, step.Place, open[step], databases))];
    }

    private static TimelineStep Step(string name, Place place, Span span, IReadOnlyList<DatabasePlan> databases)
    {
        var database = place.Database is { } d && d < databases.Count ? databases[d] : null;
        var target = database is not null && place.Target is { } t && t < database.Targets.Count ? database.Targets[t] : null;
        return new TimelineStep(
            name, database?.Database, target?.Region, Instant.Write(new DateTimeOffset(span.Start.ToUniversalTime())), Instant.Write(new DateTimeOffset(span.End.ToUniversalTime())), span.Attempts);
    }

    private static Place PlaceOf(HistoryEvent e, Place before)
    {
        if (e.Type == HistoryEventType.MapIterationStarted)
        {
            var index = e.MapIterationStartedEventDetails.Index;
            return e.MapIterationStartedEventDetails.Name == DatabaseMap ? new Place(index, null) : before with { Target = index };
        }

        if (e.Type == HistoryEventType.MapStateExited)
        {
            return e.StateExitedEventDetails.Name == TargetMap ? before with { Target = null } : Place.Run;
        }

        return before;
    }

    private sealed record Place(int? Database, int? Target)
    {
        public static readonly Place Run = new(null, null);
    }

    private sealed record Span(DateTime Start, DateTime End, int Attempts);
}
