using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Pruned">What earlier invocations of this run deleted.</param>
public sealed record PruneSnapshotsRequest(DatabasePlan Plan, DatabaseLock Lock, IReadOnlyList<PrunedSnapshot> Pruned);

public sealed record PrunedSnapshot(string Snapshot, string Region, string? Account, string Reason);

/// <param name="Status">Waiting while there is more to delete.</param>
/// <param name="Held">What retention would let go and safety rule 1 does not.</param>
public sealed record PruneSnapshotsResult(StepStatus Status, string Reason, int WaitSeconds, IReadOnlyList<PrunedSnapshot> Pruned, IReadOnlyList<PrunedSnapshot> Held);

/// <summary>Deletes one snapshot that policy and safety let go, at home or in a target, until there is none.</summary>
[Allow("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", Why = "It lists the snapshots of a database, wherever they are.")]
[Allow("rds:DeleteDBSnapshot", On = "arn:${Partition}:rds:*:${Account}:snapshot:*")]
[Allow("rds:DeleteDBClusterSnapshot", On = "arn:${Partition}:rds:*:${Account}:cluster-snapshot:*")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
[Allow("dynamodb:GetItem", "dynamodb:Query", "dynamodb:DeleteItem", On = "${LedgerTable}")]
public sealed class PruneSnapshots(AwsClients aws, Ledger ledger, SafetyRules rules, TimeProvider clock)
{
    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<PruneSnapshotsResult> Handle(PruneSnapshotsRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        var catalog = await ledger.Copies(plan.Database, deadline.Token).ConfigureAwait(false);
        var sources = await Ours(plan, plan.Home, catalog, deadline.Token).ConfigureAwait(false);
        var copies = new Dictionary<Location, IReadOnlyList<StoredSnapshot>>();
        foreach (var target in plan.Targets)
        {
            copies[target.Location()] = await Ours(plan, target.Location(), catalog, deadline.Token).ConfigureAwait(false);
        }

        var decisions = rules.Prune(sources, copies, plan.Retention);
        if (Pruning.Standstill(plan, copies) is { } why)
        {
            decisions = [.. decisions.Select(d => d.Delete ? d with { Delete = false, Reason = why } : d)];
        }

        var held = decisions.Where(d => !d.Delete).Select(Told).ToList();
        if (decisions.FirstOrDefault(d => d.Delete) is not { } next)
        {
            return new PruneSnapshotsResult(StepStatus.Ready, $"{Plural.Of(request.Pruned.Count, "snapshot was", "snapshots were")} deleted, {Plural.Of(held.Count, "is", "are")} held.", 0, request.Pruned, held);
        }

        await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
        await Delete(plan, next.Snapshot, deadline.Token).ConfigureAwait(false);
        return new PruneSnapshotsResult(StepStatus.Waiting, $"Deleted '{next.Snapshot.Id}' in {next.Snapshot.Location}.", 1, [.. request.Pruned, Told(next)], held);
    }

    private static PrunedSnapshot Told(PruneDecision d) => new(d.Snapshot.Id, d.Snapshot.Location.Region, d.Snapshot.Location.Account, d.Reason);

    private async Task<IReadOnlyList<StoredSnapshot>> Ours(DatabasePlan plan, Location where, IReadOnlyList<CatalogEntry> catalog, CancellationToken stop)
    {
        var proven = catalog.Where(c => c.Location == where && c.ProvenAt is not null).Select(c => c.Snapshot).ToHashSet(StringComparer.Ordinal);
        var found = await SnapshotReader.OfDatabase(aws.Rds(where), plan.Kind, plan.Database, stop).ConfigureAwait(false);

        // A snapshot's age is when its data was frozen, from the catalog or RDS; its name says nothing.
        return [.. found.Where(s => Marks.AreOn(s, plan) && s.CreatedAt is not null).Select(s => new StoredSnapshot(
            where, s.Id, catalog.FirstOrDefault(c => c.Location == where && c.Snapshot == s.Id)?.CreatedAt ?? s.CreatedAt!.Value, s.Available, proven.Contains(s.Id)))];
    }

    private async Task Delete(DatabasePlan plan, StoredSnapshot snapshot, CancellationToken stop)
    {
        var rds = aws.Rds(snapshot.Location);
        try
        {
            if (plan.Kind == DatabaseKind.Instance)
            {
                await rds.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = snapshot.Id }, stop).ConfigureAwait(false);
            }
            else
            {
                await rds.DeleteDBClusterSnapshotAsync(new DeleteDBClusterSnapshotRequest { DBClusterSnapshotIdentifier = snapshot.Id }, stop).ConfigureAwait(false);
            }
        }
        catch (AmazonRDSException gone) when (gone is DBSnapshotNotFoundException or DBClusterSnapshotNotFoundException)
        {
            // Deleted by an earlier attempt: only the catalog is left to tidy.
        }

        await ledger.ForgetCopy(plan.Database, snapshot.Location, snapshot.Id, stop).ConfigureAwait(false);
    }
}
