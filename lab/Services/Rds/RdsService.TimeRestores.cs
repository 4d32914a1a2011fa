using System.Globalization;
using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>Restoring to a time: always to a new database.</content>
public sealed partial class RdsService
{
    private RestoreDBInstanceToPointInTimeResponse RestoreDBInstanceToPointInTime(CallContext call, RestoreDBInstanceToPointInTimeRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.SourceDBInstanceIdentifier), nameof(request.SourceDbiResourceId), nameof(request.SourceDBInstanceAutomatedBackupsArn),
            nameof(request.TargetDBInstanceIdentifier), nameof(request.RestoreTime), nameof(request.UseLatestRestorableTime), nameof(request.DBInstanceClass),
            nameof(request.Port), nameof(request.AvailabilityZone), nameof(request.DBSubnetGroupName), nameof(request.MultiAZ), nameof(request.PubliclyAccessible),
            nameof(request.AutoMinorVersionUpgrade), nameof(request.LicenseModel), nameof(request.Engine), nameof(request.Iops), nameof(request.OptionGroupName),
            nameof(request.CopyTagsToSnapshot), nameof(request.Tags), nameof(request.StorageType), nameof(request.VpcSecurityGroupIds),
            nameof(request.EnableIAMDatabaseAuthentication), nameof(request.DBParameterGroupName), nameof(request.DeletionProtection), nameof(request.MaxAllocatedStorage),
            nameof(request.AllocatedStorage), nameof(request.BackupRetentionPeriod), nameof(request.PreferredBackupWindow), nameof(request.CACertificateIdentifier),
            nameof(request.EnableCloudwatchLogsExports), nameof(request.NetworkType), nameof(request.BackupTarget), nameof(request.DedicatedLogVolume));
        RdsErrors.Require(request.TargetDBInstanceIdentifier, nameof(request.TargetDBInstanceIdentifier));
        var area = AreaOf(call);
        Expire(area);
        var (sourceArn, find) = InstanceToRestore(area, request);
        var arn = area.Arn("db", request.TargetDBInstanceIdentifier.ToLowerInvariant());
        call.Authorize("rds:RestoreDBInstanceToPointInTime", sourceArn, arn);
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, arn, tags);
        var backup = find();
        var source = backup.Instance!.Shape;
        var shape = NewInstance(area, NewInstanceId(area, request.TargetDBInstanceIdentifier), source.Engine, source.EngineVersion, request.DBInstanceClass ?? source.DBInstanceClass, new InstanceSettings(
            request.DBSubnetGroupName, request.VpcSecurityGroupIds, request.OptionGroupName, request.DBParameterGroupName, request.AvailabilityZone, request.PubliclyAccessible,
            request.AutoMinorVersionUpgrade, request.CopyTagsToSnapshot, request.DeletionProtection, request.BackupRetentionPeriod ?? source.BackupRetentionPeriod,
            request.PreferredBackupWindow ?? source.PreferredBackupWindow, null, request.CACertificateIdentifier));
        call.Authorize(
            "rds:RestoreDBInstanceToPointInTime", area.Arn("og", shape.OptionGroupMemberships[0].OptionGroupName), area.Arn("pg", shape.DBParameterGroups[0].DBParameterGroupName),
            area.Arn("subgrp", shape.DBSubnetGroup.DBSubnetGroupName));
        RequireEngine(request.Engine, backup.Instance.FactSheet());
        if (request.AllocatedStorage < source.AllocatedStorage)
        {
            throw RdsErrors.InvalidCombination($"AllocatedStorage cannot be less than the source's: it has {source.AllocatedStorage} GiB, asked for are {request.AllocatedStorage}.");
        }

        var time = TimeToRestore(backup, request.RestoreTime, nameof(request.RestoreTime), request.UseLatestRestorableTime, "instance");
        (shape.MasterUsername, shape.DBName, shape.AllocatedStorage) = (source.MasterUsername, source.DBName, request.AllocatedStorage ?? source.AllocatedStorage);
        (shape.StorageType, shape.Iops, shape.MaxAllocatedStorage) = (request.StorageType ?? source.StorageType, request.Iops ?? source.Iops, request.MaxAllocatedStorage);
        (shape.KmsKeyId, shape.StorageEncrypted) = (backup.KmsKeyArn is { } key ? keys.Encrypting(call, key) : null, backup.KmsKeyArn is not null);
        (shape.MultiAZ, shape.NetworkType) = (request.MultiAZ ?? false, request.NetworkType ?? shape.NetworkType);
        shape.IAMDatabaseAuthenticationEnabled = request.EnableIAMDatabaseAuthentication ?? false;
        shape.EnabledCloudwatchLogsExports = request.EnableCloudwatchLogsExports;
        shape.LicenseModel = request.LicenseModel ?? source.LicenseModel;
        var engine = backup.Instance.Engine;
        var record = new InstanceRecord(shape, engine) { Tags = tags };
        area.Instances.Add(record.Id, record);
        var start = BaseOf(area, SnapshotKind.Instance, backup, time);
        var spec = new DatabaseSpec(
            record.ServerId, source.EngineVersion, source.MasterUsername, null, source.DBName, request.Port ?? area.Addresses.PortOf(area.Addresses.OfInstance(record.Id)));
        BringUp(
            area, record, Reading(start, backup.Readers.With(() => engine.RestoreToTime(start.Stored, start.LogOf!, time, spec, default))),
            "RDS-EVENT-0019", $"Restored from DB instance {backup.SourceId} to {record.Id}", "restoration", "incompatible-restore");
        return new RestoreDBInstanceToPointInTimeResponse { DBInstance = record.Describe() };
    }

    private RestoreDBClusterToPointInTimeResponse RestoreDBClusterToPointInTime(CallContext call, RestoreDBClusterToPointInTimeRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterIdentifier), nameof(request.RestoreType), nameof(request.SourceDBClusterIdentifier), nameof(request.SourceDbClusterResourceId),
            nameof(request.RestoreToTime), nameof(request.UseLatestRestorableTime), nameof(request.Port), nameof(request.DBSubnetGroupName),
            nameof(request.VpcSecurityGroupIds), nameof(request.Tags), nameof(request.KmsKeyId), nameof(request.EnableIAMDatabaseAuthentication),
            nameof(request.EnableCloudwatchLogsExports), nameof(request.DBClusterParameterGroupName), nameof(request.DeletionProtection), nameof(request.CopyTagsToSnapshot),
            nameof(request.StorageType), nameof(request.EngineMode), nameof(request.BackupRetentionPeriod), nameof(request.PreferredBackupWindow));
        RdsErrors.Require(request.DBClusterIdentifier, nameof(request.DBClusterIdentifier));
        RequireProvisioned(request.EngineMode);
        var area = AreaOf(call);
        Expire(area);
        var (sourceArn, find) = ClusterToRestore(area, request);
        var arn = area.Arn("cluster", request.DBClusterIdentifier.ToLowerInvariant());
        call.Authorize("rds:RestoreDBClusterToPointInTime", sourceArn, arn, area.Arn("subgrp", request.DBSubnetGroupName?.ToLowerInvariant() ?? "default"));
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, arn, tags);
        var backup = find();
        var (source, engine) = (backup.Cluster!.Shape, backup.Cluster.Engine);
        var shape = NewCluster(area, NewClusterId(area, request.DBClusterIdentifier), source.Engine, source.EngineVersion, new InstanceSettings(
            request.DBSubnetGroupName, request.VpcSecurityGroupIds, null, request.DBClusterParameterGroupName, null, null, null, request.CopyTagsToSnapshot,
            request.DeletionProtection, request.BackupRetentionPeriod ?? source.BackupRetentionPeriod, request.PreferredBackupWindow ?? source.PreferredBackupWindow, null, null));
        var time = request.RestoreType switch
        {
            null or "full-copy" => TimeToRestore(backup, request.RestoreToTime, nameof(request.RestoreToTime), request.UseLatestRestorableTime, "cluster"),
            "copy-on-write" when request.RestoreToTime is not null => throw RdsErrors.InvalidCombination("RestoreToTime cannot be given when RestoreType is copy-on-write."),
            "copy-on-write" when backup.Retained => throw RdsErrors.ClusterNotFound(backup.SourceId),
            // A clone begins as its source is now.
            "copy-on-write" => TimeToRestore(backup, null, nameof(request.RestoreToTime), request.UseLatestRestorableTime, "cluster") is var latest && backup.Ended is null ? World.Now : latest,
            _ => throw RdsErrors.InvalidValue($"Invalid RestoreType: {request.RestoreType}; allowed are full-copy and copy-on-write."),
        };
        (shape.MasterUsername, shape.DatabaseName, shape.StorageType) = (source.MasterUsername, source.DatabaseName, request.StorageType ?? source.StorageType);
        shape.KmsKeyId = (request.KmsKeyId ?? source.KmsKeyId) is { } key ? keys.Encrypting(call, key) : null;
        shape.StorageEncrypted = shape.KmsKeyId is not null;
        shape.IAMDatabaseAuthenticationEnabled = request.EnableIAMDatabaseAuthentication ?? false;
        shape.EnabledCloudwatchLogsExports = request.EnableCloudwatchLogsExports;
        var cluster = new ClusterRecord(shape, engine) { Tags = tags };
        area.Clusters.Add(cluster.Id, cluster);
        var start = BaseOf(area, SnapshotKind.Cluster, backup, time);
        var volume = backup.Cluster.Volume;
        var spec = new DatabaseSpec(cluster.Volume, source.EngineVersion, source.MasterUsername, null, source.DatabaseName, Started: false);
        BringUp(
            area, cluster, Reading(start, backup.Readers.With(() => engine.RestoreToTime(start.Stored, volume, time, spec, default))),
            "RDS-EVENT-0170", "DB cluster created", "creation", "incompatible-restore");
        return new RestoreDBClusterToPointInTimeResponse { DBCluster = cluster.Describe() };
    }

    private static (string Arn, Func<AutomatedBackup> Find) ClusterToRestore(Area area, RestoreDBClusterToPointInTimeRequest request)
    {
        var (name, resource) = (request.SourceDBClusterIdentifier, request.SourceDbClusterResourceId);
        if (string.IsNullOrEmpty(name) == string.IsNullOrEmpty(resource))
        {
            throw RdsErrors.InvalidCombination("Exactly one of SourceDBClusterIdentifier and SourceDbClusterResourceId must be given.");
        }

        if (name is { Length: > 0 })
        {
            return (area.Arn("cluster", area.LocalName(name.ToLowerInvariant(), "cluster")), () => area.Cluster(name).Backup
                ?? throw new ServiceException("InvalidRestoreFault", $"The cluster {name} cannot be restored to a time yet: it has had no instance to back up."));
        }

        var backup = area.Backups.Values.FirstOrDefault(b => b.Cluster is not null && b.ResourceId == resource);
        return (backup?.Cluster!.Arn ?? area.Arn("cluster", "*"), () => backup ?? throw RdsErrors.ClusterBackupNotFound(resource!));
    }

    /// <summary>The ARN to authorize on, and how to find the backup: what is not allowed is not looked for.</summary>
    private static (string Arn, Func<AutomatedBackup> Find) InstanceToRestore(Area area, RestoreDBInstanceToPointInTimeRequest request)
    {
        if (new[] { request.SourceDBInstanceIdentifier, request.SourceDbiResourceId, request.SourceDBInstanceAutomatedBackupsArn }.Count(s => !string.IsNullOrEmpty(s)) != 1)
        {
            throw RdsErrors.InvalidCombination("Exactly one of SourceDBInstanceIdentifier, SourceDbiResourceId and SourceDBInstanceAutomatedBackupsArn must be given.");
        }

        if (request.SourceDBInstanceIdentifier is { Length: > 0 } name)
        {
            return (area.Arn("db", area.LocalName(name.ToLowerInvariant(), "db")), () =>
            {
                var record = area.Instance(name, nameof(request.SourceDBInstanceIdentifier));
                return record.Cluster is { } cluster
                    ? throw RdsErrors.InvalidCombination($"{record.Id} is a member of the cluster {cluster.Id}: use RestoreDBClusterToPointInTime.")
                    : record.Backup ?? throw new ServiceException("PointInTimeRestoreNotEnabled", $"Point in time restore is not enabled for {record.Id}: its BackupRetentionPeriod is 0.");
            });
        }

        var backup = area.Backups.Values.FirstOrDefault(b => b.Instance is not null
            && (request.SourceDbiResourceId is { Length: > 0 } id ? b.ResourceId == id : b.Arn == request.SourceDBInstanceAutomatedBackupsArn));
        return (
            backup?.Instance!.Arn ?? area.Arn("db", "*"),
            () => backup ?? throw RdsErrors.InstanceBackupNotFound(request.SourceDbiResourceId ?? request.SourceDBInstanceAutomatedBackupsArn));
    }

    private static DateTimeOffset TimeToRestore(AutomatedBackup backup, DateTime? asked, string parameter, bool? latest, string word)
    {
        if (asked is null == latest is not true)
        {
            throw RdsErrors.InvalidCombination($"Exactly one of {parameter} and UseLatestRestorableTime must be given.");
        }

        if (backup.Latest is not { } till)
        {
            throw new ServiceException("InvalidRestoreFault", $"The {word} {backup.SourceId} cannot be restored to a time yet: its automated backup is {backup.Status}.");
        }

        if (asked is not { } wished)
        {
            return till;
        }

        var time = new DateTimeOffset(wished.ToUniversalTime());
        return time > till ? throw RdsErrors.InvalidValue($"The specified {word} cannot be restored to a time later than {Said(till)}.")
            : time < backup.Earliest ? throw RdsErrors.InvalidValue($"The specified {word} cannot be restored to a time earlier than {Said(backup.Earliest.Value)}.")
            : time;
        static string Said(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
    }

    /// <summary>The newest snapshot that was finished by a time, to replay the log from.</summary>
    private static SnapshotRecord BaseOf(Area area, SnapshotKind kind, AutomatedBackup backup, DateTimeOffset time) =>
        area.Snapshots(kind).Values.Where(s => backup.HoldsLogSince(s) && s.Finished <= time).MaxBy(s => s.Finished)
            ?? throw new ServiceException("InvalidRestoreFault", $"No backup of {backup.SourceId} is left that was finished by {time:O}.");
}
