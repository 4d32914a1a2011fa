using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Snapshots;

/// <summary>Between which seconds a database can be restored.</summary>
public sealed record RestorableWindow(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    /// <summary>Null when nothing can be restored yet, or automated backups are off.</summary>
    public static async Task<RestorableWindow?> Read(IAmazonRDS rds, Database database, CancellationToken stop)
    {
        try
        {
            if (database.Kind == DatabaseKind.Cluster)
            {
                var cluster = (await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = database.Id }, stop).ConfigureAwait(false)).DBClusters?.FirstOrDefault();
                return Of(cluster?.EarliestRestorableTime, cluster?.LatestRestorableTime);
            }

            // Of several that were called the same, the one with the newest data.
            var backups = (await rds.DescribeDBInstanceAutomatedBackupsAsync(new DescribeDBInstanceAutomatedBackupsRequest { DBInstanceIdentifier = database.Id }, stop).ConfigureAwait(false)).DBInstanceAutomatedBackups ?? [];
            var newest = backups.MaxBy(b => b.RestoreWindow?.LatestTime)?.RestoreWindow;
            return Of(newest?.EarliestTime, newest?.LatestTime);
        }
        catch (AmazonRDSException gone) when (gone is DBInstanceAutomatedBackupNotFoundException or DBClusterNotFoundException)
        {
            return null;
        }
    }

    private static RestorableWindow? Of(DateTime? earliest, DateTime? latest) =>
        earliest is { } from && latest is { } to && from <= to ? new RestorableWindow(new DateTimeOffset(from.ToUniversalTime()), new DateTimeOffset(to.ToUniversalTime())) : null;
}
