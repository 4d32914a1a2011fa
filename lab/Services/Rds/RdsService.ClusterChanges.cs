using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Modifying, failing over and deleting clusters.</content>
public sealed partial class RdsService
{
    private ModifyDBClusterResponse ModifyDBCluster(CallContext call, ModifyDBClusterRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterIdentifier), nameof(request.NewDBClusterIdentifier), nameof(request.ApplyImmediately), nameof(request.BackupRetentionPeriod),
            nameof(request.VpcSecurityGroupIds),
            nameof(request.MasterUserPassword), nameof(request.PreferredBackupWindow), nameof(request.PreferredMaintenanceWindow), nameof(request.DeletionProtection),
            nameof(request.CopyTagsToSnapshot), nameof(request.DBClusterParameterGroupName), nameof(request.CloudwatchLogsExportConfiguration),
            nameof(request.EnableIAMDatabaseAuthentication), nameof(request.StorageType), nameof(request.ManageMasterUserPassword), nameof(request.MasterUserSecretKmsKeyId));
        var (area, cluster) = FoundCluster(call, request.DBClusterIdentifier, "rds:ModifyDBCluster");
        if ((request.MasterUserPassword is not null || request.ManageMasterUserPassword is not null) && request.NewDBClusterIdentifier is not null)
        {
            throw RdsErrors.InvalidCombination("The lab changes either the master password or NewDBClusterIdentifier at a time.");
        }

        RdsParameters.Within(request.BackupRetentionPeriod, 1, 35, nameof(request.BackupRetentionPeriod));
        cluster.RequireState("available");
        var shape = cluster.Shape;
        RequireOneKeeper(request.ManageMasterUserPassword, request.MasterUserSecretKmsKeyId, request.MasterUserPassword, shape.MasterUserSecret);
        var securityGroups = request.VpcSecurityGroupIds is { Count: > 0 } asked ? SecurityGroups(area, asked, area.Groups.SubnetGroup(shape.DBSubnetGroup)) : shape.VpcSecurityGroups;
        if (request.DBClusterParameterGroupName is { } parameters)
        {
            shape.DBClusterParameterGroup = area.Groups.ClusterParameterGroup(parameters, shape.Engine, shape.EngineVersion);
            // Its parameters count for each member from that one's next reboot.
            foreach (var member in cluster.Members)
            {
                member.ClusterParametersStatus = "pending-reboot";
            }
        }

        shape.IAMDatabaseAuthenticationEnabled = request.EnableIAMDatabaseAuthentication ?? shape.IAMDatabaseAuthenticationEnabled;
        shape.EnabledCloudwatchLogsExports = Exports(shape.EnabledCloudwatchLogsExports, request.CloudwatchLogsExportConfiguration);
        shape.StorageType = request.StorageType ?? shape.StorageType;
        shape.BackupRetentionPeriod = request.BackupRetentionPeriod ?? shape.BackupRetentionPeriod;
        shape.PreferredBackupWindow = request.PreferredBackupWindow ?? shape.PreferredBackupWindow;
        shape.PreferredMaintenanceWindow = request.PreferredMaintenanceWindow ?? shape.PreferredMaintenanceWindow;
        shape.DeletionProtection = request.DeletionProtection ?? shape.DeletionProtection;
        shape.CopyTagsToSnapshot = request.CopyTagsToSnapshot ?? shape.CopyTagsToSnapshot;
        shape.VpcSecurityGroups = securityGroups;
        if (request.MasterUserPassword is { } password)
        {
            ChangePassword(area, cluster, password, null);
        }
        else if (request.ManageMasterUserPassword == true && shape.MasterUserSecret is null)
        {
            RequireWriter(cluster);
            var (secret, made) = KeepPassword(call, "cluster", cluster.Arn, shape.MasterUsername, request.MasterUserSecretKmsKeyId);
            ChangePassword(area, cluster, made, secret);
        }

        if (request.NewDBClusterIdentifier is { Length: > 0 } name)
        {
            Rename(area, cluster, name, request.ApplyImmediately == true);
        }

        return new ModifyDBClusterResponse { DBCluster = cluster.Describe() };
    }

    private void ChangePassword(Area area, ClusterRecord cluster, string password, MasterUserSecret? keptIn)
    {
        Credentials.RequirePassword(cluster.Shape.Engine, password);
        RequireWriter(cluster);
        ForgetPassword(cluster.Shape.MasterUserSecret);
        cluster.Shape.MasterUserSecret = keptIn;
        cluster.Status = "resetting-master-credentials";
        cluster.Work.Then(World, () => cluster.Engine.SetMasterPassword(cluster.Volume, password, default), () =>
        {
            (cluster.Status, cluster.Shape.MasterUserSecret) = ("available", Active(keptIn));
            Tell(area, EventSource.Of(cluster), "RDS-EVENT-0016", "Reset master credentials", "configuration change");
        }, e => Break(area, cluster, "available", e));
    }

    private static void RequireWriter(ClusterRecord cluster)
    {
        if (cluster.Writer is not { Status: "available" })
        {
            throw RdsErrors.ClusterState($"The master password of {cluster.Id} cannot be changed: it has no available writer.");
        }
    }

    private FailoverDBClusterResponse FailoverDBCluster(CallContext call, FailoverDBClusterRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBClusterIdentifier), nameof(request.TargetDBInstanceIdentifier));
        var (area, cluster) = FoundCluster(call, request.DBClusterIdentifier, "rds:FailoverDBCluster");
        cluster.RequireState("available");
        var target = request.TargetDBInstanceIdentifier is { } name ? Reader(area, cluster, name)
            : Successor(cluster) ?? throw RdsErrors.ClusterState($"Cannot fail over {cluster.Id}: it has no available reader.");
        cluster.Status = "failing-over";
        Tell(area, EventSource.Of(cluster), "RDS-EVENT-0073", $"Started failover to DB instance: {target.Id}", "failover");
        cluster.Work.Then(World, () => cluster.Engine.Switchover(cluster.Volume, target.ServerId, default), () =>
        {
            (cluster.Writer, cluster.Volume, cluster.Status) = (target, target.ServerId, "available");
            cluster.PointEndpoints();
            Tell(area, EventSource.Of(cluster), "RDS-EVENT-0071", $"Completed failover to DB instance: {target.Id}", "failover");
        }, e => Break(area, cluster, "available", e));
        return new FailoverDBClusterResponse { DBCluster = cluster.Describe() };
    }

    private static InstanceRecord Reader(Area area, ClusterRecord cluster, string name)
    {
        var target = area.Instance(name, "TargetDBInstanceIdentifier");
        if (target.Cluster != cluster || target == cluster.Writer)
        {
            throw RdsErrors.InstanceState($"Cannot fail over {cluster.Id} to {target.Id}: it is {(target.Cluster == cluster ? "the writer already" : "no member of it")}.");
        }

        target.RequireState("available");
        return target;
    }

    private DeleteDBClusterResponse DeleteDBCluster(CallContext call, DeleteDBClusterRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterIdentifier), nameof(request.SkipFinalSnapshot), nameof(request.FinalDBSnapshotIdentifier), nameof(request.DeleteAutomatedBackups));
        var (area, cluster) = FoundCluster(call, request.DBClusterIdentifier, "rds:DeleteDBCluster");
        if (cluster.Shape.DeletionProtection == true)
        {
            throw RdsErrors.InvalidCombination("Cannot delete protected Cluster, please disable deletion protection and try again.");
        }

        if (cluster.Members.Any(m => m.Status != "deleting"))
        {
            throw RdsErrors.ClusterState("Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
        }

        if (cluster.Status is "creating" or "deleting" or "failing-over")
        {
            throw RdsErrors.ClusterState($"DB cluster {cluster.Id} cannot be deleted: it is {cluster.Status}.");
        }

        var final = FinalSnapshot.Of(request.SkipFinalSnapshot, request.FinalDBSnapshotIdentifier, false);
        if (final is not null)
        {
            throw RdsErrors.InvalidCombination("The lab takes no final snapshot of a cluster, which has no server left by then: take a snapshot first, and give SkipFinalSnapshot=true.");
        }

        cluster.Status = "deleting";
        var kept = request.DeleteAutomatedBackups == false && cluster.Backup is { First: not null } ? cluster.Backup : null;
        var readers = cluster.Readers.Ended;
        DateTimeOffset ended = default;
        cluster.Work.Then(World, async () =>
        {
            await readers.ConfigureAwait(false);
            ended = World.Now;
            cluster.Engine.CloseEndpoint(cluster.WriterEndpoint);
            cluster.Engine.CloseEndpoint(cluster.ReaderEndpoint);
            await (kept is null ? cluster.Engine.Delete(cluster.Volume, default) : cluster.Engine.Retire(cluster.Volume, default)).ConfigureAwait(false);
        }, () =>
        {
            area.Clusters.Remove(cluster.Id);
            ForgetPassword(cluster.Shape.MasterUserSecret);
            area.Addresses.Close(cluster.WriterEndpoint);
            area.Addresses.Close(cluster.ReaderEndpoint);
            if (kept is null)
            {
                EndBackups(area, cluster.Backup);
            }
            else
            {
                (kept.Ended, kept.Retained) = (kept.Ended ?? ended, true);
            }

            Tell(area, EventSource.Of(cluster), "RDS-EVENT-0171", "DB cluster deleted", "deletion");
        }, e => Break(area, cluster, "failed", e));
        return new DeleteDBClusterResponse { DBCluster = cluster.Describe() };
    }

    private (Area Area, ClusterRecord Cluster) FoundCluster(CallContext call, string? name, string action)
    {
        RdsErrors.Require(name, "DBClusterIdentifier");
        var area = AreaOf(call);
        call.Authorize(action, area.Arn("cluster", area.LocalName(name!.ToLowerInvariant(), "cluster")));
        return (area, area.Cluster(name));
    }
}
