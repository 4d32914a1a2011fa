using Amazon;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Restore;

/// <summary>Finds the source of a restore: an instance, a cluster, or the backups of one that is gone.</summary>
public static class SourceReader
{
    public static async Task<SourceDatabase?> Find(IAmazonRDS rds, string id, CancellationToken stop)
    {
        if (await RestoredDatabase.Instance(rds, id, stop).ConfigureAwait(false) is { DBClusterIdentifier: null } instance)
        {
            var backup = await InstanceBackup(rds, new DescribeDBInstanceAutomatedBackupsRequest { DbiResourceId = instance.DbiResourceId }, null, stop).ConfigureAwait(false);
            return Of(instance, backup);
        }

        if (await RestoredDatabase.Cluster(rds, id, stop).ConfigureAwait(false) is { } cluster)
        {
            return await Of(rds, cluster, stop).ConfigureAwait(false);
        }

        return await InstanceBackup(rds, new DescribeDBInstanceAutomatedBackupsRequest { DBInstanceIdentifier = id }, null, stop).ConfigureAwait(false) is { } left ? Of(left)
            : await ClusterBackup(rds, id, stop).ConfigureAwait(false) is { } leftOfCluster ? Of(leftOfCluster)
            : null;
    }

    /// <summary>A source as another Region can restore it: from the automated backups that are replicated to there.</summary>
    /// <param name="there">The other Region.</param>
    /// <param name="atHome">As its own Region knows it; null when nothing of it is left there.</param>
    /// <param name="home">Its own Region.</param>
    /// <returns>Without a window where nothing is replicated; null when neither Region knows of it.</returns>
    public static async Task<SourceDatabase?> Elsewhere(IAmazonRDS there, SourceDatabase? atHome, string id, string home, CancellationToken stop)
    {
        var request = atHome is null ? new DescribeDBInstanceAutomatedBackupsRequest { DBInstanceIdentifier = id } : new DescribeDBInstanceAutomatedBackupsRequest { DbiResourceId = atHome.ResourceId };
        var replicated = atHome is { Kind: DatabaseKind.Cluster } ? null : await InstanceBackup(there, request, home, stop).ConfigureAwait(false);
        if (replicated is not null)
        {
            return (atHome ?? Of(replicated)) with
            {
                AutomatedBackup = replicated.DBInstanceAutomatedBackupsArn, KmsKey = replicated.KmsKeyId, BackupRetentionDays = replicated.BackupRetentionPeriod ?? 0,
                Earliest = Moment(replicated.RestoreWindow?.EarliestTime), Latest = Moment(replicated.RestoreWindow?.LatestTime),
            };
        }

        return atHome is null ? null : atHome with { AutomatedBackup = null, KmsKey = null, Earliest = null, Latest = null };
    }

    public static async Task<SourceSnapshot?> Snapshot(IAmazonRDS rds, DatabaseKind kind, string id, CancellationToken stop)
    {
        try
        {
            if (kind == DatabaseKind.Instance)
            {
                var answer = await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = id }, stop).ConfigureAwait(false);
                return answer.DBSnapshots?.Select(s => new SourceSnapshot(s.DBSnapshotIdentifier, s.Status, s.DBInstanceIdentifier, s.EngineVersion, s.KmsKeyId)).FirstOrDefault();
            }

