using Amazon.RDS.Model;

namespace Dbre.Functions.Snapshots;

/// <summary>The tags by which this project knows what is its own: it deletes nothing without them.</summary>
public static class Marks
{
    public const string Policy = "dbre:policy";
    public const string Database = "dbre:database";
    public const string Scheduled = "dbre:scheduled";
    public const string ProofOf = "dbre:proof-of";
    public const string Operation = "dbre:operation";
    public const string RestoreOf = "dbre:restore-of";

    /// <summary>How the names of databases restored for a drill begin.</summary>
    public const string DrillPrefix = "dbre-drill-";

    // AWS allows 50 tags on a resource.
    private const int MostTags = 50;

    /// <summary>The source's own tags (AWS's excepted), and what marks the snapshot as this project's.</summary>
    public static List<Tag> OfSnapshot(DatabasePlan plan)
    {
        Dictionary<string, string> ours = new(StringComparer.Ordinal) { [Policy] = plan.Policy, [Database] = plan.Database, [Scheduled] = plan.ScheduledTime };
        return [.. ours.Concat(plan.Tags.Where(t => !ours.ContainsKey(t.Key))).Take(MostTags).Select(t => new Tag { Key = t.Key, Value = t.Value })];
    }

    public static bool AreOn(SnapshotFact snapshot, DatabasePlan plan) =>
        snapshot.Tags.GetValueOrDefault(Policy) == plan.Policy && snapshot.Tags.GetValueOrDefault(Database) == plan.Database;
}
