using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;

namespace Dbre.Functions.Snapshots;

/// <summary>What one run does with one database: decided once, then carried through the state machine unchanged.</summary>
/// <param name="Snapshot">Made from database, policy and scheduled time, so that a rerun finds what an earlier attempt made.</param>
/// <param name="ProofDue">At least one target's copy is to be proven, so the source is measured.</param>
public sealed record DatabasePlan(
    string Database, DatabaseKind Kind, string Engine, string Arn, string Region, string Policy, string Snapshot, string ScheduledTime,
    string? KmsKeyArn, string? OptionGroup, string? InstanceClass, string Address, int Port, bool ProofDue, Retention Retention,
    IReadOnlyList<TargetPlan> Targets, IReadOnlyDictionary<string, string> Tags)
{
    public Location Home => new(Region);
}

/// <summary>Where one copy of the snapshot goes.</summary>
public sealed record TargetPlan(string Region, string? Account, string KmsKey, bool ProofDue, string? SubnetGroup, IReadOnlyList<string>? SecurityGroups)
{
    public Location Location() => new(Region, Account);
}

/// <summary>A database that the run leaves alone, and why.</summary>
public sealed record RefusedDatabase(string Database, string Reason);
