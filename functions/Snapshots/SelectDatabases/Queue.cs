using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;

namespace Dbre.Functions.Snapshots;

/// <summary>A database that could be protected in this run.</summary>
/// <param name="DueAt">When its newest copy is older than the policy promises; the beginning of time when it has none.</param>
/// <param name="Frees">Where pruning lets a snapshot of it go for the one that is added.</param>
public sealed record Candidate(DatabasePlan Plan, DateTimeOffset DueAt, IReadOnlySet<Location> Frees);

/// <summary>Who comes first: the quotas may not carry the night, and then the right ones went first.</summary>
public static class Queue
{
    // RDS throttles beyond some requests a second; so many may begin at once, the others of the first wave one a second. Those after it come as places become free.
    private const int AtOnce = 10;

    /// <summary>By how near each is to missing its objective, then by name, so that two runs order alike.</summary>
    public static IReadOnlyList<Candidate> Order(IEnumerable<Candidate> candidates) =>
        [.. candidates.OrderBy(c => c.DueAt).ThenBy(c => c.Plan.Database, StringComparer.Ordinal)];

    /// <summary>The first wave spread over its first minute, in the order of the queue.</summary>
    public static IReadOnlyList<DatabasePlan> Spread(IReadOnlyList<DatabasePlan> admitted) =>
        [.. admitted.Select((plan, i) => plan with { StartAfterSeconds = i < Admission.MostAtOnce ? Math.Max(0, i - AtOnce + 1) : 0 })];

    /// <summary>When the first of its targets misses the objective. Every copy in the catalog is complete.</summary>
    public static DateTimeOffset DueAt(IReadOnlyList<TargetPlan> targets, int rpoHours, IReadOnlyList<CatalogEntry> catalog) => targets
        .Select(t => catalog.Where(c => c.Location == t.Location()).Max(c => (DateTimeOffset?)c.CreatedAt)?.AddHours(rpoHours) ?? DateTimeOffset.MinValue)
        .DefaultIfEmpty(DateTimeOffset.MinValue).Min();

    /// <summary>How long something took the last time, as far as anybody saw it.</summary>
    /// <param name="target">In this target; null is wherever.</param>
    public static int? Expected(Location? target, IReadOnlyList<CatalogEntry> catalog, Func<CatalogEntry, int?> took) =>
        catalog.Where(c => (target is null || c.Location == target) && took(c) is not null).MaxBy(c => c.CreatedAt) is { } last ? took(last) : null;

    /// <summary>
    /// Where tonight's snapshot pushes an older one out: at home and in each target, by the retention that pruning goes by. The catalog knows the
    /// copies only; at home there are as many as in the target that has most.
    /// </summary>
    public static IReadOnlySet<Location> Frees(DatabasePlan plan, DateTimeOffset scheduled, IReadOnlyList<CatalogEntry> catalog)
    {
        var targets = plan.Targets.Select(t => t.Location()).Where(Full).ToHashSet();
        return targets.Count == 0 ? targets : [.. targets, plan.Home];

        bool Full(Location where)
        {
            var there = catalog.Where(c => c.Location == where && c.Policy == plan.Policy)
                .Select(c => new StoredSnapshot(where, c.Snapshot, c.CreatedAt, Available: true, Proven: c.ProvenAt is not null));
            return Pruning.Expired([.. there, new StoredSnapshot(where, plan.Snapshot, scheduled, Available: true, Proven: true)], plan.Retention).Count > 0;
        }
    }
}
