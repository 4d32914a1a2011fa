using System.Globalization;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Core.Proof;

namespace Dbre.Functions.Snapshots;

/// <summary>Decides what a policy covers, what of that must be left alone and why, and what is done with the rest.</summary>
public static class Selection
{
    // Identifiers: instances' snapshots up to 255 characters, clusters' up to 63 (Amazon RDS and Aurora User Guides, quotas and naming constraints).
    private const int LongestInstanceSnapshot = 255;
    private const int LongestClusterSnapshot = 63;

    public static bool Covers(Policy policy, Database database) =>
        policy.Select.Names.Any(glob => Glob.Matches(glob, database.Id))
        && (policy.Select.Engines.Count == 0 ? PolicyFile.Engines : policy.Select.Engines).Contains(database.Engine)
        && policy.Select.Tags.All(tag => database.Tags.TryGetValue(tag.Key, out var value) && Glob.Matches(tag.Value, value));

    /// <summary>Why a covered database must be left alone, in one sentence; null when it need not.</summary>
    public static string? Refusal(Policy policy, IReadOnlyList<Policy> all, Database database, DateTimeOffset scheduled)
    {
        var name = SnapshotName(policy, database, scheduled);
        var longest = database.Kind == DatabaseKind.Cluster ? LongestClusterSnapshot : LongestInstanceSnapshot;
        if (all.FirstOrDefault(other => other.Name != policy.Name && Covers(other, database) && Disagreement(policy, other) is not null) is { } rival)
        {
            return $"Database '{database.Id}' is selected by the policies '{policy.Name}' and '{rival.Name}', which disagree on {Disagreement(policy, rival)}; let one of them select it.";
        }

        return database switch
        {
            { Status: "stopped" or "stopping" } => $"Database '{database.Id}' is {database.Status}; RDS takes a snapshot of an available database only, so start it or take it out of policy '{policy.Name}'.",
            { Status: not ("available" or "backing-up" or "storage-optimization" or "modifying") } => $"Database '{database.Id}' is {database.Status}; a snapshot needs it to be available.",
            { BackupRetentionDays: 0, IsReadReplica: false } => $"Database '{database.Id}' has automated backups off (BackupRetentionPeriod 0); set 1 to 35 days, since its snapshots rest on them.",
            _ when name.Length > longest => $"Database '{database.Id}': its snapshot would be called '{name}', {name.Length} characters long; RDS allows {longest} for a{(database.Kind == DatabaseKind.Cluster ? " cluster" : "n instance")} snapshot.",
            _ when !DatabaseMeasurement.Engines.Contains(database.Engine) => $"Database '{database.Id}' runs {database.Engine}, whose rows cannot be compared yet; allowed are {string.Join(", ", DatabaseMeasurement.Engines)}.",
            { Address: null } => $"Database '{database.Id}' has no endpoint yet; it cannot be measured.",
            _ => null,
        };
    }

    public static DatabasePlan Plan(Policy policy, Database database, string region, DateTimeOffset scheduled, IReadOnlyList<CatalogEntry> catalog)
    {
        var targets = policy.Copies
            .Select(c => Target(policy, c, new Location(c.Region, c.Account), scheduled, catalog))
            .ToList();
        var tags = database.Tags.Where(t => !t.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.Ordinal);
        return new DatabasePlan(
            database.Id, database.Kind, database.Engine, database.Arn, region, policy.Name, SnapshotName(policy, database, scheduled), Instant.Write(scheduled),
            database.KmsKeyArn, database.OptionGroup, database.InstanceClass, database.Address!, database.Port, targets.Any(t => t.ProofDue), policy.Retention, targets, tags,
            ExpectedSnapshotSeconds: Queue.Expected(null, catalog, c => c.SnapshotSeconds));
    }

    private static TargetPlan Target(Policy policy, CopyTarget copy, Location where, DateTimeOffset scheduled, IReadOnlyList<CatalogEntry> catalog) => new(
        copy.Region, copy.Account, copy.KmsKey, ProofDue(policy, where, scheduled, catalog), copy.SubnetGroup, copy.SecurityGroups,
        Queue.Expected(where, catalog, c => c.CopySeconds), Queue.Expected(where, catalog, c => c.RestoreSeconds));

    /// <summary>A target without a proof yet is due; then every so many days, with half a day's grace for a run that starts a little early.</summary>
    public static bool ProofDue(Policy policy, Location target, DateTimeOffset scheduled, IReadOnlyList<CatalogEntry> catalog)
    {
        var newest = catalog.Where(c => c.Location == target && c.Policy == policy.Name).Max(c => c.ProvenAt);
        return newest is null || scheduled - newest >= TimeSpan.FromDays(policy.Proof.EveryDays) - TimeSpan.FromHours(12);
    }

    public static string SnapshotName(Policy policy, Database database, DateTimeOffset scheduled) =>
        $"{database.Id}-{policy.Name}-{scheduled.UtcDateTime.ToString("yyyyMMdd't'HHmm'z'", CultureInfo.InvariantCulture)}";

    private static string? Disagreement(Policy one, Policy other) =>
        !one.Copies.Select(c => (c.Region, c.Account, c.KmsKey)).ToHashSet().SetEquals(other.Copies.Select(c => (c.Region, c.Account, c.KmsKey))) ? "copies"
        : one.Retention != other.Retention ? "retention"
        : one.Proof != other.Proof ? "proof"
        : null;
}
