using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;

namespace Dbre.Functions.Snapshots;

/// <summary>What one run does with one database: decided once, then carried through the state machine unchanged.</summary>
/// <param name="Snapshot">Made from database, policy and scheduled time, so that a rerun finds what an earlier attempt made.</param>
/// <param name="ProofDue">At least one target's copy is to be proven, so the source is measured.</param>
/// <param name="ExpectedSnapshotSeconds">How long the last snapshot took; null when none was seen.</param>
/// <param name="StartAfterSeconds">What the first ones of a run wait, so that they do not all call RDS in the same second.</param>
public sealed record DatabasePlan(
    string Database, DatabaseKind Kind, string Engine, string Arn, string Region, string Policy, string Snapshot, string ScheduledTime,
    string? KmsKeyArn, string? OptionGroup, string? InstanceClass, string Address, int Port, bool ProofDue, Retention Retention,
    IReadOnlyList<TargetPlan> Targets, IReadOnlyDictionary<string, string> Tags, int StartAfterSeconds = 0, int? ExpectedSnapshotSeconds = null)
{
    public Location Home => new(Region);
}

/// <summary>Where one copy of the snapshot goes.</summary>
/// <param name="ExpectedSeconds">How long the last copy there took; null when none was seen.</param>
/// <param name="ExpectedRestoreSeconds">The same of the last restore there.</param>
public sealed record TargetPlan(
    string Region, string? Account, string KmsKey, bool ProofDue, string? SubnetGroup, IReadOnlyList<string>? SecurityGroups, int? ExpectedSeconds = null, int? ExpectedRestoreSeconds = null)
{
    public Location Location() => new(Region, Account);

    public TimeSpan? Expected() => Patience.Expecting(ExpectedSeconds);
}

/// <summary>A database that waits for another night, since AWS's quotas do not carry it in this one; and which of them.</summary>
public sealed record DeferredDatabase(string Database, string Reason);

/// <summary>A quota that defers databases, and what would carry them.</summary>
/// <param name="Name">As AWS calls it.</param>
public sealed record QuotaShortfall(string Name, string Region, string? Account, int Value, int Needed)
{
    public string Sentence() => $"The quota '{Name}' of {new Location(Region, Account)} is {Value}; {Needed} would carry all.";
}

/// <summary>A database that the run leaves alone, and why.</summary>
public sealed record RefusedDatabase(string Database, string Reason);
