using System.Globalization;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Snapshots;

/// <summary>How many manual snapshots a Region of an account has, and may have.</summary>
public sealed record SnapshotRoom(Location Where, DatabaseKind Kind, int Used, int Most);

/// <summary>Whom the run takes on, and whom it defers for which quota.</summary>
public sealed record AdmissionDecision(IReadOnlyList<DatabasePlan> Admitted, IReadOnlyList<DeferredDatabase> Deferred, IReadOnlyList<QuotaShortfall> Quotas);

/// <summary>
/// Decides before anything is begun what AWS's quotas carry within the window: the copies in progress to one destination, laid out as they would
/// run in the order of the queue, and the manual snapshots that a Region may hold. What does not fit is told at the start, not found out by being refused.
/// </summary>
public static class Admission
{
    /// <summary>As many databases are worked on at a time (MaxConcurrency of the state machine's Map); each may hold a snapshot more until its old one is pruned.</summary>
    public const int MostAtOnce = 60;

    /// <summary>Of a copy that nobody has seen yet: a quarter of an hour, on the safe side of what users report (965 to 1362 s across Regions).</summary>
    public static readonly TimeSpan UsualCopy = TimeSpan.FromMinutes(15);

    // Of the window, what a database needs before its copy (measuring, snapshot) and after it (restore, proof, removal, pruning).
    private static readonly TimeSpan BeforeCopy = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AfterCopy = TimeSpan.FromMinutes(30);

    // No fleet of one account and Region has more databases.
    private const int MostNeeded = 10_000;

    /// <param name="queue">In order.</param>
    /// <param name="rooms">What is not among them has no limit.</param>
    public static AdmissionDecision Decide(IReadOnlyList<Candidate> queue, TimeSpan window, IReadOnlyList<SnapshotRoom> rooms)
    {
        var span = window - BeforeCopy - AfterCopy;
        var lanes = new Dictionary<(Location, DatabaseKind), CopyLanes>();
        var places = rooms.ToDictionary(r => (r.Where, r.Kind), r => new SnapshotPlaces(r));
        var admitted = new List<DatabasePlan>();
        var deferred = new List<DeferredDatabase>();
        var quotas = new Dictionary<object, QuotaShortfall>();
        foreach (var candidate in queue)
        {
            var plan = candidate.Plan;
            if (Locations(plan).Select(l => places.GetValueOrDefault((l, plan.Kind))).FirstOrDefault(p => p?.Takes(candidate) == false) is { } full)
            {
                var lacking = Lacking(full, () => full.Shortfall(queue));
                deferred.Add(new DeferredDatabase(plan.Database, $"{full.Room.Where} may hold {full.Room.Most} manual {Word(plan.Kind)} snapshots ('{lacking.Name}'), and they are used up."));
                continue;
            }

            if (plan.Targets.FirstOrDefault(t => !LanesOf(t, plan.Kind).Fits(t)) is { } late)
            {
                var lacking = Lacking((late.Location(), plan.Kind), () => Shortfall(queue, late.Location(), plan.Kind, span));
                deferred.Add(new DeferredDatabase(plan.Database, string.Create(
                    CultureInfo.InvariantCulture,
                    $"Its copy to {late.Location()} would not end in the {window.TotalHours:0.#} hours of the window, with {lacking.Value} copies in progress at a time ('{lacking.Name}').")));
                continue;
            }

            foreach (var target in plan.Targets)
            {
                LanesOf(target, plan.Kind).Add(target);
            }

            foreach (var place in Locations(plan).Select(l => places.GetValueOrDefault((l, plan.Kind))).OfType<SnapshotPlaces>())
            {
                place.Add(candidate);
            }

            admitted.Add(plan);
        }

        return new AdmissionDecision(admitted, deferred, [.. quotas.Values.OrderBy(q => q.Name, StringComparer.Ordinal).ThenBy(q => q.Region, StringComparer.Ordinal).ThenBy(q => q.Account, StringComparer.Ordinal)]);

        // Of the whole queue, so it is the same for each whom it defers.
        QuotaShortfall Lacking(object which, Func<QuotaShortfall> find)
        {
            if (!quotas.TryGetValue(which, out var found))
            {
                quotas.Add(which, found = find());
            }

            return found;
        }

        CopyLanes LanesOf(TargetPlan target, DatabaseKind kind)
        {
            var key = (target.Location(), kind);
            if (!lanes.TryGetValue(key, out var found))
            {
                lanes.Add(key, found = new CopyLanes(Ledger.CopyQuota(kind), span));
            }

            return found;
        }
    }

