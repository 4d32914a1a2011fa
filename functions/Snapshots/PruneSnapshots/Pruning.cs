using System.Globalization;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Policies;

namespace Dbre.Functions.Snapshots;

/// <summary>One of this project's snapshots, where it is, and what the catalog says of it.</summary>
public sealed record StoredSnapshot(Location Location, string Id, DateTimeOffset CreatedAt, bool Available, bool Proven);

/// <summary>What becomes of a snapshot that retention no longer keeps, and why.</summary>
public sealed record PruneDecision(StoredSnapshot Snapshot, bool Delete, string Reason);

/// <summary>
/// Decides what may be deleted. Retention only names candidates; safety rule 1 has the last word: the newest proven copy of a target is never
/// deleted, nor any snapshot whose copy in a target is missing or has never passed a restore.
/// </summary>
public static class Pruning
{
    /// <summary>The candidates, oldest first. A copy is let go only after its source: while the source is held, the copy is what it waits for.</summary>
    public static IReadOnlyList<PruneDecision> Decide(IReadOnlyList<StoredSnapshot> sources, IReadOnlyDictionary<Location, IReadOnlyList<StoredSnapshot>> copies, Retention retention)
    {
        var decisions = Expired(sources, retention).Select(source => Source(source, sources, copies)).ToList();
        foreach (var (target, there) in copies)
        {
            decisions.AddRange(Expired(there, retention).Select(copy => Copy(copy, there, sources, target)));
        }

        return [.. decisions.OrderBy(d => d.Snapshot.CreatedAt).ThenBy(d => d.Snapshot.Id, StringComparer.Ordinal)];
    }

    /// <summary>Why nothing at all is deleted after tonight's run; null when the night is in order: each target has its copy, and where a proof was due, it passed.</summary>
    public static string? Standstill(DatabasePlan plan, IReadOnlyDictionary<Location, IReadOnlyList<StoredSnapshot>> copies)
    {
        foreach (var target in plan.Targets)
        {
            var tonight = copies.GetValueOrDefault(target.Location())?.FirstOrDefault(c => c.Id == plan.Snapshot);
            if (tonight is not { Available: true })
            {
                return $"tonight's copy in {target.Location()} is missing, so nothing is deleted";
            }

            if (target.ProofDue && !tonight.Proven)
            {
                return $"tonight's copy in {target.Location()} is not proven, so nothing is deleted";
            }
        }

        return null;
    }

    private static PruneDecision Source(StoredSnapshot source, IReadOnlyList<StoredSnapshot> sources, IReadOnlyDictionary<Location, IReadOnlyList<StoredSnapshot>> copies)
    {
        foreach (var (target, there) in copies)
        {
            var copy = there.FirstOrDefault(c => c.Id == Original(source.Id) && c.Available);
            if (copy is null)
            {
                return new PruneDecision(source, false, $"its copy in {target} is missing");
            }

            if (!copy.Proven)
            {
                return new PruneDecision(source, false, $"its copy in {target} has never passed a restore");
            }
        }

        return copies.Count == 0
            ? new PruneDecision(source, false, "it has no copy elsewhere")
            : new PruneDecision(source, true, "retention is over, and each of its copies is proven");
    }

    private static PruneDecision Copy(StoredSnapshot copy, IReadOnlyList<StoredSnapshot> there, IReadOnlyList<StoredSnapshot> sources, Location target)
    {
        var lastProven = there.Where(c => c is { Proven: true, Available: true }).MaxBy(c => c.CreatedAt);
        return (sources.Any(s => s.Id == copy.Id), lastProven) switch
        {
            (true, _) => new PruneDecision(copy, false, "its source is still held"),
            (_, null) => new PruneDecision(copy, false, $"no copy in {target} is proven"),
            (_, { } last) when last.Id == copy.Id => new PruneDecision(copy, false, $"it is the last proven copy in {target}"),
            (_, { } last) when !copy.Proven && last.CreatedAt < copy.CreatedAt => new PruneDecision(copy, false, $"no newer copy in {target} is proven"),
            _ => new PruneDecision(copy, true, "retention is over, and a newer copy is proven"),
        };
    }

    /// <summary>What grandfather-father-son retention no longer keeps. Only available snapshots keep a place: an unfinished one saves nothing.</summary>
    internal static IReadOnlyList<StoredSnapshot> Expired(IReadOnlyList<StoredSnapshot> all, Retention retention)
    {
        var whole = all.Where(s => s.Available).OrderByDescending(s => s.CreatedAt).ToList();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        Keep(retention.Daily, at => at.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Keep(retention.Weekly, at => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(at)}-W{ISOWeek.GetWeekOfYear(at)}"));
        Keep(retention.Monthly, at => at.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        Keep(retention.Yearly, at => at.ToString("yyyy", CultureInfo.InvariantCulture));
        return [.. whole.Where(s => !kept.Contains(s.Id))];

        void Keep(int periods, Func<DateTime, string> period) =>
            kept.UnionWith(whole.Where(s => Original(s.Id) == s.Id).GroupBy(s => period(s.CreatedAt.UtcDateTime)).Take(periods).Select(newest => newest.First().Id));
    }

    /// <summary>The re-encrypted twin of a snapshot serves its sharing only: it never keeps a place of its own.</summary>
    private static string Original(string id) =>
        id.EndsWith(PrepareCopy.ReencryptedSuffix, StringComparison.Ordinal) ? id[..^PrepareCopy.ReencryptedSuffix.Length] : id;
}
