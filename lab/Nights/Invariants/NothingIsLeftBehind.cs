using Amazon.RDS.Model;

using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>No restored database is left once the nights are over: each costs money and holds data.</summary>
internal sealed class NothingIsLeftBehind(SimulatedCloud cloud) : Invariant("nothing is left behind")
{
    internal override void AtTheEnd()
    {
        Look(SimulatedCloud.RecoveryRegion, _ => true);
        Look(SimulatedCloud.HomeRegion, id => id.StartsWith("dbre-", StringComparison.Ordinal));
    }

    private void Look(string region, Func<string, bool> isRestored)
    {
        var reader = cloud.World.Iam.ContextForUser($"arn:aws:iam::{SimulatedCloud.Account}:user/engineer", region);
        var instances = (DescribeDBInstancesResponse)cloud.World.Invoke(reader, "rds", new DescribeDBInstancesRequest()).GetAwaiter().GetResult();
        foreach (var instance in (instances.DBInstances ?? []).Where(i => isRestored(i.DBInstanceIdentifier)))
        {
            Violated($"'{instance.DBInstanceIdentifier}' in {region} is {instance.DBInstanceStatus} and nobody's.");
        }

        var clusters = (DescribeDBClustersResponse)cloud.World.Invoke(reader, "rds", new DescribeDBClustersRequest()).GetAwaiter().GetResult();
        foreach (var cluster in (clusters.DBClusters ?? []).Where(c => isRestored(c.DBClusterIdentifier)))
        {
            Violated($"Cluster '{cluster.DBClusterIdentifier}' in {region} is {cluster.Status} and nobody's.");
        }
    }
}
