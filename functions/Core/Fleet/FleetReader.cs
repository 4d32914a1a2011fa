using Amazon.RDS;
using Amazon.RDS.Model;

namespace Dbre.Functions.Core.Fleet;

/// <summary>Reads every database of a Region. Describe returns the tags with it, so the number of calls does not grow per database but per page of 100.</summary>
public static class FleetReader
{
    public static async Task<IReadOnlyList<Database>> All(IAmazonRDS rds, CancellationToken stop)
    {
        var found = new List<Database>();
        var memberClass = new Dictionary<string, string>(StringComparer.Ordinal);
        await foreach (var instance in rds.Paginators.DescribeDBInstances(new DescribeDBInstancesRequest { MaxRecords = 100 }).DBInstances.WithCancellation(stop).ConfigureAwait(false))
        {
            // A member of a cluster is protected with its cluster: RDS takes no snapshot of it alone.
            if (instance.DBClusterIdentifier is { } memberOf)
            {
                memberClass.TryAdd(memberOf, instance.DBInstanceClass);
            }
            else
            {
                found.Add(new Database(
                    instance.DBInstanceIdentifier, DatabaseKind.Instance, instance.Engine, instance.DBInstanceArn, instance.DBInstanceStatus,
                    instance.ReadReplicaSourceDBInstanceIdentifier is not null, instance.BackupRetentionPeriod ?? 0, instance.KmsKeyId,
                    instance.OptionGroupMemberships?.FirstOrDefault()?.OptionGroupName, instance.DBInstanceClass, instance.Endpoint?.Address, instance.Endpoint?.Port ?? 0,
                    TagsOf(instance.TagList)));
            }
        }

        await foreach (var cluster in rds.Paginators.DescribeDBClusters(new DescribeDBClustersRequest { MaxRecords = 100 }).DBClusters.WithCancellation(stop).ConfigureAwait(false))
        {
            found.Add(new Database(
                cluster.DBClusterIdentifier, DatabaseKind.Cluster, cluster.Engine, cluster.DBClusterArn, cluster.Status,
                cluster.ReplicationSourceIdentifier is not null, cluster.BackupRetentionPeriod ?? 0, cluster.KmsKeyId,
                null, memberClass.GetValueOrDefault(cluster.DBClusterIdentifier), cluster.Endpoint, cluster.Port ?? 0, TagsOf(cluster.TagList)));
        }

        return found;
    }

    /// <summary>RDS tags as a map; null and empty lists are an empty map.</summary>
    public static IReadOnlyDictionary<string, string> TagsOf(List<Tag>? tags) =>
        tags?.ToDictionary(t => t.Key, t => t.Value ?? "", StringComparer.Ordinal) ?? new Dictionary<string, string>(StringComparer.Ordinal);
}
