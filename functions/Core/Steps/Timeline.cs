using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Functions.Core.Steps;

/// <summary>A step of the run as the state machine's own history tells it.</summary>
/// <param name="Database">Null for a step of the run as a whole.</param>
/// <param name="Attempts">How often its task ran: more than once when it waited or was retried.</param>
public sealed record TimelineStep(string Name, string? Database, string? Region, string StartedAt, string EndedAt, int Attempts);

/// <summary>Reads the steps off an execution's history, so that no step has to report on itself.</summary>
public static class Timeline
{
    /// <param name="events">In order; each knows the one that led to it.</param>
    /// <param name="database">The database whose execution it is; null for the run as a whole.</param>
    /// <param name="map">The Map state whose items are Regions; null when there is none.</param>
    /// <param name="regions">Those Regions, in the order of its items.</param>
    public static IReadOnlyList<TimelineStep> Steps(IReadOnlyList<HistoryEvent> events, string? database = null, string? map = null, IReadOnlyList<string>? regions = null)
    {
        // Of each event, the target that it belongs to.
        var places = new Dictionary<long, int?>();
        var open = new Dictionary<(string Name, int? Target), Span>();
        var order = new List<(string Name, int? Target)>();
        foreach (var e in events)
        {
            var place = places[e.Id ?? 0] = PlaceOf(e, map, places.GetValueOrDefault(e.PreviousEventId ?? 0));
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

        return [.. order.Select(step => Step(step.Name, database, step.Target is { } at && at < regions?.Count ? regions[at] : null, open[step]))];
    }

    /// <summary>The whole history of an execution, without its data.</summary>
    public static async Task<IReadOnlyList<HistoryEvent>> Events(IAmazonStepFunctions flows, string executionArn, CancellationToken stop)
    {
        var events = new List<HistoryEvent>();
        var request = new GetExecutionHistoryRequest { ExecutionArn = executionArn, MaxResults = 1000, IncludeExecutionData = false };
        await foreach (var page in flows.Paginators.GetExecutionHistory(request).Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            events.AddRange(page.Events ?? []);
        }

        return events;
    }

    private static TimelineStep Step(string name, string? database, string? region, Span span) => new(
        name, database, region, Instant.Write(new DateTimeOffset(span.Start.ToUniversalTime())), Instant.Write(new DateTimeOffset(span.End.ToUniversalTime())), span.Attempts);

    private static int? PlaceOf(HistoryEvent e, string? map, int? before) =>
        e.Type == HistoryEventType.MapIterationStarted && e.MapIterationStartedEventDetails.Name == map ? e.MapIterationStartedEventDetails.Index
        : e.Type == HistoryEventType.MapStateExited ? null
        : before;

    private sealed record Span(DateTime Start, DateTime End, int Attempts);
}
