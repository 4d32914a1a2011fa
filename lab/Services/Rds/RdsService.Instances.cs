using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <content>Describing and making instances.</content>
public sealed partial class RdsService
{
    private const int LeastStorage = 20, MostStorage = 65_536;

    private void RegisterInstances()
    {
        On<DescribeDBInstancesRequest, DescribeDBInstancesResponse>(DescribeDBInstances);
        On<CreateDBInstanceRequest, CreateDBInstanceResponse>(CreateDBInstance);
        On<DeleteDBInstanceRequest, DeleteDBInstanceResponse>(DeleteDBInstance);
        On<ModifyDBInstanceRequest, ModifyDBInstanceResponse>(ModifyDBInstance);
        On<RebootDBInstanceRequest, RebootDBInstanceResponse>(RebootDBInstance);
        On<StartDBInstanceRequest, StartDBInstanceResponse>(StartDBInstance);
        On<StopDBInstanceRequest, StopDBInstanceResponse>(StopDBInstance);
        On<CreateDBInstanceReadReplicaRequest, CreateDBInstanceReadReplicaResponse>(CreateDBInstanceReadReplica);
        On<PromoteReadReplicaRequest, PromoteReadReplicaResponse>(PromoteReadReplica);
    }

    private DescribeDBInstancesResponse DescribeDBInstances(CallContext call, DescribeDBInstancesRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBInstanceIdentifier), nameof(request.Filters), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        call.Authorize("rds:DescribeDBInstances", area.Arn("db", area.LocalName(request.DBInstanceIdentifier ?? "*", "db")));
        IEnumerable<InstanceRecord> found = request.DBInstanceIdentifier is { } id ? [area.Instance(id)] : area.Instances.Values;
        found = RdsFilters.Apply(
            found, request.Filters,
            ("db-instance-id", i => [i.Id, i.Arn]),
            ("db-cluster-id", i => [i.Cluster?.Id, i.Cluster?.Arn]),
            ("dbi-resource-id", i => [i.Shape.DbiResourceId]),
            ("engine", i => [i.Shape.Engine]));
        var page = RdsPages.Of(found, i => i.Id, request.MaxRecords, request.Marker);
        return new DescribeDBInstancesResponse { DBInstances = [.. page.Items.Select(i => i.Describe())], Marker = page.NextToken };
    }

    private CreateDBInstanceResponse CreateDBInstance(CallContext call, CreateDBInstanceRequest request)
    {
        RdsErrors.Require(request.DBInstanceIdentifier, nameof(request.DBInstanceIdentifier));
        var area = AreaOf(call);
        var arn = area.Arn("db", request.DBInstanceIdentifier.ToLowerInvariant());
        call.Authorize("rds:CreateDBInstance", arn);
        var tags = TagSet.Of(request.Tags);
        AuthorizeTags(call, arn, tags);
        var record = string.IsNullOrEmpty(request.DBClusterIdentifier) ? CreateAlone(call, area, request, tags) : CreateMember(call, area, request, tags);
        return new CreateDBInstanceResponse { DBInstance = record.Describe() };
    }

    private InstanceRecord CreateAlone(CallContext call, Area area, CreateDBInstanceRequest request, TagSet tags)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.DBInstanceClass), nameof(request.Engine), nameof(request.EngineVersion), nameof(request.DBName),
            nameof(request.AllocatedStorage), nameof(request.MasterUsername), nameof(request.MasterUserPassword), nameof(request.VpcSecurityGroupIds),
            nameof(request.DBSubnetGroupName), nameof(request.AvailabilityZone), nameof(request.PreferredMaintenanceWindow), nameof(request.PreferredBackupWindow),
            nameof(request.DBParameterGroupName), nameof(request.BackupRetentionPeriod), nameof(request.Port), nameof(request.MultiAZ), nameof(request.LicenseModel),
            nameof(request.AutoMinorVersionUpgrade), nameof(request.OptionGroupName), nameof(request.PubliclyAccessible), nameof(request.Tags), nameof(request.StorageType),
            nameof(request.StorageEncrypted), nameof(request.KmsKeyId), nameof(request.CopyTagsToSnapshot), nameof(request.DeletionProtection),
            nameof(request.CACertificateIdentifier), nameof(request.Iops), nameof(request.MaxAllocatedStorage), nameof(request.MonitoringInterval), nameof(request.MonitoringRoleArn),
            nameof(request.ManageMasterUserPassword), nameof(request.MasterUserSecretKmsKeyId));
        var id = NewInstanceId(area, request.DBInstanceIdentifier);
        RdsParameters.Only(request.MultiAZ, false, nameof(request.MultiAZ));
        var (engine, servers) = EngineOf(request.Engine, InstanceEngines);
        var version = VersionOf(request.EngineVersion, engine, servers);
        RdsErrors.Require(request.DBInstanceClass, nameof(request.DBInstanceClass));
        Credentials.RequireUser(engine, request.MasterUsername);
        RequireOneKeeper(request.ManageMasterUserPassword, request.MasterUserSecretKmsKeyId, request.MasterUserPassword, null);
        if (request.ManageMasterUserPassword != true)
        {
            Credentials.RequirePassword(engine, request.MasterUserPassword);
        }

        Credentials.RequireDatabaseName(request.DBName);
        if (request.AllocatedStorage is null or < LeastStorage or > MostStorage)
        {
            throw RdsErrors.InvalidValue($"Invalid storage size for engine name {engine}: AllocatedStorage is {request.AllocatedStorage?.ToString() ?? "missing"}; it must be {LeastStorage} to {MostStorage} GiB.");
        }

        if (request.KmsKeyId is not null && request.StorageEncrypted != true)
        {
            throw RdsErrors.InvalidCombination("KmsKeyId can only be given with StorageEncrypted=true.");
        }

        var shape = NewInstance(area, id, engine, version, request.DBInstanceClass, new InstanceSettings(
            request.DBSubnetGroupName, request.VpcSecurityGroupIds, request.OptionGroupName, request.DBParameterGroupName, request.AvailabilityZone,
            request.PubliclyAccessible, request.AutoMinorVersionUpgrade, request.CopyTagsToSnapshot, request.DeletionProtection, request.BackupRetentionPeriod ?? 1,
            request.PreferredBackupWindow, request.PreferredMaintenanceWindow, request.CACertificateIdentifier));
        shape.MasterUsername = request.MasterUsername;
        shape.DBName = request.DBName;
        shape.AllocatedStorage = request.AllocatedStorage;
        shape.MaxAllocatedStorage = request.MaxAllocatedStorage;
        shape.StorageType = request.StorageType ?? (request.Iops is null ? "gp2" : "io1");
        shape.Iops = request.Iops;
        shape.StorageEncrypted = request.StorageEncrypted ?? false;
        shape.KmsKeyId = request.StorageEncrypted == true ? keys.Encrypting(call, request.KmsKeyId) : null;
        Monitor(call, shape, request.MonitoringInterval, request.MonitoringRoleArn);
        var password = request.MasterUserPassword;
        if (request.ManageMasterUserPassword == true)
        {
            (shape.MasterUserSecret, password) = KeepPassword(call, "db", shape.DBInstanceArn, shape.MasterUsername, request.MasterUserSecretKmsKeyId);
        }

        var record = new InstanceRecord(shape, servers) { Tags = tags };
        area.Instances.Add(id, record);
        var spec = new DatabaseSpec(record.ServerId, version, request.MasterUsername, password, request.DBName, request.Port ?? area.Addresses.PortOf(area.Addresses.OfInstance(id)));
        BringUp(area, record, () => servers.Create(spec, default), "RDS-EVENT-0005", "DB instance created", "creation", "failed");
        return record;
    }

    /// <summary>Starts the work that makes an instance's server; then it is available, or in the state that says why not.</summary>
    private void BringUp(Area area, InstanceRecord record, Func<Task<DatabaseEndpoint>> work, string eventId, string message, string category, string otherwise)
    {
        DatabaseEndpoint? at = null;
        record.Work.Then(
            World,
            async () => at = await work().ConfigureAwait(false),
            () =>
            {
                SetAddress(area, record, at!);
                record.Status = "available";
                record.Shape.MasterUserSecret = Active(record.Shape.MasterUserSecret);
                _ = record.Backup?.Ended = null;
                Tell(area, EventSource.Of(record), eventId, message, category);
                BeginBackups(area, record);
            },
            e => Break(area, record, otherwise, e));
    }

    private void Break(Area area, InstanceRecord record, string status, Exception why)
    {
        record.Status = status;
        record.Shape.StatusInfos = [new DBInstanceStatusInfo { StatusType = "lab", Normal = false, Status = status, Message = why.Message }];
        Tell(area, EventSource.Of(record), "RDS-EVENT-0031", $"The DB instance has failed: {why.Message}", "failure");
    }

    private string NewInstanceId(Area area, string? wished)
    {
        var id = Identifiers.ForNew(wished, "DBInstanceIdentifier", Identifiers.Longest);
        if (area.Instances.ContainsKey(id) || area.Instances.Values.Any(i => i.NextId == id))
        {
            throw RdsErrors.InstanceExists(id);
        }

        return area.Instances.Count < QuotasOf(area.Region).Instances
            ? id
            : throw new ServiceException("InstanceQuotaExceeded", $"The quota of {QuotasOf(area.Region).Instances} DB instances in {area.Region} would be exceeded.");
    }
}