            var clusters = await rds.DescribeDBClusterSnapshotsAsync(new DescribeDBClusterSnapshotsRequest { DBClusterSnapshotIdentifier = id }, stop).ConfigureAwait(false);
            return clusters.DBClusterSnapshots?.Select(s => new SourceSnapshot(s.DBClusterSnapshotIdentifier, s.Status, s.DBClusterIdentifier, s.EngineVersion, s.KmsKeyId)).FirstOrDefault();
        }
        catch (AmazonRDSException missing) when (missing is DBSnapshotNotFoundException or DBClusterSnapshotNotFoundException)
        {
            return null;
        }
    }

    private static async Task<DBInstanceAutomatedBackup?> InstanceBackup(IAmazonRDS rds, DescribeDBInstanceAutomatedBackupsRequest request, string? home, CancellationToken stop)
    {
        try
        {
            var found = (await rds.DescribeDBInstanceAutomatedBackupsAsync(request, stop).ConfigureAwait(false)).DBInstanceAutomatedBackups ?? [];

            // Of several that were called the same, the one with the newest data; and of two Regions' that one's which was asked for: what was
            // restored in another under its own name has backups there too.
            return found.Where(b => home is null || RegionOf(b) == home)
                .OrderByDescending(b => RegionOf(b) == Arn.Parse(b.DBInstanceAutomatedBackupsArn).Region).ThenByDescending(b => b.RestoreWindow?.LatestTime).FirstOrDefault();
        }
        catch (DBInstanceAutomatedBackupNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Where the instance is or was, wherever its backups are.</summary>
    private static string RegionOf(DBInstanceAutomatedBackup backup) => Arn.Parse(backup.DBInstanceArn).Region;

    private static async Task<DBClusterAutomatedBackup?> ClusterBackup(IAmazonRDS rds, string id, CancellationToken stop)
    {
        try
        {
            var found = (await rds.DescribeDBClusterAutomatedBackupsAsync(new DescribeDBClusterAutomatedBackupsRequest { DBClusterIdentifier = id }, stop).ConfigureAwait(false)).DBClusterAutomatedBackups ?? [];
            return found.OrderByDescending(b => b.RestoreWindow?.LatestTime).FirstOrDefault();
        }
        catch (DBClusterAutomatedBackupNotFoundException)
        {
            return null;
        }
    }

    private static SourceDatabase Of(DBInstance i, DBInstanceAutomatedBackup? backup) => new(
        i.DBInstanceIdentifier, DatabaseKind.Instance, i.Engine, i.DBInstanceArn, i.DbiResourceId, i.DBInstanceStatus, i.BackupRetentionPeriod ?? 0,
        backup?.DBInstanceAutomatedBackupsArn, i.KmsKeyId, Moment(backup?.RestoreWindow?.EarliestTime), Moment(i.LatestRestorableTime ?? backup?.RestoreWindow?.LatestTime),
        new RestoreSettings(
            [i.DBInstanceClass], i.DBSubnetGroup?.DBSubnetGroupName, Groups(i.VpcSecurityGroups), i.DBParameterGroups?.FirstOrDefault()?.DBParameterGroupName,
            i.OptionGroupMemberships?.FirstOrDefault()?.OptionGroupName, i.BackupRetentionPeriod ?? 0, i.DeletionProtection ?? false, i.CopyTagsToSnapshot ?? false,
            i.IAMDatabaseAuthenticationEnabled ?? false, i.MultiAZ ?? false, i.PubliclyAccessible ?? false, i.EnabledCloudwatchLogsExports ?? [], FleetReader.TagsOf(i.TagList),
            [.. ByHand(i.MasterUserSecret, i.ReadReplicaDBInstanceIdentifiers)])
        {
            Monitoring = [MonitoringOf(i)], Password = PasswordOf(i.MasterUserSecret),
        })
    {
        Version = i.EngineVersion,
    };

    private static SourceDatabase Of(DBInstanceAutomatedBackup b) => new(
        b.DBInstanceIdentifier, DatabaseKind.Instance, b.Engine, b.DBInstanceArn, b.DbiResourceId, Status: null, b.BackupRetentionPeriod ?? 0, b.DBInstanceAutomatedBackupsArn, b.KmsKeyId,
        Moment(b.RestoreWindow?.EarliestTime), Moment(b.RestoreWindow?.LatestTime),
        new RestoreSettings([], null, [], null, b.OptionGroupName, b.BackupRetentionPeriod ?? 0, false, false, b.IAMDatabaseAuthenticationEnabled ?? false, false, false, [],
            new Dictionary<string, string>(StringComparer.Ordinal),
            ["The source is gone: class, parameter group, log exports and tags are RDS's defaults, and have to be set by hand."]))
    {
        Version = b.EngineVersion,
    };

    private static SourceDatabase Of(DBClusterAutomatedBackup b) => new(
        b.DBClusterIdentifier, DatabaseKind.Cluster, b.Engine, b.DBClusterArn, b.DbClusterResourceId, Status: null, b.BackupRetentionPeriod ?? 0, b.DBClusterAutomatedBackupsArn, b.KmsKeyId,
        Moment(b.RestoreWindow?.EarliestTime), Moment(b.RestoreWindow?.LatestTime),
        new RestoreSettings([], null, [], null, null, b.BackupRetentionPeriod ?? 0, false, false, b.IAMDatabaseAuthenticationEnabled ?? false, false, false, [],
            new Dictionary<string, string>(StringComparer.Ordinal),
            ["The source is gone: how many instances it had, parameter group, log exports and tags are not known, and have to be set by hand."]))
    {
        Version = b.EngineVersion,
    };

    private static async Task<SourceDatabase> Of(IAmazonRDS rds, DBCluster c, CancellationToken stop)
    {
        var members = new List<DBInstance>();
        foreach (var member in (c.DBClusterMembers ?? []).OrderByDescending(m => m.IsClusterWriter ?? false).ThenBy(m => m.DBInstanceIdentifier, StringComparer.Ordinal))
        {
            if (await RestoredDatabase.Instance(rds, member.DBInstanceIdentifier, stop).ConfigureAwait(false) is { } instance)
            {
                members.Add(instance);
            }
        }

        return new SourceDatabase(
            c.DBClusterIdentifier, DatabaseKind.Cluster, c.Engine, c.DBClusterArn, c.DbClusterResourceId, c.Status, c.BackupRetentionPeriod ?? 0, null, c.KmsKeyId,
            Moment(c.EarliestRestorableTime), Moment(c.LatestRestorableTime),
            new RestoreSettings(
                [.. members.Select(m => m.DBInstanceClass)], c.DBSubnetGroup, Groups(c.VpcSecurityGroups), c.DBClusterParameterGroup, null, c.BackupRetentionPeriod ?? 0, c.DeletionProtection ?? false,
                c.CopyTagsToSnapshot ?? false, c.IAMDatabaseAuthenticationEnabled ?? false, false, false, c.EnabledCloudwatchLogsExports ?? [], FleetReader.TagsOf(c.TagList),
                [.. ByHand(c.MasterUserSecret, c.ReadReplicaIdentifiers)])
            {
                Monitoring = [.. members.Select(MonitoringOf)], Password = PasswordOf(c.MasterUserSecret),
            })
        {
            Version = c.EngineVersion,
        };
    }

    private static EnhancedMonitoring? MonitoringOf(DBInstance i) => i is { MonitoringInterval: > 0 and { } seconds, MonitoringRoleArn: { } role } ? new EnhancedMonitoring(seconds, role) : null;

    private static ManagedPassword? PasswordOf(MasterUserSecret? secret) => secret is null ? null : new ManagedPassword(secret.KmsKeyId);

    private static IEnumerable<string> ByHand(MasterUserSecret? secret, List<string>? replicas)
    {
        if (secret is not null)
        {
            yield return $"RDS keeps the restored database's master password in a secret of its own; whoever reads it from {secret.SecretArn} has to read that one.";
        }

        if (replicas is { Count: > 0 })
        {
            yield return $"The read replicas {string.Join(", ", replicas)} follow the old database and have to be made anew.";
        }
    }

    private static List<string> Groups(List<VpcSecurityGroupMembership>? groups) => [.. (groups ?? []).Select(g => g.VpcSecurityGroupId).Order(StringComparer.Ordinal)];

    private static DateTimeOffset? Moment(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;
}