    private static IEnumerable<Location> Locations(DatabasePlan plan) => plan.Targets.Select(t => t.Location()).Prepend(plan.Home);

    private static string Word(DatabaseKind kind) => kind == DatabaseKind.Cluster ? "cluster" : "instance";

    /// <summary>The smallest number of copies in progress that would carry the whole queue.</summary>
    private static QuotaShortfall Shortfall(IReadOnlyList<Candidate> queue, Location where, DatabaseKind kind, TimeSpan span)
    {
        var copies = queue.Where(c => c.Plan.Kind == kind).SelectMany(c => c.Plan.Targets).Where(t => t.Location() == where).ToList();
        var needed = (int)Math.Max(Ledger.CopyQuota(kind) + 1, Math.Ceiling(copies.Sum(c => Math.Min(Length(c).TotalSeconds, span.TotalSeconds)) / span.TotalSeconds));
        while (needed < MostNeeded && !Carries(needed))
        {
            needed++;
        }

        return new QuotaShortfall(
            kind == DatabaseKind.Cluster ? "Cross-region cluster snapshot copies in progress" : "Cross-region snapshot copies in progress",
            where.Region, where.Account, Ledger.CopyQuota(kind), needed);

        bool Carries(int lanes)
        {
            var tried = new CopyLanes(lanes, span);
            return copies.TrueForAll(c =>
            {
                var fits = tried.Fits(c);
                tried.Add(c);
                return fits;
            });
        }
    }

    private static TimeSpan Length(TargetPlan copy) => copy.Expected() ?? UsualCopy;

    /// <summary>Copies side by side, each in the lane that is free first.</summary>
    private sealed class CopyLanes(int lanes, TimeSpan span)
    {
        private readonly PriorityQueue<int, TimeSpan> free = new(Enumerable.Range(0, lanes).Select(lane => (lane, TimeSpan.Zero)));

        /// <summary>A copy that is longer than the window itself is begun with the window: it would never be made otherwise.</summary>
        public bool Fits(TargetPlan copy) => free.TryPeek(out _, out var at) && (at == TimeSpan.Zero || at + Length(copy) <= span);

        public void Add(TargetPlan copy)
        {
            free.TryDequeue(out var lane, out var at);
            free.Enqueue(lane, at + Length(copy));
        }
    }

    /// <summary>The snapshots of a Region as the night goes on: those that are added for good, and those whose predecessors are pruned after them.</summary>
    private sealed class SnapshotPlaces(SnapshotRoom room)
    {
        private int added;
        private int replaced;

        public SnapshotRoom Room { get; } = room;

        public bool Takes(Candidate candidate)
        {
            var frees = candidate.Frees.Contains(Room.Where);
            return Peak(added + (frees ? 0 : 1), replaced + (frees ? 1 : 0)) <= Room.Most;
        }

        public void Add(Candidate candidate)
        {
            if (candidate.Frees.Contains(Room.Where))
            {
                replaced++;
            }
            else
            {
                added++;
            }
        }

        public QuotaShortfall Shortfall(IReadOnlyList<Candidate> queue)
        {
            var all = queue.Where(c => c.Plan.Kind == Room.Kind && Locations(c.Plan).Contains(Room.Where)).ToList();
            var frees = all.Count(c => c.Frees.Contains(Room.Where));
            return new QuotaShortfall(
                Room.Kind == DatabaseKind.Cluster ? "Manual DB cluster snapshots" : "Manual DB instance snapshots", Room.Where.Region, Room.Where.Account, Room.Most, Peak(all.Count - frees, frees));
        }

        private int Peak(int adds, int replaces) => Room.Used + adds + Math.Min(replaces, MostAtOnce);
    }
}
