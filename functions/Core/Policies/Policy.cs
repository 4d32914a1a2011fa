namespace Dbre.Functions.Core.Policies;

/// <summary>What to protect, how often, where to and for how long: one entry of <c>config/policies.json</c>.</summary>
/// <param name="WindowHours">How long a run may take. What AWS's quotas do not carry in that time is deferred, and said at the start.</param>
/// <param name="Drill">How many databases a night are restored as a drill; null is none.</param>
/// <param name="Canary">Whether a sign of life is left in each database every minute.</param>
public sealed record Policy(
    string Name, Selector Select, Schedule Schedule, IReadOnlyList<CopyTarget> Copies, Retention Retention, ProofRule Proof, Objectives Objectives,
    int WindowHours = Policy.UsualWindowHours, DrillRule? Drill = null, bool Canary = false)
{
    public const int UsualWindowHours = 20;
}

/// <summary>Which databases a policy covers. All three must match; globs are anchored at both ends ("prod" never matches "nonprod").</summary>
/// <param name="Tags">Tag name to a glob of its value.</param>
/// <param name="Engines">RDS engine names; empty means every engine that can be copied.</param>
/// <param name="Names">Globs of database identifiers.</param>
public sealed record Selector(IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Engines, IReadOnlyList<string> Names);

/// <summary>When the policy's run starts, in EventBridge Scheduler's own syntax.</summary>
public sealed record Schedule(string Cron, string TimeZone);

/// <summary>Where a copy goes.</summary>
/// <param name="Region">The destination Region.</param>
/// <param name="Account">The destination account; null is the account of the source.</param>
/// <param name="KmsKey">A key of the destination Region and account: alias, id or ARN. AWS keys are Regional, so each target names its own.</param>
/// <param name="SubnetGroup">Where a copy is restored for its proof; null is the account's default, as RDS decides it.</param>
/// <param name="SecurityGroups">The security groups of that restored copy; they must let the prover in.</param>
public sealed record CopyTarget(string Region, string? Account, string KmsKey, string? SubnetGroup = null, IReadOnlyList<string>? SecurityGroups = null);

/// <summary>Grandfather-father-son retention: how many days, ISO weeks, months and years keep their newest snapshot.</summary>
public sealed record Retention(int Daily, int Weekly, int Monthly, int Yearly);

/// <summary>How often a copy is restored and compared.</summary>
/// <param name="EveryDays">A copy is proven when the newest proof of its database and target is this many days old.</param>
public sealed record ProofRule(int EveryDays);

/// <summary>What the policy promises; the run's evidence is measured against it.</summary>
public sealed record Objectives(int RpoHours, int RtoMinutes);

/// <summary>The restore drill: every night some databases prove that they could be restored.</summary>
/// <param name="PerNight">How many, those first whose proof is the oldest.</param>
/// <param name="Schedule">When; best when the night's copies are done.</param>
public sealed record DrillRule(int PerNight, Schedule Schedule)
{
    /// <summary>A drill waits for its restores in one execution, whose 25,000 history events carry no more.</summary>
    public const int MostPerNight = 5;
}
