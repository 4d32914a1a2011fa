using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Modifying, rebooting, stopping, starting and deleting instances.</content>
public sealed partial class RdsService
{
    private ModifyDBInstanceResponse ModifyDBInstance(CallContext call, ModifyDBInstanceRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.ApplyImmediately), nameof(request.MasterUserPassword), nameof(request.BackupRetentionPeriod),
            nameof(request.DBInstanceClass), nameof(request.AllocatedStorage), nameof(request.DeletionProtection), nameof(request.CopyTagsToSnapshot),
            nameof(request.PreferredBackupWindow), nameof(request.PreferredMaintenanceWindow), nameof(request.AutoMinorVersionUpgrade), nameof(request.PubliclyAccessible),
            nameof(request.VpcSecurityGroupIds), nameof(request.NewDBInstanceIdentifier), nameof(request.OptionGroupName), nameof(request.MultiAZ), nameof(request.CACertificateIdentifier), nameof(request.PromotionTier),
            nameof(request.DBParameterGroupName), nameof(request.MonitoringInterval), nameof(request.MonitoringRoleArn), nameof(request.CloudwatchLogsExportConfiguration),
            nameof(request.EnableIAMDatabaseAuthentication), nameof(request.StorageType), nameof(request.Iops), nameof(request.MaxAllocatedStorage),
            nameof(request.ManageMasterUserPassword), nameof(request.MasterUserSecretKmsKeyId));
        var (area, record) = Found(call, request.DBInstanceIdentifier, "rds:ModifyDBInstance");
        RdsParameters.Within(request.BackupRetentionPeriod, 0, 35, nameof(request.BackupRetentionPeriod));
        if ((request.MasterUserPassword is not null || request.ManageMasterUserPassword is not null) && request.NewDBInstanceIdentifier is not null)
        {
            throw RdsErrors.InvalidCombination("The lab changes either the master password or NewDBInstanceIdentifier at a time.");
        }

        record.RequireState("available", "stopped");
        var shape = record.Shape;
        RequireOneKeeper(request.ManageMasterUserPassword, request.MasterUserSecretKmsKeyId, request.MasterUserPassword, shape.MasterUserSecret);
        if (request.AllocatedStorage < shape.AllocatedStorage)
        {
            throw RdsErrors.InvalidCombination($"Storage cannot be made smaller: AllocatedStorage is {shape.AllocatedStorage} GiB, asked for are {request.AllocatedStorage}.");
        }

        if (request.BackupRetentionPeriod == 0 && record.Replicas.Count > 0)
        {
            throw RdsErrors.InvalidCombination($"BackupRetentionPeriod cannot be 0: {record.Id} has read replicas.");
        }

        if (request.DBInstanceClass is { } next && next != shape.DBInstanceClass)
        {
            RequireOrderable(next, shape.Engine, shape.EngineVersion);
        }

        var securityGroups = request.VpcSecurityGroupIds is { Count: > 0 } asked ? SecurityGroups(area, asked, shape.DBSubnetGroup) : shape.VpcSecurityGroups;
        Monitor(call, shape, request.MonitoringInterval, request.MonitoringRoleArn);
        if (request.DBParameterGroupName is { } parameters)
        {
            // Its parameters count from the next reboot.
            shape.DBParameterGroups =
            [
                new DBParameterGroupStatus
                {
                    DBParameterGroupName = area.Groups.ParameterGroup(parameters, shape.Engine, shape.EngineVersion), ParameterApplyStatus = "pending-reboot",
                },
            ];
        }

        if (request.OptionGroupName is { } options)
        {
            shape.OptionGroupMemberships = [new OptionGroupMembership { OptionGroupName = area.Groups.OptionGroup(options).OptionGroupName, Status = "in-sync" }];
        }

        if (request.CACertificateIdentifier is { } certificate)
        {
            shape.CACertificateIdentifier = CertificateOf(certificate);
        }

        shape.BackupRetentionPeriod = request.BackupRetentionPeriod ?? shape.BackupRetentionPeriod;
        shape.DBInstanceClass = request.DBInstanceClass ?? shape.DBInstanceClass;
        shape.AllocatedStorage = request.AllocatedStorage ?? shape.AllocatedStorage;
        shape.DeletionProtection = request.DeletionProtection ?? shape.DeletionProtection;
        shape.CopyTagsToSnapshot = request.CopyTagsToSnapshot ?? shape.CopyTagsToSnapshot;
        shape.PreferredBackupWindow = request.PreferredBackupWindow ?? shape.PreferredBackupWindow;
        shape.PreferredMaintenanceWindow = request.PreferredMaintenanceWindow ?? shape.PreferredMaintenanceWindow;
        shape.AutoMinorVersionUpgrade = request.AutoMinorVersionUpgrade ?? shape.AutoMinorVersionUpgrade;
        shape.PubliclyAccessible = request.PubliclyAccessible ?? shape.PubliclyAccessible;
        shape.IAMDatabaseAuthenticationEnabled = request.EnableIAMDatabaseAuthentication ?? shape.IAMDatabaseAuthenticationEnabled;
        shape.EnabledCloudwatchLogsExports = Exports(shape.EnabledCloudwatchLogsExports, request.CloudwatchLogsExportConfiguration);
        (shape.StorageType, shape.Iops) = (request.StorageType ?? shape.StorageType, request.Iops ?? shape.Iops);
        shape.MaxAllocatedStorage = request.MaxAllocatedStorage ?? shape.MaxAllocatedStorage;
        shape.MultiAZ = request.MultiAZ ?? shape.MultiAZ;
        shape.SecondaryAvailabilityZone = shape.MultiAZ != true ? null : area.Region + (shape.AvailabilityZone.EndsWith('b') ? 'c' : 'b');
        shape.PromotionTier = request.PromotionTier ?? shape.PromotionTier;
        shape.VpcSecurityGroups = securityGroups;
        if (request.BackupRetentionPeriod == 0)
        {
            EndBackups(area, record.Backup);
        }

        if (request.MasterUserPassword is { } password)
        {
            ChangePassword(area, record, password, null);
        }
        else if (request.ManageMasterUserPassword == true && shape.MasterUserSecret is null)
        {
            RequireItsOwnPassword(record);
            var (secret, made) = KeepPassword(call, "db", record.Arn, shape.MasterUsername, request.MasterUserSecretKmsKeyId);
            ChangePassword(area, record, made, secret);
        }
        else if (request.NewDBInstanceIdentifier is { Length: > 0 } name)
        {
            Rename(area, record, name, request.ApplyImmediately == true);
        }
        else if (record.Status == "available")
        {
            BeginBackups(area, record);
        }

        return new ModifyDBInstanceResponse { DBInstance = record.Describe() };
    }

    private static List<string>? Exports(List<string>? now, CloudwatchLogsExportConfiguration? change)
    {
        var types = (now ?? []).Except(change?.DisableLogTypes ?? []).Union(change?.EnableLogTypes ?? []).Order(StringComparer.Ordinal).ToList();
        return types.Count > 0 ? types : null;
    }

    private void ChangePassword(Area area, InstanceRecord record, string password, MasterUserSecret? keptIn)
    {
        Credentials.RequirePassword(record.Shape.Engine, password);
        RequireItsOwnPassword(record);
        ForgetPassword(record.Shape.MasterUserSecret);
        record.Shape.MasterUserSecret = keptIn;
        record.Status = "resetting-master-credentials";
        record.Shape.PendingModifiedValues = new PendingModifiedValues { MasterUserPassword = "****" };
        record.Work.Then(World, () => record.Engine.SetMasterPassword(record.ServerId, password, default), () =>
        {
            record.Status = "available";
            record.Shape.MasterUserSecret = Active(keptIn);
            record.Shape.PendingModifiedValues = new PendingModifiedValues();
            Tell(area, EventSource.Of(record), "RDS-EVENT-0016", "Reset master credentials", "configuration change");
            BeginBackups(area, record);
        }, e => Break(area, record, "available", e));
    }

    private static void RequireItsOwnPassword(InstanceRecord record)
    {
        if (record.Cluster is not null)
        {
            throw RdsErrors.InvalidCombination("The master password of a member of a cluster is the cluster's: use ModifyDBCluster.");
        }

        record.RequireState("available");
    }

    private RebootDBInstanceResponse RebootDBInstance(CallContext call, RebootDBInstanceRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBInstanceIdentifier), nameof(request.ForceFailover));
        var (area, record) = Found(call, request.DBInstanceIdentifier, "rds:RebootDBInstance");
        if (request.ForceFailover == true)
        {
            throw RdsErrors.InvalidCombination(
                record.Shape.MultiAZ == true ? "The lab keeps no standby: leave ForceFailover out." : "Cannot force failover since the instance is not MultiAZ.");
        }

        record.RequireState("available");
        record.Status = "rebooting";
        record.Work.Then(World, () => record.Engine.Reboot(record.ServerId, default), () =>
        {
            record.Status = "available";
            foreach (var group in record.Shape.DBParameterGroups)
            {
                group.ParameterApplyStatus = "in-sync";
            }

            record.ClusterParametersStatus = "in-sync";
            Tell(area, EventSource.Of(record), "RDS-EVENT-0006", "DB instance restarted", "availability");
        }, e => Break(area, record, "failed", e));
        return new RebootDBInstanceResponse { DBInstance = record.Describe() };
    }

    private StopDBInstanceResponse StopDBInstance(CallContext call, StopDBInstanceRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBInstanceIdentifier));
        var (area, record) = Found(call, request.DBInstanceIdentifier, "rds:StopDBInstance");
        RefuseMember(record, "stopped");
        if (record.Source is not null || record.Replicas.Count > 0)
        {
            throw RdsErrors.InstanceState($"Cannot stop {record.Id}: it {(record.Source is null ? "has read replicas" : "is a read replica")}.");
        }

        record.RequireState("available");
        record.Status = "stopping";
        DateTimeOffset ended = default;
        record.Work.Then(World, () =>
        {
            ended = World.Now;
            return record.Engine.Stop(record.ServerId, default);
        }, () =>
        {
            record.Status = "stopped";
            _ = record.Backup?.Ended = ended;
            Tell(area, EventSource.Of(record), "RDS-EVENT-0087", "DB instance stopped", "notification");
        }, e => Break(area, record, "failed", e));
        return new StopDBInstanceResponse { DBInstance = record.Describe() };
    }

    private StartDBInstanceResponse StartDBInstance(CallContext call, StartDBInstanceRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBInstanceIdentifier));
        var (area, record) = Found(call, request.DBInstanceIdentifier, "rds:StartDBInstance");
        RefuseMember(record, "started");
        record.RequireState("stopped");
        record.Status = "starting";
        BringUp(area, record, () => record.Engine.Start(record.ServerId, default), "RDS-EVENT-0088", "DB instance started", "notification", "failed");
        return new StartDBInstanceResponse { DBInstance = record.Describe() };
    }

    private DeleteDBInstanceResponse DeleteDBInstance(CallContext call, DeleteDBInstanceRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.SkipFinalSnapshot), nameof(request.FinalDBSnapshotIdentifier), nameof(request.DeleteAutomatedBackups));
        var (area, record) = Found(call, request.DBInstanceIdentifier, "rds:DeleteDBInstance");
        if (record.Shape.DeletionProtection == true)
        {
            throw RdsErrors.InvalidCombination("Cannot delete protected DB Instance, please disable deletion protection and try again.");
        }

        if (record.Status is "creating" or "deleting" or "backing-up" or "starting" or "stopping" or "rebooting")
        {
            throw RdsErrors.InstanceState($"Instance {record.Id} is already being {(record.Status == "deleting" ? "deleted" : "changed: it is " + record.Status)}.");
        }

        var final = FinalSnapshot.Of(request.SkipFinalSnapshot, request.FinalDBSnapshotIdentifier, record.Cluster is not null || record.Source is not null);
        if (final is not null)
        {
            record.RequireState("available");
            TakeSnapshot(call, area, SnapshotKind.Instance, final, TagSet.Of(null), record);
        }

        if (area.Addresses.Opened(area.Addresses.OfInstance(record.Id)) is not null)
        {
            record.Engine.PointEndpoint(area.Addresses.OfInstance(record.Id), null);
        }

        if (record.Cluster is { } cluster)
        {
            DeleteMember(area, cluster, record);
        }
        else
        {
            DeleteAlone(area, record, keepBackups: request.DeleteAutomatedBackups == false);
        }

        return new DeleteDBInstanceResponse { DBInstance = record.Describe() };
    }

    private void DeleteAlone(Area area, InstanceRecord record, bool keepBackups)
    {
        record.Status = "deleting";
        // What replicated it goes on as a database of its own.
        foreach (var replica in record.Replicas.ToArray())
        {
            Promote(area, replica);
        }

        record.Source?.Replicas.Remove(record);
        var kept = keepBackups && record.Backup is { First: not null } ? record.Backup : null;
        // Another Region may go on restoring from the log.
        var keepLog = kept is not null || BackupsOf(record).Any(b => b != record.Backup);
        var readers = record.Readers.Ended;
        DateTimeOffset ended = default;
        record.Work.Then(World, async () =>
        {
            await readers.ConfigureAwait(false);
            ended = World.Now;
            await (keepLog ? record.Engine.Retire(record.ServerId, default) : record.Engine.Delete(record.ServerId, default)).ConfigureAwait(false);
        }, () =>
        {
            area.Instances.Remove(record.Id);
            ForgetPassword(record.Shape.MasterUserSecret);
            if (record.Backup is { } backup)
            {
                (backup.Ended, backup.Retained) = (backup.Ended ?? ended, true);
                backup.StopReplicating();
            }

            if (kept is null)
            {
                EndBackups(area, record.Backup);
            }

            // What was kept for another Region may not be needed there any more.
            if (keepLog)
            {
                RemoveUnneededLog(record);
            }

            Tell(area, EventSource.Of(record), "RDS-EVENT-0003", "DB instance deleted", "deletion");
        }, e => Break(area, record, "failed", e));
    }

    private (Area Area, InstanceRecord Record) Found(CallContext call, string? name, string action)
    {
        RdsErrors.Require(name, "DBInstanceIdentifier");
        var area = AreaOf(call);
        call.Authorize(action, area.Arn("db", area.LocalName(name!.ToLowerInvariant(), "db")));
        return (area, area.Instance(name));
    }

    private static void RefuseMember(InstanceRecord record, string what)
    {
        if (record.Cluster is { } cluster)
        {
            throw RdsErrors.ClusterState($"{record.Id} is a member of the cluster {cluster.Id} and cannot be {what} alone.");
        }
    }
}
