using System.Security.Cryptography;
using System.Text;

using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Snapshots;

/// <summary>A copy restored for its proof, as RDS describes it.</summary>
/// <param name="Marked">It carries this project's mark, so it may be removed.</param>
internal sealed record RestoredPart(string Status, string? Address, int Port, bool Marked);

/// <summary>The names of a restored copy, and reading it. The name is made from the copy's, so that a rerun finds what an earlier attempt restored.</summary>
internal static class RestoredCopy
{
    public const string Prefix = "dbre-proof-";

    public const string WriterSuffix = "-writer";

    public static string Id(DatabasePlan plan, TargetPlan target) =>
        Prefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan.Arn}/{plan.Snapshot}/{target.Location()}")))[..16];

    /// <summary>The one instance of a restored cluster.</summary>
    public static string WriterId(string clusterId) => clusterId + WriterSuffix;

    public static async Task<RestoredPart?> Instance(IAmazonRDS rds, string id, CancellationToken stop)
    {
        try
        {
            var found = (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id }, stop).ConfigureAwait(false)).DBInstances?.FirstOrDefault();
            return found is null ? null : new RestoredPart(found.DBInstanceStatus, found.Endpoint?.Address, found.Endpoint?.Port ?? 0, IsMarked(found.TagList));
        }
        catch (DBInstanceNotFoundException)
        {
            return null;
        }
    }

    public static async Task<RestoredPart?> Cluster(IAmazonRDS rds, string id, CancellationToken stop)
    {
        try
        {
            var found = (await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id }, stop).ConfigureAwait(false)).DBClusters?.FirstOrDefault();
            return found is null ? null : new RestoredPart(found.Status, found.Endpoint, found.Port ?? 0, IsMarked(found.TagList));
        }
        catch (DBClusterNotFoundException)
        {
            return null;
        }
    }

    private static bool IsMarked(List<Tag>? tags) => FleetReader.TagsOf(tags).ContainsKey(Marks.ProofOf);
}
