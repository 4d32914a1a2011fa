namespace Dbre.Functions.Restore;

/// <summary>One restore of a DynamoDB table: decided once, then carried through the state machine unchanged.</summary>
/// <param name="Backup">The ARN of a backup to restore instead of a time; null is a time.</param>
/// <param name="RestoreTo">The second, in UTC; null is the latest that can be restored, or the backup's own time.</param>
/// <param name="As">The name of the restored table.</param>
/// <param name="RequestedBy">The ARN of who asked.</param>
/// <param name="PlannedAt">A table of that name which is older is not this operation's.</param>
/// <param name="Settings">How the source was configured.</param>
public sealed record TableRestorePlan(
    string Source, string SourceArn, string? Backup, string? RestoreTo, string As, RestorePurpose Purpose, string RequestedBy, string PlannedAt, TableSettings Settings, IReadOnlyList<ExpectedTable> Expected)
{
    /// <summary>What the ledger calls the table: a database may have the same name.</summary>
    public static string LockName(string source) => $"table/{source}";

    /// <summary>
    /// What the name of a restored table has in it, unless it is a drill's: a restore needs the right to write the new table, and so the roles can
    /// have it for these names alone.
    /// </summary>
    public const string Mark = "-restored";

    public const string DrillPrefix = RestorePlan.DrillPrefix;

    /// <summary>DynamoDB's own limits of a name (Amazon DynamoDB API Reference, RestoreTableToPointInTime).</summary>
    public const int ShortestName = 3, LongestName = 255;
}

/// <summary>How a table was configured, as far as a restore does not carry it by itself.</summary>
/// <param name="TimeToLive">The attribute; null is off.</param>
/// <param name="Stream">Which view its stream has; null is no stream.</param>
/// <param name="RecoveryDays">How far back it can be restored; null is not at all.</param>
/// <param name="Shape">Keys and indexes, one text each: a restored table must have the same. Empty where the source is gone.</param>
/// <param name="NotCarried">What has to be done by hand, one sentence each.</param>
public sealed record TableSettings(
    string? TimeToLive, string? Stream, int? RecoveryDays, bool DeletionProtection, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Shape, IReadOnlyList<string> NotCarried);
