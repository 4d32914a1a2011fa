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
    private const string TargetMap = "Copy to each target";

    /// <param name="events">In order; each knows the one that led to it.</param>
    /// <param name="plan">The database whose execution it is; null for the run as a whole.</param>
    public static IReadOnlyList<TimelineStep> Steps(IReadOnlyList<HistoryEvent> events, DatabasePlan? plan)
    {
        // Of each event, the target that it belongs to.
        var places = new Dictionary<long, int?>();
        var open = new Dictionary<(string Name, int? Target), Span>();
        var order = new List<(string Name, int? Target)>();
        foreach (var e in events)
        {
            var place = places[e.Id ?? 0] = PlaceOf(e, places.GetValueOrDefault(e.PreviousEventId ?? 0));
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

        return [.. order.Select(step => Step(step.Name, step.Target, open[step], plan))];
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

    private static TimelineStep Step(string name, int? index, Span span, DatabasePlan? plan)
    {
        var target = plan is not null && index < plan.Targets.Count ? plan.Targets[index.Value] : null;
        return new TimelineStep(
            name, plan?.Database, target?.Region, Instant.Write(new DateTimeOffset(span.Start.ToUniversalTime())), Instant.Write(new DateTimeOffset(span.End.ToUniversalTime())), span.Attempts);
    }

    private static int? PlaceOf(HistoryEvent e, int? before) =>
        e.Type == HistoryEventType.MapIterationStarted && e.MapIterationStartedEventDetails.Name == TargetMap ? e.MapIterationStartedEventDetails.Index
        : e.Type == HistoryEventType.MapStateExited ? null
        : before;

    private sealed record Span(DateTime Start, DateTime End, int Attempts);
}
