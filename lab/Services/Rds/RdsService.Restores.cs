using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>Making databases from snapshots: always new ones.</content>
public sealed partial class RdsService
{
    private void RegisterRestores()
    {
        On<RestoreDBInstanceFromDBSnapshotRequest, RestoreDBInstanceFromDBSnapshotResponse>(RestoreDBInstanceFromDBSnapshot);
        On<RestoreDBInstanceToPointInTimeRequest, RestoreDBInstanceToPointInTimeResponse>(RestoreDBInstanceToPointInTime);
        On<RestoreDBClusterToPointInTimeRequest, RestoreDBClusterToPointInTimeResponse>(RestoreDBClusterToPointInTime);
        On<RestoreDBClusterFromSnapshotRequest, RestoreDBClusterFromSnapshotResponse>(RestoreDBClusterFromSnapshot);
    }

    private RestoreDBInstanceFromDBSnapshotResponse RestoreDBInstanceFromDBSnapshot(CallContext call, RestoreDBInstanceFromDBSnapshotRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.DBSnapshotIdentifier), nameof(request.DBInstanceClass), nameof(request.Port),
            nameof(request.AvailabilityZone), nameof(request.DBSubnetGroupName), nameof(request.MultiAZ), nameof(request.PubliclyAccessible),
            nameof(request.AutoMinorVersionUpgrade), nameof(request.Engine), nameof(request.OptionGroupName), nameof(request.Tags), nameof(request.VpcSecurityGroupIds),
            nameof(request.CopyTagsToSnapshot), nameof(request.DBParameterGroupName), nameof(request.DeletionProtection), nameof(request.StorageType),
            nameof(request.BackupRetentionPeriod), nameof(request.PreferredBackupWindow), nameof(request.CACertificateIdentifier));
        RdsErrors.Require(request.DBInstanceIdentifier, nameof(request.DBInstanceIdentifier));
        RdsParameters.Only(request.MultiAZ, false, nameof(request.MultiAZ));
        var (area, snapshot) = ToRestore(call, SnapshotKind.Instance, request.DBSnapshotIdentifier, nameof(request.DBSnapshotIdentifier), "rds:RestoreDBInstanceFromDBSnapshot");
        var arn = area.Arn("db", request.DBInstanceIdentifier.ToLowerInvariant());
        call.Authorize("rds:RestoreDBInstanceFromDBSnapshot", arn);
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, arn, tags);
        var id = NewInstanceId(area, request.DBInstanceIdentifier);
        var source = snapshot.Source;
        RequireEngine(request.Engine, source);
        var shape = NewInstance(area, id, source.Engine, source.EngineVersion, request.DBInstanceClass ?? "db.t4g.micro", new InstanceSettings(
            request.DBSubnetGroupName, request.VpcSecurityGroupIds, request.OptionGroupName, request.DBParameterGroupName, request.AvailabilityZone, request.PubliclyAccessible,
            request.AutoMinorVersionUpgrade, request.CopyTagsToSnapshot, request.DeletionProtection, request.BackupRetentionPeriod ?? source.BackupRetentionPeriod,
            request.PreferredBackupWindow ?? source.BackupWindow, null, request.CACertificateIdentifier));
        (shape.MasterUsername, shape.DBName, shape.AllocatedStorage) = (source.MasterUsername, source.DatabaseName, source.AllocatedStorage);
        (shape.StorageType, shape.Iops) = (request.StorageType ?? source.StorageType, source.Iops);
        (shape.KmsKeyId, shape.StorageEncrypted) = (RestoreKey(call, snapshot, null), snapshot.KmsKeyArn is not null);
        var record = new InstanceRecord(shape, snapshot.Engine) { Tags = tags };
        area.Instances.Add(id, record);
        var spec = new DatabaseSpec(record.ServerId, source.EngineVersion, source.MasterUsername, null, source.DatabaseName, request.Port ?? area.Addresses.PortOf(area.Addresses.OfInstance(id)));
        BringUp(
            area, record, Reading(snapshot, () => snapshot.Engine.Restore(snapshot.Stored, spec, default)),
            "RDS-EVENT-0043", $"Restored from snapshot {snapshot.Id}", "restoration", "incompatible-restore");
        return new RestoreDBInstanceFromDBSnapshotResponse { DBInstance = record.Describe() };
    }

    private RestoreDBClusterFromSnapshotResponse RestoreDBClusterFromSnapshot(CallContext call, RestoreDBClusterFromSnapshotRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterIdentifier), nameof(request.SnapshotIdentifier), nameof(request.Engine), nameof(request.EngineVersion), nameof(request.EngineMode),
            nameof(request.Port), nameof(request.DBSubnetGroupName), nameof(request.VpcSecurityGroupIds), nameof(request.Tags), nameof(request.KmsKeyId),
            nameof(request.DeletionProtection), nameof(request.CopyTagsToSnapshot), nameof(request.DBClusterParameterGroupName), nameof(request.AvailabilityZones),
            nameof(request.BackupRetentionPeriod), nameof(request.PreferredBackupWindow));
        RdsErrors.Require(request.DBClusterIdentifier, nameof(request.DBClusterIdentifier));
        RdsErrors.Require(request.Engine, nameof(request.Engine));
        RequireProvisioned(request.EngineMode);
        var (area, snapshot) = ToRestore(call, SnapshotKind.Cluster, request.SnapshotIdentifier, nameof(request.SnapshotIdentifier), "rds:RestoreDBClusterFromSnapshot");
        var arn = area.Arn("cluster", request.DBClusterIdentifier.ToLowerInvariant());
        call.Authorize("rds:RestoreDBClusterFromSnapshot", arn);
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, arn, tags);
        var id = NewClusterId(area, request.DBClusterIdentifier);
        var source = snapshot.Source;
        RequireEngine(request.Engine, source);
        var version = request.EngineVersion is null ? source.EngineVersion : VersionOf(request.EngineVersion, source.Engine, snapshot.Engine);
        var shape = NewCluster(area, id, source.Engine, version, new InstanceSettings(
            request.DBSubnetGroupName, request.VpcSecurityGroupIds, null, request.DBClusterParameterGroupName, null, null, null, request.CopyTagsToSnapshot,
            request.DeletionProtection, request.BackupRetentionPeriod ?? source.BackupRetentionPeriod, request.PreferredBackupWindow ?? source.BackupWindow, null, null));
        (shape.MasterUsername, shape.DatabaseName, shape.StorageType) = (source.MasterUsername, source.DatabaseName, source.StorageType);
        shape.KmsKeyId = RestoreKey(call, snapshot, request.KmsKeyId);
        shape.StorageEncrypted = shape.KmsKeyId is not null;
        var cluster = new ClusterRecord(shape, snapshot.Engine) { Tags = tags };
        area.Clusters.Add(id, cluster);
        var spec = new DatabaseSpec(cluster.Volume, version, source.MasterUsername, null, source.DatabaseName, Started: false);
        BringUp(
            area, cluster, Reading(snapshot, () => snapshot.Engine.Restore(snapshot.Stored, spec, default)),
            "RDS-EVENT-0043", $"Restored from snapshot {snapshot.Id}", "restoration", "incompatible-restore");
        return new RestoreDBClusterFromSnapshotResponse { DBCluster = cluster.Describe() };
    }

    private (Area Area, SnapshotRecord Snapshot) ToRestore(CallContext call, SnapshotKind kind, string? name, string parameter, string action)
    {
        RdsErrors.Require(name, parameter);
        var area = AreaOf(call);
        var arn = Arn.TryParse(name) is null ? area.Arn(kind.ArnType, name!.ToLowerInvariant()) : name!;
        call.Authorize(action, arn);
        var snapshot = SourceSnapshot(call, kind, arn);
        if (snapshot.Region != call.Region)
        {
            throw kind.NotFound(arn);
        }

        return snapshot.Status == "available"
            ? (area, snapshot)
            : throw kind.State($"Snapshot {snapshot.Id} cannot be restored: it is {snapshot.Status}, not available.");
    }

    /// <summary>While the engine reads a snapshot, it cannot be deleted.</summary>
    private Func<Task<DatabaseEndpoint>> Reading(SnapshotRecord snapshot, Func<Task<DatabaseEndpoint>> work)
    {
        snapshot.Readers++;
        return async () =>
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            finally
            {
                lock (World.Gate)
                {
                    snapshot.Readers--;
                }
            }
        };
    }

    // A restored database is encrypted under the key of its snapshot; only a cluster can be given another.
    private string? RestoreKey(CallContext call, SnapshotRecord snapshot, string? asked)
    {
        if (snapshot.KmsKeyArn is not { } key)
        {
            return asked is null ? null : keys.Encrypting(call, asked);
        }

        if (snapshot.Account != call.Account)
        {
            throw snapshot.Kind.State($"The encrypted snapshot {snapshot.Arn} is another account's: copy it before restoring it.");
        }

        return keys.Encrypting(call, asked ?? key);
    }

    private static void RequireEngine(string? asked, DatabaseFactSheet source)
    {
        if (asked is not null && !string.Equals(asked, source.Engine, StringComparison.OrdinalIgnoreCase))
        {
            throw RdsErrors.InvalidValue($"Invalid DB engine: {asked}; the snapshot is of {source.Engine}.");
        }
    }
}
