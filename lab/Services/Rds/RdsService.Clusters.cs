using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>Describing and making clusters.</content>
public sealed partial class RdsService
{
    private const int ClusterPort = 5432;

    private void RegisterClusters()
    {
        On<DescribeDBClustersRequest, DescribeDBClustersResponse>(DescribeDBClusters);
        On<CreateDBClusterRequest, CreateDBClusterResponse>(CreateDBCluster);
        On<DeleteDBClusterRequest, DeleteDBClusterResponse>(DeleteDBCluster);
        On<ModifyDBClusterRequest, ModifyDBClusterResponse>(ModifyDBCluster);
        On<FailoverDBClusterRequest, FailoverDBClusterResponse>(FailoverDBCluster);
    }

    private DescribeDBClustersResponse DescribeDBClusters(CallContext call, DescribeDBClustersRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBClusterIdentifier), nameof(request.Filters), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        call.Authorize("rds:DescribeDBClusters", area.Arn("cluster", area.LocalName(request.DBClusterIdentifier ?? "*", "cluster")));
        IEnumerable<ClusterRecord> found = request.DBClusterIdentifier is { } id ? [area.Cluster(id)] : area.Clusters.Values;
        found = RdsFilters.Apply(
            found, request.Filters,
            ("db-cluster-id", c => [c.Id, c.Arn]),
            ("db-cluster-resource-id", c => [c.Shape.DbClusterResourceId]),
            ("engine", c => [c.Shape.Engine]));
        var page = RdsPages.Of(found, c => c.Id, request.MaxRecords, request.Marker);
        return new DescribeDBClustersResponse { DBClusters = [.. page.Items.Select(c => c.Describe())], Marker = page.NextToken };
    }

    private CreateDBClusterResponse CreateDBCluster(CallContext call, CreateDBClusterRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterIdentifier), nameof(request.Engine), nameof(request.EngineVersion), nameof(request.EngineMode), nameof(request.DatabaseName),
            nameof(request.MasterUsername), nameof(request.MasterUserPassword), nameof(request.BackupRetentionPeriod), nameof(request.VpcSecurityGroupIds),
            nameof(request.DBSubnetGroupName), nameof(request.Port), nameof(request.PreferredBackupWindow), nameof(request.PreferredMaintenanceWindow), nameof(request.Tags),
            nameof(request.StorageEncrypted), nameof(request.KmsKeyId), nameof(request.DeletionProtection), nameof(request.CopyTagsToSnapshot),
            nameof(request.DBClusterParameterGroupName), nameof(request.AvailabilityZones), nameof(request.StorageType), nameof(request.ManageMasterUserPassword),
            nameof(request.MasterUserSecretKmsKeyId));
        RdsErrors.Require(request.DBClusterIdentifier, nameof(request.DBClusterIdentifier));
        var area = AreaOf(call);
        var arn = area.Arn("cluster", request.DBClusterIdentifier.ToLowerInvariant());
        call.Authorize("rds:CreateDBCluster", arn);
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, arn, tags);
        var id = NewClusterId(area, request.DBClusterIdentifier);
        var (engine, servers) = EngineOf(request.Engine, ClusterEngines);
        var version = VersionOf(request.EngineVersion, engine, servers);
        RequireProvisioned(request.EngineMode);
        Credentials.RequireUser(engine, request.MasterUsername);
        RequireOneKeeper(request.ManageMasterUserPassword, request.MasterUserSecretKmsKeyId, request.MasterUserPassword, null);
        if (request.ManageMasterUserPassword != true)
        {
            Credentials.RequirePassword(engine, request.MasterUserPassword);
        }

        Credentials.RequireDatabaseName(request.DatabaseName);
        if (request.KmsKeyId is not null && request.StorageEncrypted != true)
        {
            throw RdsErrors.InvalidCombination("KmsKeyId can only be given with StorageEncrypted=true.");
        }

        var shape = NewCluster(area, id, engine, version, new InstanceSettings(
            request.DBSubnetGroupName, request.VpcSecurityGroupIds, null, request.DBClusterParameterGroupName, null, null, null, request.CopyTagsToSnapshot,
            request.DeletionProtection, request.BackupRetentionPeriod ?? 1, request.PreferredBackupWindow, request.PreferredMaintenanceWindow, null));
        shape.MasterUsername = request.MasterUsername;
        shape.DatabaseName = request.DatabaseName;
        shape.StorageType = request.StorageType ?? "aurora";
        shape.StorageEncrypted = request.StorageEncrypted ?? false;
        shape.KmsKeyId = request.StorageEncrypted == true ? keys.Encrypting(call, request.KmsKeyId) : null;
        var password = request.MasterUserPassword;
        if (request.ManageMasterUserPassword == true)
        {
            (shape.MasterUserSecret, password) = KeepPassword(call, "cluster", shape.DBClusterArn, shape.MasterUsername, request.MasterUserSecretKmsKeyId);
        }

        var cluster = new ClusterRecord(shape, servers) { Tags = tags };
        area.Clusters.Add(id, cluster);
        var spec = new DatabaseSpec(cluster.Volume, version, request.MasterUsername, password, request.DatabaseName, Started: false);
        BringUp(area, cluster, () => servers.Create(spec, default), "RDS-EVENT-0170", "DB cluster created", "creation", "failed");
        return new CreateDBClusterResponse { DBCluster = cluster.Describe() };
    }

    /// <summary>Starts the work that makes a cluster's volume and opens its endpoints; then the cluster is available.</summary>
    private void BringUp(Area area, ClusterRecord cluster, Func<Task<DatabaseEndpoint>> work, string eventId, string message, string category, string otherwise)
    {
        var addresses = area.Addresses;
        (cluster.WriterEndpoint, cluster.ReaderEndpoint) = (addresses.WriterOf(cluster.Id), addresses.ReaderOf(cluster.Id));
        var (writer, reader) = (addresses.Opened(cluster.WriterEndpoint), addresses.Opened(cluster.ReaderEndpoint));
        var (writerPort, readerPort) = (addresses.PortOf(cluster.WriterEndpoint), addresses.PortOf(cluster.ReaderEndpoint));
        cluster.Work.Then(World, async () =>
        {
            await work().ConfigureAwait(false);
            writer ??= await cluster.Engine.OpenEndpoint(cluster.WriterEndpoint, writerPort, default).ConfigureAwait(false);
            reader ??= await cluster.Engine.OpenEndpoint(cluster.ReaderEndpoint, readerPort, default).ConfigureAwait(false);
        }, () =>
        {
            SetAddresses(area, cluster, writer!, reader!);
            cluster.Status = "available";
            cluster.Shape.MasterUserSecret = Active(cluster.Shape.MasterUserSecret);
            Tell(area, EventSource.Of(cluster), eventId, message, category);
        }, e => Break(area, cluster, otherwise, e));
    }

    private void Break(Area area, ClusterRecord cluster, string status, Exception why)
    {
        cluster.Status = status;
        Tell(area, EventSource.Of(cluster), "RDS-EVENT-0069", $"The cluster has failed: {why.Message}", "failure");
    }

    private DBCluster NewCluster(Area area, string id, string engine, string version, InstanceSettings settings)
    {
        RdsParameters.Within(settings.Retention, 1, 35, "BackupRetentionPeriod");
        var subnets = area.Groups.SubnetGroup(settings.SubnetGroup);
        return new DBCluster
        {
            DBClusterIdentifier = id,
            DBClusterArn = area.Arn("cluster", id),
            DbClusterResourceId = "cluster-" + World.NewToken(26),
            Status = "creating",
            Engine = engine,
            EngineVersion = version,
            EngineMode = "provisioned",
            AllocatedStorage = 1,
            AvailabilityZones = [area.Region + "a", area.Region + "b", area.Region + "c"],
            ClusterCreateTime = World.Now.UtcDateTime,
            BackupRetentionPeriod = settings.Retention,
            DBClusterParameterGroup = area.Groups.ClusterParameterGroup(settings.ParameterGroup, engine, version),
            DBSubnetGroup = subnets.DBSubnetGroupName,
            VpcSecurityGroups = SecurityGroups(area, settings.SecurityGroups, subnets),
            Port = ClusterPort,
            MultiAZ = false,
            PreferredBackupWindow = settings.BackupWindow ?? "04:00-04:30",
            PreferredMaintenanceWindow = settings.MaintenanceWindow ?? "sun:05:00-sun:05:30",
            CopyTagsToSnapshot = settings.CopyTagsToSnapshot ?? false,
            DeletionProtection = settings.Protected ?? false,
            IAMDatabaseAuthenticationEnabled = false,
            HttpEndpointEnabled = false,
            CrossAccountClone = false,
            ActivityStreamStatus = "stopped",
            NetworkType = "IPV4",
            AssociatedRoles = [],
            DomainMemberships = [],
            ReadReplicaIdentifiers = [],
            StorageEncrypted = false,
        };
    }

    private string NewClusterId(Area area, string? wished)
    {
        var id = Identifiers.ForNew(wished, "DBClusterIdentifier", Identifiers.Longest);
        if (area.Clusters.ContainsKey(id) || area.Clusters.Values.Any(c => c.NextId == id))
        {
            throw RdsErrors.ClusterExists(id);
        }

        return area.Clusters.Count < QuotasOf(area.Region).Clusters
            ? id
            : throw new ServiceException("DBClusterQuotaExceededFault", $"The quota of {QuotasOf(area.Region).Clusters} DB clusters in {area.Region} would be exceeded.", 403);
    }

    private static void RequireProvisioned(string? mode)
    {
        if (mode is not (null or "provisioned"))
        {
            throw RdsErrors.InvalidValue($"The lab does not emulate EngineMode={mode}; only provisioned is.");
        }
    }
}
