using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Cli.Terminal;

namespace Dbre.Cli.Runs;

/// <summary>
/// Reads off an execution's history where each database stands. What a state works on stands in its input (<c>plan.database</c>,
/// <c>target.region</c>), so no state needs to report on itself.
/// </summary>
/// <param name="called">What a state is told under that works on no database.</param>
internal sealed class ExecutionView(string? called = null)
{
    private const string WholeRun = "the run";

    // How far a database is when it enters a state: shares of a usual night, told by the steps that take long.
    private static readonly Dictionary<string, double> Shares = new(StringComparer.Ordinal)
    {
        ["Lock the database"] = 0.01, ["Restore it at home"] = 0.02, ["Measure the source"] = 0.03, ["Create the snapshot"] = 0.10, ["Measure the source again"] = 0.30,
        ["Prepare the copy"] = 0.35, ["Copy the snapshot"] = 0.37, ["Restore the copy"] = 0.60, ["Prove the copy"] = 0.80, ["Remove the restored copy"] = 0.88,
        ["Clean up the restored copy"] = 0.88, ["Prune old snapshots"] = 0.94, ["Read its timeline"] = 0.99, ["Give the database back"] = 0.98, ["Give the database back after a failure"] = 0.98,
    };

    // The same of a restore, which works on one database or table.
    private static readonly Dictionary<string, double> OfRestore = new(StringComparer.Ordinal)
    {
        ["Plan the restore"] = 0.02, ["Restore the database"] = 0.06, ["Restore the table"] = 0.06, ["Configure the database"] = 0.60, ["Configure the table"] = 0.60, ["Prove the restore"] = 0.70,
        ["Ask for the approval"] = 0.80, ["Swap the names"] = 0.82, ["Prove it under the name"] = 0.90, ["Remove the drill"] = 0.90, ["Write the evidence"] = 0.98,
    };

    /// <summary>The states that it knows the share of; the flow must have them.</summary>
    public static IEnumerable<string> KnownStates => Shares.Keys.Concat(OfRestore.Keys);

    private static readonly string[] FailuresOfDrill = ["homeFailure", "copyFailure", "removalFailure", "unlockFailure"];

    private readonly Dictionary<string, double> databases = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Database, string Target), double> targets = [];

    /// <summary>The last event taken.</summary>
    public long Seen { get; private set; }

    /// <summary>Takes the events that it has not seen, in order, and tells each change.</summary>
    public void Take(IEnumerable<HistoryEvent> events, Progress progress)
    {
        foreach (var e in events.Where(e => e.Id > Seen).OrderBy(e => e.Id))
        {
            Seen = e.Id!.Value;
            if (e.Type == HistoryEventType.TaskStateEntered)
            {
                Enter(e.StateEnteredEventDetails.Name, Parsed(e.StateEnteredEventDetails.Input), progress);
            }
            else if (e.StateExitedEventDetails is { Name: "Report the database" or "Report the failed database" } left)
            {
                Leave(Parsed(left.Output), progress);
            }
        }
    }

    private void Enter(string state, JsonObject? input, Progress progress)
    {
        if ((Text(input?["plan"], "database") ?? Text(input?["drill"], "database")) is not { } database)
        {
            progress.At(called ?? WholeRun, state, OfRestore.TryGetValue(state, out var share) ? share : null);
            return;
        }

        // A drill's database has one copy, after its restore at home: the two are no targets side by side.
        var region = Text(input?["target"], "region");
        databases[database] = Math.Max(databases.GetValueOrDefault(database), Share(database, region, state));
        progress.At(database, region is null ? state : $"{state} ({region})", databases[database]);
    }

    // A database is as far as the slowest of its targets.
    private double Share(string database, string? region, string state)
    {
        var share = Shares.GetValueOrDefault(state);
        if (region is null)
        {
            return share;
        }

        targets[(database, region)] = share;
        return targets.Where(t => t.Key.Database == database).Min(t => t.Value);
    }

    private void Leave(JsonObject? outcome, Progress progress)
    {
        if ((Text(outcome, "database") ?? Text(outcome?["drill"], "database")) is not { } database || !databases.Remove(database))
        {
            return;
        }

        var failed = FailuresOfDrill.Any(failure => outcome![failure] is not null) || Text(outcome!["home"], "status") is "Failed" || Text(outcome["proved"], "status") is "Failed"
            || (outcome["drill"] is JsonObject drill && drill["copy"] is null)
            || outcome["failure"] is not null
            || (outcome["copies"] as JsonArray ?? []).Any(c => c?["failure"] is not null || Text(c, "outcome") is null or "Failed");
        progress.End(database, failed ? "failed" : "done", failed);
    }

    private static string? Text(JsonNode? node, string field) => node is JsonObject o && o[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonObject? Parsed(string? json)
    {
        try
        {
            return json is null ? null : JsonNode.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            // Step Functions cuts long data off; then the event tells nothing.
            return null;
        }
    }
}
