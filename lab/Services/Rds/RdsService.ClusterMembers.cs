using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>The instances of clusters.</content>
public sealed partial class RdsService
{
    private InstanceRecord CreateMember(CallContext call, Area area, CreateDBInstanceRequest request, TagSet tags)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.DBClusterIdentifier), nameof(request.DBInstanceClass), nameof(request.Engine),
            nameof(request.EngineVersion), nameof(request.PubliclyAccessible), nameof(request.Tags), nameof(request.AvailabilityZone), nameof(request.PromotionTier),
            nameof(request.AutoMinorVersionUpgrade), nameof(request.PreferredMaintenanceWindow), nameof(request.CACertificateIdentifier),
            nameof(request.DBParameterGroupName), nameof(request.DBSubnetGroupName), nameof(request.CopyTagsToSnapshot), nameof(request.MonitoringInterval),
            nameof(request.MonitoringRoleArn));
        var cluster = area.Cluster(request.DBClusterIdentifier);
        call.Authorize("rds:CreateDBInstance", cluster.Arn);
        var id = NewInstanceId(area, request.DBInstanceIdentifier);
        var (engine, _) = EngineOf(request.Engine, ClusterEngines);
        if (engine != cluster.Shape.Engine)
        {
            throw RdsErrors.InvalidCombination($"The engine of {id} is {engine}, that of the cluster {cluster.Id} is {cluster.Shape.Engine}: they must be the same.");
        }

        if (request.EngineVersion is { } version && version != cluster.Shape.EngineVersion)
        {
            throw RdsErrors.InvalidCombination($"The engine version of {id} is {version}, that of the cluster {cluster.Id} is {cluster.Shape.EngineVersion}: they must be the same.");
        }

        RdsErrors.Require(request.DBInstanceClass, nameof(request.DBInstanceClass));
        RdsParameters.Within(request.PromotionTier, 0, 15, nameof(request.PromotionTier));
        cluster.RequireState("available", "creating");

        var shape = NewInstance(area, id, engine, cluster.Shape.EngineVersion, request.DBInstanceClass, new InstanceSettings(
            request.DBSubnetGroupName ?? cluster.Shape.DBSubnetGroup, [.. cluster.Shape.VpcSecurityGroups.Select(g => g.VpcSecurityGroupId)], null, request.DBParameterGroupName,
            request.AvailabilityZone, request.PubliclyAccessible, request.AutoMinorVersionUpgrade, request.CopyTagsToSnapshot, false, cluster.Shape.BackupRetentionPeriod,
            cluster.Shape.PreferredBackupWindow, request.PreferredMaintenanceWindow, request.CACertificateIdentifier));
        shape.DBClusterIdentifier = cluster.Id;
        shape.MasterUsername = cluster.Shape.MasterUsername;
        shape.DBName = cluster.Shape.DatabaseName;
        shape.AllocatedStorage = 1;
        shape.StorageType = "aurora";
        shape.StorageEncrypted = cluster.Shape.StorageEncrypted;
        shape.KmsKeyId = cluster.Shape.KmsKeyId;
        shape.PromotionTier = request.PromotionTier ?? 1;
        Monitor(call, shape, request.MonitoringInterval, request.MonitoringRoleArn);
        var record = new InstanceRecord(shape, cluster.Engine) { Tags = tags, Cluster = cluster };
        area.Instances.Add(id, record);
        cluster.Members.Add(record);
        StartMember(area, cluster, record);
        return record;
    }

    // The first member starts the server on the cluster's volume; a later one gets a server that follows it.
    private void StartMember(Area area, ClusterRecord cluster, InstanceRecord record)
    {
        Func<Task<DatabaseEndpoint>> work;
        if (cluster.Writer is null)
        {
            (cluster.Writer, record.ServerId) = (record, cluster.Volume);
            work = () => cluster.Engine.Start(cluster.Volume, default);
        }
        else
        {
            var spec = new DatabaseSpec(record.ServerId, cluster.Shape.EngineVersion, cluster.Shape.MasterUsername, null, cluster.Shape.DatabaseName);
            work = () => cluster.Engine.CreateReplica(cluster.Volume, spec, default);
        }

        DatabaseEndpoint? at = null;
        cluster.Work.Then(World, async () => at = await work().ConfigureAwait(false), () =>
        {
            SetAddress(area, record, at!);
            record.Status = "available";
            cluster.PointEndpoints();
            Tell(area, EventSource.Of(record), "RDS-EVENT-0005", "DB instance created", "creation");
            BeginBackups(area, cluster);
        }, e => Break(area, record, "failed", e));
    }

    private void DeleteMember(Area area, ClusterRecord cluster, InstanceRecord record)
    {
        record.Status = "deleting";
        var next = record == cluster.Writer ? Successor(cluster) : null;
        DateTimeOffset? ended = null;
        cluster.Work.Then(World, async () =>
        {
            if (record == cluster.Writer && next is null)
            {
                // The last instance: the volume stays for the next one.
                ended = World.Now;
                await cluster.Engine.Stop(cluster.Volume, default).ConfigureAwait(false);
                return;
            }

            if (next is not null)
            {
                await cluster.Engine.Switchover(cluster.Volume, next.ServerId, default).ConfigureAwait(false);
            }

            await cluster.Engine.Delete(record.ServerId, default).ConfigureAwait(false);
        }, () =>
        {
            if (record == cluster.Writer)
            {
                (cluster.Writer, cluster.Volume) = (next, next?.ServerId ?? cluster.Volume);
                _ = cluster.Backup?.Ended = ended;
            }

            cluster.Members.Remove(record);
            area.Instances.Remove(record.Id);
            cluster.PointEndpoints();
            Tell(area, EventSource.Of(record), "RDS-EVENT-0003", "DB instance deleted", "deletion");
        }, e => Break(area, record, "failed", e));
    }

    // Aurora promotes the reader of the lowest tier.
    private static InstanceRecord? Successor(ClusterRecord cluster) =>
        cluster.Members.Where(m => m != cluster.Writer && m.Status == "available").OrderBy(m => m.Shape.PromotionTier).ThenBy(m => m.Id, StringComparer.Ordinal).FirstOrDefault();
}
