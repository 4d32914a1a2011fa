using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>Read replicas.</content>
public sealed partial class RdsService
{
    private CreateDBInstanceReadReplicaResponse CreateDBInstanceReadReplica(CallContext call, CreateDBInstanceReadReplicaRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.SourceDBInstanceIdentifier), nameof(request.DBInstanceClass), nameof(request.AvailabilityZone),
            nameof(request.Port), nameof(request.MultiAZ), nameof(request.AutoMinorVersionUpgrade), nameof(request.PubliclyAccessible), nameof(request.Tags),
            nameof(request.DBSubnetGroupName), nameof(request.VpcSecurityGroupIds), nameof(request.OptionGroupName), nameof(request.DBParameterGroupName),
            nameof(request.StorageType), nameof(request.CopyTagsToSnapshot), nameof(request.KmsKeyId), nameof(request.PreSignedUrl), nameof(request.SourceRegion),
            nameof(request.DeletionProtection), nameof(request.CACertificateIdentifier));
        RdsErrors.Require(request.DBInstanceIdentifier, nameof(request.DBInstanceIdentifier));
        RdsErrors.Require(request.SourceDBInstanceIdentifier, nameof(request.SourceDBInstanceIdentifier));
        RdsParameters.Only(request.MultiAZ, false, nameof(request.MultiAZ));
        var area = AreaOf(call);
        var arn = area.Arn("db", request.DBInstanceIdentifier.ToLowerInvariant());
        var (home, sourceArn) = SourceArea(call, request.SourceDBInstanceIdentifier);
        call.Authorize("rds:CreateDBInstanceReadReplica", arn, sourceArn);
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, arn, tags);
        var id = NewInstanceId(area, request.DBInstanceIdentifier);
        var source = home.Instance(sourceArn, nameof(request.SourceDBInstanceIdentifier));
        RequireReplicable(source);

        var shape = NewInstance(area, id, source.Shape.Engine, source.Shape.EngineVersion, request.DBInstanceClass ?? source.Shape.DBInstanceClass, new InstanceSettings(
            request.DBSubnetGroupName, request.VpcSecurityGroupIds, request.OptionGroupName, request.DBParameterGroupName, request.AvailabilityZone, request.PubliclyAccessible,
            request.AutoMinorVersionUpgrade, request.CopyTagsToSnapshot, request.DeletionProtection, 0, null, null, request.CACertificateIdentifier));
        shape.MasterUsername = source.Shape.MasterUsername;
        shape.DBName = source.Shape.DBName;
        shape.AllocatedStorage = source.Shape.AllocatedStorage;
        shape.StorageType = request.StorageType ?? source.Shape.StorageType;
        shape.KmsKeyId = ReplicaKey(call, request.KmsKeyId, source, home == area);
        shape.StorageEncrypted = shape.KmsKeyId is not null;
        var record = new InstanceRecord(shape, source.Engine) { Tags = tags, Source = source };
        area.Instances.Add(id, record);
        source.Replicas.Add(record);
        var spec = new DatabaseSpec(record.ServerId, shape.EngineVersion, shape.MasterUsername, null, shape.DBName, request.Port ?? area.Addresses.PortOf(area.Addresses.OfInstance(id)));
        BringUp(area, record, () => source.Engine.CreateReplica(source.ServerId, spec, default), "RDS-EVENT-0005", "DB instance created", "creation", "failed");
        return new CreateDBInstanceReadReplicaResponse { DBInstance = record.Describe() };
    }

    private PromoteReadReplicaResponse PromoteReadReplica(CallContext call, PromoteReadReplicaRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBInstanceIdentifier), nameof(request.BackupRetentionPeriod), nameof(request.PreferredBackupWindow));
        var (area, record) = Found(call, request.DBInstanceIdentifier, "rds:PromoteReadReplica");
        RdsParameters.Within(request.BackupRetentionPeriod, 0, 35, nameof(request.BackupRetentionPeriod));
        if (record.Source is null)
        {
            throw RdsErrors.InstanceState($"DB Instance {record.Id} is not a read replica.");
        }

        record.RequireState("available");
        record.Shape.BackupRetentionPeriod = request.BackupRetentionPeriod ?? 1;
        record.Shape.PreferredBackupWindow = request.PreferredBackupWindow ?? record.Shape.PreferredBackupWindow;
        Promote(area, record);
        return new PromoteReadReplicaResponse { DBInstance = record.Describe() };
    }

    private void Promote(Area area, InstanceRecord record)
    {
        record.Status = "modifying";
        // The source's work waits for it, so that a source that is being deleted is still there.
        record.Source!.Work.Then(World, () => record.Engine.Promote(record.ServerId, default), () =>
        {
            record.Source?.Replicas.Remove(record);
            record.Source = null;
            record.Status = "available";
            Tell(area, EventSource.Of(record), "RDS-EVENT-0045", "Replication for the read replica was stopped: it was promoted", "read replica");
            BeginBackups(area, record);
        }, e => Break(area, record, "failed", e));
    }

    private (Area Home, string Arn) SourceArea(CallContext call, string nameOrArn)
    {
        if (Arn.TryParse(nameOrArn) is not { } arn)
        {
            var area = AreaOf(call);
            return (area, area.Arn("db", nameOrArn.ToLowerInvariant()));
        }

        return arn.Account == call.Account ? (AreaOf(arn.Account, arn.Region), nameOrArn) : throw RdsErrors.InstanceNotFound(nameOrArn);
    }

    private static void RequireReplicable(InstanceRecord source)
    {
        source.RequireState("available");
        if (source.Cluster is { } cluster)
        {
            throw RdsErrors.InvalidCombination($"{source.Id} is a member of the cluster {cluster.Id}; add an instance to the cluster instead of a read replica.");
        }

        // RDS User Guide, "Limitations for Secrets Manager integration with Amazon RDS".
        if (source.Shape.MasterUserSecret is not null)
        {
            throw RdsErrors.InvalidCombination($"{source.Id} has no read replicas made: its master password is managed in Secrets Manager.");
        }

        // AWS: automatic backups must be on at the source.
        if (source.Source is null && source.Shape.BackupRetentionPeriod == 0)
        {
            throw RdsErrors.InstanceState($"Automated backups are not enabled for this database instance: {source.Id}. To enable them, set BackupRetentionPeriod to more than 0.");
        }
    }

    private string? ReplicaKey(CallContext call, string? asked, InstanceRecord source, bool sameRegion)
    {
        if (source.Shape.StorageEncrypted != true)
        {
            return asked is null ? null : throw RdsErrors.InvalidCombination("KmsKeyId cannot be given: an unencrypted instance has no encrypted read replica.");
        }

        return (asked, sameRegion) switch
        {
            (null, true) => source.Shape.KmsKeyId,
            (null, false) => throw RdsErrors.InvalidValue("Must specify new KMS key for an encrypted cross region read replica."),
            _ => keys.Encrypting(call, asked),
        };
    }
}
