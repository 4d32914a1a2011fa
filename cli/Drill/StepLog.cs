using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Cli.Drill;

/// <summary>Tells each step of an execution once, as it ends: read off its history, so that it says what the state machine did.</summary>
internal sealed class StepLog(DrillLog log)
{
    private readonly Dictionary<long, string> places = [];
    private readonly HashSet<(string Place, string Step)> told = [];
    private long last;

    public async Task Tell(IAmazonStepFunctions flows, string executionArn, CancellationToken stop)
    {
        var request = new GetExecutionHistoryRequest { ExecutionArn = executionArn, MaxResults = 1000, IncludeExecutionData = true };
        await foreach (var page in flows.Paginators.GetExecutionHistory(request).Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            foreach (var e in (page.Events ?? []).Where(e => e.Id > last))
            {
                last = e.Id!.Value;
                Tell(e);
            }
        }
    }

    private void Tell(HistoryEvent e)
    {
        var place = places.GetValueOrDefault(e.PreviousEventId ?? 0, "");
        if (e.StateEnteredEventDetails?.Input is { } input && JsonNode.Parse(input) is JsonObject at && (string?)at["plan"]?["database"] is { } database)
        {
            place = (string?)at["target"]?["region"] is { } region ? $"{database} → {region}" : database;
        }

        if (e.Type == HistoryEventType.MapStateExited)
        {
            // A target's lane ends in its database's, the databases' in the run's.
            place = e.StateExitedEventDetails.Name == "Copy to each target" ? place.Split(" → ")[0] : "";
        }

        places[e.Id!.Value] = place;
        if (e.Type == HistoryEventType.TaskStateExited && place.Length > 0 && told.Add((place, e.StateExitedEventDetails.Name)))
        {
            log.Line($"{place}: {e.StateExitedEventDetails.Name}");
        }
    }
}
