using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Removed">What earlier invocations of this clean-up removed.</param>
public sealed record RemoveLeftoversRequest(IReadOnlyList<string> Removed, string Since);

/// <param name="Status">Waiting while there is more to remove.</param>
public sealed record RemoveLeftoversResult(StepStatus Status, string Reason, int WaitSeconds, IReadOnlyList<string> Removed);

/// <summary>A restored copy, as far as it matters for whether it is a leftover.</summary>
/// <param name="Operation">The run that restored it, from its tag; null when it has none.</param>
/// <param name="Member">An instance of a cluster.</param>
public sealed record FoundCopy(Location Location, string Id, bool Cluster, string Status, bool Marked, string? Operation, bool Member = false);

/// <summary>
/// Removes the copies that runs restored for their proofs and did not live to remove: one a time, until there is none. It takes only what carries
/// this project's name and mark, and whose run has ended.
/// </summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "It looks for what nobody knows of.")]
[Allow("rds:DeleteDBInstance", On = "arn:${Partition}:rds:*:${Account}:db:dbre-proof-*")]
[Allow("rds:DeleteDBCluster", On = "arn:${Partition}:rds:*:${Account}:cluster:dbre-proof-*")]
[Allow("rds:DeleteDBInstance", On = "arn:${Partition}:rds:*:${Account}:db:dbre-drill-*", OwnAccount = true)]
[Allow("rds:DeleteDBCluster", On = "arn:${Partition}:rds:*:${Account}:cluster:dbre-drill-*", OwnAccount = true)]
[Allow("states:ListExecutions", On = "${StateMachine:snapshot-copy}")]
[Allow("states:ListExecutions", On = "${StateMachine:pitr-restore}")]
[Allow("states:ListExecutions", On = "${StateMachine:restore-drill}")]
[Allow("states:DescribeExecution", On = "arn:${Partition}:states:${Region}:${Account}:execution:snapshot-copy:*")]
[Allow("states:DescribeExecution", On = "arn:${Partition}:states:${Region}:${Account}:execution:restore-drill:*")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
public sealed class RemoveLeftovers(AwsClients aws, IAmazonStepFunctions flows, Settings settings, TimeProvider clock)
{
    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<RemoveLeftoversResult> Handle(RemoveLeftoversRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (running, targets) = await Runs(deadline.Token).ConfigureAwait(false);
        var found = new List<FoundCopy>();
        foreach (var target in targets)
        {
            found.AddRange(await RestoredIn(target, deadline.Token).ConfigureAwait(false));
        }

        var leftovers = Leftovers(found, running);
        if (leftovers.Count == 0)
        {
            return new RemoveLeftoversResult(StepStatus.Ready, $"{Plural.Of(request.Removed.Count, "leftover was", "leftovers were")} removed.", 0, request.Removed);
        }

        var removed = leftovers.FirstOrDefault(l => l.Status is not "deleting") is { } next && await Remove(next, deadline.Token).ConfigureAwait(false)
            ? [.. request.Removed, $"{next.Id} in {next.Location}"]
            : request.Removed;
        var (status, reason, seconds) = Patience.Wait($"{Plural.Of(leftovers.Count, "leftover is", "leftovers are")} being removed.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new RemoveLeftoversResult(status, reason, seconds, removed);
    }

    /// <summary>What no run is using any more; instances before clusters, which cannot go before them.</summary>
    public static IReadOnlyList<FoundCopy> Leftovers(IEnumerable<FoundCopy> found, IReadOnlySet<string> running) =>
        [.. found.Where(c => c.Marked && c.Operation is not null && !running.Contains(c.Operation))
            .OrderBy(c => c.Cluster).ThenBy(c => c.Id, StringComparer.Ordinal)];

    /// <summary>Which recent runs still run, and where runs restore: in the targets of the policy that each was started with.</summary>
    private async Task<(HashSet<string> Running, HashSet<Location> Targets)> Runs(CancellationToken stop)
    {
        var running = new HashSet<string>(StringComparer.Ordinal);
        var targets = new HashSet<Location>();
        foreach (var flow in (string[])["snapshot-copy", "restore-drill"])
        {
            await foreach (var run in RecentRuns.Of(flows, RecentRuns.Beside(settings.StateMachineArn, flow), clock, stop).ConfigureAwait(false))
            {
                if (run.Status == ExecutionStatus.RUNNING)
                {
                    running.Add(run.Name);
                }

                var started = await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = run.ExecutionArn }, stop).ConfigureAwait(false);
                targets.UnionWith(TargetsOf(started.Input));
            }
        }

        // Restores to a second are made at home or in a recovery Region.
        await foreach (var run in RecentRuns.Of(flows, RecentRuns.Beside(settings.StateMachineArn, "pitr-restore"), clock, stop).ConfigureAwait(false))
        {
            targets.UnionWith(settings.RecoveryRegions.Select(region => new Location(region)).Prepend(aws.Home));
            if (run.Status == ExecutionStatus.RUNNING)
            {
                running.Add(run.Name);
            }
        }

        return (running, targets);
    }

    private static IEnumerable<Location> TargetsOf(string input)
    {
        using var read = JsonDocument.Parse(input);
        return read.RootElement.TryGetProperty("policies", out var policies)
            ? [.. PolicyFile.Read(policies).Policies.SelectMany(p => p.Copies).Select(c => new Location(c.Region, c.Account))]
            : [];
    }

    private async Task<List<FoundCopy>> RestoredIn(Location target, CancellationToken stop)
    {
        var rds = aws.Rds(target);
        var found = new List<FoundCopy>();
        var clusters = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        await foreach (var cluster in rds.Paginators.DescribeDBClusters(new DescribeDBClustersRequest { MaxRecords = 100 }).DBClusters.WithCancellation(stop).ConfigureAwait(false))
        {
            var tags = FleetReader.TagsOf(cluster.TagList);
            clusters[cluster.DBClusterIdentifier] = tags;
            found.Add(Copy(target, cluster.DBClusterIdentifier, cluster: true, cluster.Status, tags));
        }

        await foreach (var instance in rds.Paginators.DescribeDBInstances(new DescribeDBInstancesRequest { MaxRecords = 100 }).DBInstances.WithCancellation(stop).ConfigureAwait(false))
        {
            // A member goes with its cluster, whose mark it need not repeat.
            var tags = instance.DBClusterIdentifier is { } id && clusters.TryGetValue(id, out var inherited) ? inherited : FleetReader.TagsOf(instance.TagList);
            found.Add(Copy(target, instance.DBInstanceIdentifier, cluster: false, instance.DBInstanceStatus, tags) with { Member = instance.DBClusterIdentifier is not null });
        }

        return found;
    }

    private static FoundCopy Copy(Location target, string id, bool cluster, string status, IReadOnlyDictionary<string, string> tags) =>
        new(target, id, cluster, status, IsOurs(id, tags), tags.GetValueOrDefault(Marks.Operation));

    /// <summary>What was restored for a proof or for a drill says so by its name and by a tag; nothing else is ever removed.</summary>
    internal static bool IsOurs(string id, IReadOnlyDictionary<string, string> tags) =>
        (id.StartsWith(RestoredCopy.Prefix, StringComparison.Ordinal) && tags.ContainsKey(Marks.ProofOf)) || (id.StartsWith(Marks.DrillPrefix, StringComparison.Ordinal) && tags.ContainsKey(Marks.RestoreOf));

    /// <returns>False when RDS is still busy with it: it is looked at again.</returns>
    private async Task<bool> Remove(FoundCopy copy, CancellationToken stop)
    {
        var rds = aws.Rds(copy.Location);
        try
        {
            if (copy.Cluster)
            {
                await rds.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = copy.Id, SkipFinalSnapshot = true }, stop).ConfigureAwait(false);
            }
            else if (copy.Member)
            {
                await rds.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = copy.Id }, stop).ConfigureAwait(false);
            }
            else
            {
                await rds.DeleteDBInstanceAsync(
                    new DeleteDBInstanceRequest { DBInstanceIdentifier = copy.Id, SkipFinalSnapshot = true, DeleteAutomatedBackups = true }, stop).ConfigureAwait(false);
            }

            return true;
        }
        catch (AmazonRDSException busy) when (busy is InvalidDBInstanceStateException or InvalidDBClusterStateException or DBInstanceNotFoundException or DBClusterNotFoundException)
        {
            return false;
        }
    }
}
