using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Restore;

/// <summary>A database under a name, as RDS describes it; the same for instances and clusters.</summary>
/// <param name="ResourceId">Stays when the name changes.</param>
/// <param name="Operation">The restore that made it; null when none did.</param>
public sealed record NamedDatabase(string Id, string ResourceId, string Arn, string Status, string? Address, int Port, string? Operation)
{
    public bool Available => Status == "available";
}

/// <summary>Reads databases by name.</summary>
internal static class RestoredDatabase
{
    /// <summary>Null when nothing has that name.</summary>
    public static async Task<NamedDatabase?> Find(IAmazonRDS rds, DatabaseKind kind, string id, CancellationToken stop) => kind == DatabaseKind.Instance
        ? await Instance(rds, id, stop).ConfigureAwait(false) is { } instance ? Named(instance) : null
        : await Cluster(rds, id, stop).ConfigureAwait(false) is { } cluster ? Named(cluster) : null;

    public static async Task<DBInstance?> Instance(IAmazonRDS rds, string id, CancellationToken stop)
    {
        try
        {
            return (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id }, stop).ConfigureAwait(false)).DBInstances?.FirstOrDefault();
        }
        catch (DBInstanceNotFoundException)
        {
            return null;
        }
    }

    public static async Task<DBCluster?> Cluster(IAmazonRDS rds, string id, CancellationToken stop)
    {
        try
        {
            return (await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id }, stop).ConfigureAwait(false)).DBClusters?.FirstOrDefault();
        }
        catch (DBClusterNotFoundException)
        {
            return null;
        }
    }

    public static NamedDatabase Named(DBInstance i) => new(
        i.DBInstanceIdentifier, i.DbiResourceId, i.DBInstanceArn, i.DBInstanceStatus, i.Endpoint?.Address, i.Endpoint?.Port ?? 0, FleetReader.TagsOf(i.TagList).GetValueOrDefault(RestoreMarks.Operation));

    public static NamedDatabase Named(DBCluster c) => new(
        c.DBClusterIdentifier, c.DbClusterResourceId, c.DBClusterArn, c.Status, c.Endpoint, c.Port ?? 0, FleetReader.TagsOf(c.TagList).GetValueOrDefault(RestoreMarks.Operation));
}
