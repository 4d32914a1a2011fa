using System.Text.Json;

using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public enum DatabaseVerdict
{
    Succeeded,
    Failed,
    Refused,
}

public enum CopyVerdict
{
    /// <summary>Restored, compared, equal.</summary>
    Proven,

    /// <summary>There, and its proof was not due.</summary>
    Copied,

    Failed,
}

/// <summary>What came of one copy, as the state machine reports it.</summary>
public sealed record CopyOutcome(string Region, string? Account, string Snapshot, CopyVerdict? Outcome = null, string? Reason = null, ProofResult? Proof = null, Failure? Failure = null);

/// <summary>What came of one database, as the state machine reports it.</summary>
/// <param name="TimelineFailure">Why there are no steps; null when they could be read.</param>
public sealed record DatabaseOutcome(
    string Database, string Kind, string Engine, string Snapshot, IReadOnlyList<CopyOutcome>? Copies = null,
    IReadOnlyList<PrunedSnapshot>? Pruned = null, IReadOnlyList<PrunedSnapshot>? Held = null, Failure? Failure = null, IReadOnlyList<TimelineStep>? Steps = null,
    Failure? TimelineFailure = null)
{
    /// <summary>The database's execution reports it; one that ended otherwise, or never began, is told by its input.</summary>
    public static DatabaseOutcome Of(MapRunRecord record)
    {
        if (record.Output is { } output)
        {
            return JsonSerializer.Deserialize<DatabaseOutcome>(output, FunctionJson.Options)!;
        }

        var plan = JsonSerializer.Deserialize<MapItem>(record.Input, FunctionJson.Options)!.Plan;
        var failure = record.Status switch
        {
            "PENDING" => new Failure("Failed", "It was not begun: the run ended before."),
            _ => new Failure(record.Error ?? record.Status, record.Cause ?? "Its execution was stopped."),
        };
        return new DatabaseOutcome(plan.Database, plan.Kind.ToString(), plan.Engine, plan.Snapshot, Failure: failure);
    }

    private sealed record MapItem(string OperationId, DatabasePlan Plan);
}
