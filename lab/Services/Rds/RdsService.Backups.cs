using System.Globalization;
using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>Automated backups: begun when a database is made, kept on its log, told of, and dropped.</content>
public sealed partial class RdsService
{
    /// <summary>
    /// How often the log is uploaded, and so by how much the latest restorable time lags at most. AWS documents five minutes;
    /// where real servers hand over their log on demand it can be less.
    /// </summary>
    public TimeSpan LogUpload { get; init; } = TimeSpan.FromMinutes(5);

    private void RegisterBackups()
    {
        On<DescribeDBInstanceAutomatedBackupsRequest, DescribeDBInstanceAutomatedBackupsResponse>(DescribeDBInstanceAutomatedBackups);
        On<DescribeDBClusterAutomatedBackupsRequest, DescribeDBClusterAutomatedBackupsResponse>(DescribeDBClusterAutomatedBackups);
        On<DeleteDBInstanceAutomatedBackupRequest, DeleteDBInstanceAutomatedBackupResponse>(DeleteDBInstanceAutomatedBackup);
        On<DeleteDBClusterAutomatedBackupRequest, DeleteDBClusterAutomatedBackupResponse>(DeleteDBClusterAutomatedBackup);
    }

    private DescribeDBInstanceAutomatedBackupsResponse DescribeDBInstanceAutomatedBackups(CallContext call, DescribeDBInstanceAutomatedBackupsRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.DbiResourceId), nameof(request.DBInstanceAutomatedBackupsArn), nameof(request.Filters),
            nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        call.Authorize("rds:DescribeDBInstanceAutomatedBackups", request.DBInstanceAutomatedBackupsArn ?? area.Arn("auto-backup", "*"));
        Expire(area);
        var id = request.DBInstanceIdentifier?.ToLowerInvariant();
        var found = area.Backups.Values.Where(b => b.Instance is not null
            && (id is null || b.SourceId == area.LocalName(id, "db"))
            && (request.DbiResourceId is null || b.ResourceId == request.DbiResourceId)
            && (request.DBInstanceAutomatedBackupsArn is null || b.Arn == request.DBInstanceAutomatedBackupsArn)).ToArray();
        if (found.Length == 0 && (id ?? request.DbiResourceId ?? request.DBInstanceAutomatedBackupsArn) is { } asked)
        {
            throw RdsErrors.InstanceBackupNotFound(asked);
        }

