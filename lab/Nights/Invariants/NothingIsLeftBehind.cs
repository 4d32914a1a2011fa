using Amazon.RDS.Model;

using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>No restored copy is left once the nights are over: each costs money and holds data.</summary>
internal sealed class NothingIsLeftBehind(SimulatedCloud cloud) : Invariant("nothing is left behind")
{
    internal override void AtTheEnd()
    {
        var reader = cloud.World.Iam.ContextForUser($"arn:aws:iam::{SimulatedCloud.Account}:user/engineer", SimulatedCloud.RecoveryRegion);
        var instances = (DescribeDBInstancesResponse)cloud.World.Invoke(reader, "rds", new DescribeDBInstancesRequest()).GetAwaiter().GetResult();
        foreach (var instance in instances.DBInstances ?? [])
        {
            Violated($"'{instance.DBInstanceIdentifier}' in {SimulatedCloud.RecoveryRegion} is {instance.DBInstanceStatus} and nobody's.");
        }

        var clusters = (DescribeDBClustersResponse)cloud.World.Invoke(reader, "rds", new DescribeDBClustersRequest()).GetAwaiter().GetResult();
        foreach (var cluster in clusters.DBClusters ?? [])
        {
            Violated($"Cluster '{cluster.DBClusterIdentifier}' in {SimulatedCloud.RecoveryRegion} is {cluster.Status} and nobody's.");
        }
    }
}
