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
        (shape.KmsKeyId, shape.StorageEncrypted) = (source.KmsKeyId is { } key ? keys.Encrypting(call, key) : null, source.StorageEncrypted);
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
            area, record, Reading(start, backup.ReadBy(() => engine.RestoreToTime(start.Stored, start.LogOf!, time, spec, default))),
            "RDS-EVENT-0019", $"Restored from DB instance {backup.SourceId} to {record.Id}", "restoration", "incompatible-restore");
        return new RestoreDBInstanceToPointInTimeResponse { DBInstance = record.Describe() };
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