        var page = RdsPages.Of(
            RdsFilters.Apply(
                found, request.Filters, ("status", b => [b.Status]), ("db-instance-id", b => [b.SourceId, b.Instance!.Arn]), ("dbi-resource-id", b => [b.ResourceId])),
            b => b.Arn, request.MaxRecords, request.Marker);
        return new DescribeDBInstanceAutomatedBackupsResponse { DBInstanceAutomatedBackups = [.. page.Items.Select(Described)], Marker = page.NextToken };
    }

    private static DBInstanceAutomatedBackup Described(AutomatedBackup backup)
    {
        var shape = backup.Instance!.Shape;
        // Of replicated backups too it is the Region of the instance (AWS CLI reference, start-db-instance-automated-backups-replication, its example).
        var region = Arn.TryParse(backup.Instance.Arn)!.Region;
        return new DBInstanceAutomatedBackup
        {
            DBInstanceArn = backup.Instance.Arn,
            DbiResourceId = backup.ResourceId,
            DBInstanceAutomatedBackupsArn = backup.Arn,
            DBInstanceAutomatedBackupsReplications = backup.DescribeReplicas(),
            DBInstanceIdentifier = backup.SourceId,
            Region = region,
            Status = backup.Status,
            RestoreWindow = Window(backup),
            AllocatedStorage = shape.AllocatedStorage,
            Port = shape.Endpoint?.Port,
            AvailabilityZone = shape.AvailabilityZone,
            VpcId = Groups.VpcOf(region),
            InstanceCreateTime = shape.InstanceCreateTime,
            MasterUsername = shape.MasterUsername,
            Engine = shape.Engine,
            EngineVersion = shape.EngineVersion,
            LicenseModel = shape.LicenseModel,
            Iops = shape.Iops,
            OptionGroupName = shape.OptionGroupMemberships[0].OptionGroupName,
            Encrypted = backup.KmsKeyArn is not null,
            StorageType = shape.StorageType,
            KmsKeyId = backup.KmsKeyArn,
            IAMDatabaseAuthenticationEnabled = shape.IAMDatabaseAuthenticationEnabled,
            BackupRetentionPeriod = backup.Retention,
            PreferredBackupWindow = shape.PreferredBackupWindow,
            BackupTarget = "region",
            DedicatedLogVolume = false,
            TagList = backup.Tags.ToList(),
        };
    }

    private DescribeDBClusterAutomatedBackupsResponse DescribeDBClusterAutomatedBackups(CallContext call, DescribeDBClusterAutomatedBackupsRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterIdentifier), nameof(request.DbClusterResourceId), nameof(request.Filters), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        call.Authorize("rds:DescribeDBClusterAutomatedBackups", area.Arn("cluster-auto-backup", "*"));
        Expire(area);
        var id = request.DBClusterIdentifier?.ToLowerInvariant();
        var found = area.Backups.Values.Where(b => b.Cluster is not null
            && (id is null || b.SourceId == area.LocalName(id, "cluster")) && (request.DbClusterResourceId is null || b.ResourceId == request.DbClusterResourceId)).ToArray();
        if (found.Length == 0 && (id ?? request.DbClusterResourceId) is { } asked)
        {
            throw RdsErrors.ClusterBackupNotFound(asked);
        }

        var page = RdsPages.Of(
            RdsFilters.Apply(
                found, request.Filters, ("status", b => [b.Status]), ("db-cluster-id", b => [b.SourceId, b.Cluster!.Arn]), ("db-cluster-resource-id", b => [b.ResourceId])),
            b => b.Arn, request.MaxRecords, request.Marker);
        return new DescribeDBClusterAutomatedBackupsResponse { DBClusterAutomatedBackups = [.. page.Items.Select(b => DescribedOfCluster(area, b))], Marker = page.NextToken };
    }

    private static DBClusterAutomatedBackup DescribedOfCluster(Area area, AutomatedBackup backup)
    {
        var shape = backup.Cluster!.Shape;
        return new DBClusterAutomatedBackup
        {
            DBClusterArn = backup.Cluster.Arn,
            DbClusterResourceId = backup.ResourceId,
            DBClusterAutomatedBackupsArn = backup.Arn,
            DBClusterIdentifier = backup.SourceId,
            Region = area.Region,
            Status = backup.Status,
            RestoreWindow = Window(backup),
            AllocatedStorage = shape.AllocatedStorage,
            Port = shape.Port,
            AvailabilityZones = [.. shape.AvailabilityZones],
            VpcId = Groups.VpcOf(area.Region),
            ClusterCreateTime = shape.ClusterCreateTime,
            MasterUsername = shape.MasterUsername,
            Engine = shape.Engine,
            EngineVersion = shape.EngineVersion,
            EngineMode = shape.EngineMode,
            StorageEncrypted = shape.StorageEncrypted,
            StorageType = shape.StorageType,
            KmsKeyId = shape.KmsKeyId,
            IAMDatabaseAuthenticationEnabled = shape.IAMDatabaseAuthenticationEnabled,
            BackupRetentionPeriod = shape.BackupRetentionPeriod,
            PreferredBackupWindow = shape.PreferredBackupWindow,
            TagList = backup.Cluster.Tags.ToList(),
        };
    }

    private DeleteDBInstanceAutomatedBackupResponse DeleteDBInstanceAutomatedBackup(CallContext call, DeleteDBInstanceAutomatedBackupRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DbiResourceId), nameof(request.DBInstanceAutomatedBackupsArn));
        var asked = request.DbiResourceId ?? request.DBInstanceAutomatedBackupsArn;
        RdsErrors.Require(asked, nameof(request.DbiResourceId));
        var area = AreaOf(call);
        var backup = area.Backups.Values.FirstOrDefault(b => b.Instance is not null && (b.ResourceId == asked || b.Arn == asked));
        call.Authorize("rds:DeleteDBInstanceAutomatedBackup", backup?.Arn ?? area.Arn("auto-backup", "*"));
        DeleteRetained(area, backup ?? throw RdsErrors.InstanceBackupNotFound(asked!), "InvalidDBInstanceAutomatedBackupState");
        return new DeleteDBInstanceAutomatedBackupResponse { DBInstanceAutomatedBackup = Described(backup) };
    }

    private DeleteDBClusterAutomatedBackupResponse DeleteDBClusterAutomatedBackup(CallContext call, DeleteDBClusterAutomatedBackupRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DbClusterResourceId));
        RdsErrors.Require(request.DbClusterResourceId, nameof(request.DbClusterResourceId));
        var area = AreaOf(call);
        var backup = area.Backups.Values.FirstOrDefault(b => b.Cluster is not null && b.ResourceId == request.DbClusterResourceId);
        call.Authorize("rds:DeleteDBClusterAutomatedBackup", backup?.Arn ?? area.Arn("cluster-auto-backup", "*"));
        DeleteRetained(area, backup ?? throw RdsErrors.ClusterBackupNotFound(request.DbClusterResourceId), "InvalidDBClusterAutomatedBackupStateFault");
        return new DeleteDBClusterAutomatedBackupResponse { DBClusterAutomatedBackup = DescribedOfCluster(area, backup) };
    }

    private void DeleteRetained(Area area, AutomatedBackup backup, string stateCode)
    {
        if (!backup.Retained)
        {
            throw new ServiceException(stateCode, $"The automated backup of {backup.SourceId} is {backup.Status}: only a retained one can be deleted.");
        }

        Discard(area, backup);
    }

    private static RestoreWindow? Window(AutomatedBackup backup) =>
        backup.Latest is { } latest ? new RestoreWindow { EarliestTime = backup.Earliest!.Value.UtcDateTime, LatestTime = latest.UtcDateTime } : null;

    /// <summary>Takes the first automated snapshot of an instance that came up; until it is there the instance is <c>backing-up</c>.</summary>
    private void BeginBackups(Area area, InstanceRecord record)
    {
        if (record.Shape.BackupRetentionPeriod is null or 0 || record.Cluster is not null || record.Source is not null || record.Backup is not null)
        {
            return;
        }

        var backup = record.Backup = new AutomatedBackup(World, LogUpload, area.Arn("auto-backup", "ab-" + World.NewToken(40)), record, null);
        area.Backups.Add(backup.ResourceId, backup);
        record.Status = "backing-up";
        Tell(area, EventSource.Of(record), "RDS-EVENT-0001", "Backing up DB instance", "backup");
        TakeAutomated(area, SnapshotKind.Instance, backup, record.Work, record.FactSheet(), record.ServerId, () =>
        {
            record.Status = record.Status == "backing-up" ? "available" : record.Status;
            Tell(area, EventSource.Of(record), "RDS-EVENT-0002", "Finished DB instance backup", "backup");
        }, e => Break(area, record, "available", e));
    }

    /// <summary>Takes the first automated snapshot of a cluster once it has a server, and lets the log go on if it had ended.</summary>
    private void BeginBackups(Area area, ClusterRecord cluster)
    {
        if (cluster.Backup is { } begun)
        {
            begun.Ended = null;
            return;
        }

        var backup = cluster.Backup = new AutomatedBackup(World, LogUpload, area.Arn("cluster-auto-backup", "ab-" + World.NewToken(40)), null, cluster);
        area.Backups.Add(backup.ResourceId, backup);
        TakeAutomated(area, SnapshotKind.Cluster, backup, cluster.Work, cluster.FactSheet(), cluster.Volume, () => { }, _ => EndBackups(area, backup));
    }

    private void TakeAutomated(
        Area area, SnapshotKind kind, AutomatedBackup backup, Sequence work, DatabaseFactSheet source, string serverId, Action done, Action<Exception> failed)
    {
        var engine = backup.Instance?.Engine ?? backup.Cluster!.Engine;
        var snapshots = area.Snapshots(kind);
        var id = AutomatedId(snapshots, source.Id);
        var snapshot = new SnapshotRecord(kind, area.Account, area.Region, id, "automated", engine, source)
        {
            KmsKeyArn = backup.KmsKeyArn,
            OptionGroup = backup.Instance?.Shape.OptionGroupMemberships[0].OptionGroupName,
            LogOf = serverId,
        };
        snapshots.Add(id, snapshot);
        DateTimeOffset frozen = default;
        work.Then(World, () =>
        {
            frozen = World.Now;
            return engine.TakeSnapshot(serverId, snapshot.Stored, default);
        }, () =>
        {
            (snapshot.Status, snapshot.Percent, snapshot.Created, snapshot.OriginallyCreated, snapshot.Finished) = ("available", 100, frozen, frozen, World.Now);
            backup.Begin();
            done();
        }, e =>
        {
            snapshots.Remove(id);
            failed(e);
        });
    }

    // Two of one name within a minute happen where restores take seconds.
    private string AutomatedId(SortedDictionary<string, SnapshotRecord> snapshots, string source)
    {
        var name = $"rds:{source}-{World.Now.UtcDateTime.ToString("yyyy-MM-dd-HH-mm", CultureInfo.InvariantCulture)}";
        return Enumerable.Range(1, int.MaxValue).Select(n => n == 1 ? name : $"{name}-{n}").First(n => !snapshots.ContainsKey(n));
    }

    /// <summary>Ends the automated backups of a database in a Region: its automated snapshots there go, its log is of no use there any more.</summary>
    private void EndBackups(Area area, AutomatedBackup? backup)
    {
        if (backup is null)
        {
            return;
        }

        area.Backups.Remove(backup.ResourceId);
        backup.StopReplicating();
        backup.LetGo();
        foreach (var snapshots in (SortedDictionary<string, SnapshotRecord>[])[area.InstanceSnapshots, area.ClusterSnapshots])
        {
            foreach (var gone in snapshots.Values.Where(s => s.Type == "automated" && s.Source.ResourceId == backup.ResourceId).ToArray())
            {
                snapshots.Remove(gone.Id);
                new Sequence().Then(World, async () =>
                {
                    await backup.Readers.Ended.ConfigureAwait(false);
                    await gone.Engine.DeleteSnapshot(gone.Stored, default).ConfigureAwait(false);
                }, () => { }, _ => { });
            }
        }
    }

    /// <summary>Removes what was retained of deleted databases for as long as it had to be.</summary>
    private void Expire(Area area)
    {
        foreach (var backup in area.Backups.Values.Where(b => b.Expired).ToArray())
        {
            Discard(area, backup);
        }
    }

    private void Discard(Area area, AutomatedBackup backup)
    {
        EndBackups(area, backup);
        if (backup.Instance is { } record)
        {
            RemoveUnneededLog(record);
        }
        else
        {
            RemoveLog(backup.Cluster!.Engine, backup.Cluster.Volume, backup.Readers);
        }
    }

    /// <summary>Removes the log of an instance that is deleted, with the last backup that needs it: that may be in another Region.</summary>
    private void RemoveUnneededLog(InstanceRecord record)
    {
        if (!areas.Values.Any(a => a.Instances.ContainsValue(record)) && !BackupsOf(record).Any())
        {
            RemoveLog(record.Engine, record.ServerId, record.Readers);
        }
    }

    private void RemoveLog(IDatabaseEngine engine, string server, BackupReaders readers) => new Sequence().Then(World, async () =>
    {
        await readers.Ended.ConfigureAwait(false);
        await engine.Delete(server, default).ConfigureAwait(false);
    }, () => { }, _ => { });

    /// <summary>The automated backups of an instance in every Region.</summary>
    private IEnumerable<AutomatedBackup> BackupsOf(InstanceRecord record) => areas.Values.SelectMany(a => a.Backups.Values).Where(b => b.Instance == record);
}
