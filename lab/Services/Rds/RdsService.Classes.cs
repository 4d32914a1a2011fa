using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Which instance classes can be ordered for which engine.</content>
public sealed partial class RdsService
{
    /// <summary>The classes that AWS sells no more: who has one keeps it, and nobody gets a new one.</summary>
    public HashSet<string> EndedClasses { get; } = new(StringComparer.Ordinal);

    private DescribeOrderableDBInstanceOptionsResponse DescribeOrderableDBInstanceOptions(CallContext call, DescribeOrderableDBInstanceOptionsRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.Engine), nameof(request.EngineVersion), nameof(request.DBInstanceClass), nameof(request.MaxRecords), nameof(request.Marker));
        call.Authorize("rds:DescribeOrderableDBInstanceOptions", "*");
        var (engine, servers) = EngineOf(request.Engine, request.Engine is { } asked && ClusterEngines.ContainsKey(asked.ToLowerInvariant()) ? ClusterEngines : InstanceEngines);
        var version = request.EngineVersion ?? servers.DefaultVersion;

        // A version that is not offered has no options; that is no error.
        var found = (servers.Supports(version) ? InstanceClasses.For(engine) : [])
            .Where(c => !EndedClasses.Contains(c) && (request.DBInstanceClass is null || c == request.DBInstanceClass));
        var page = RdsPages.Of(found, c => c, request.MaxRecords, request.Marker);
        return new DescribeOrderableDBInstanceOptionsResponse { OrderableDBInstanceOptions = [.. page.Items.Select(c => Option(call.Region, engine, version, c))], Marker = page.NextToken };
    }

    private static OrderableDBInstanceOption Option(string region, string engine, string version, string instanceClass)
    {
        var aurora = ClusterEngines.ContainsKey(engine);
        return new OrderableDBInstanceOption
        {
            Engine = engine,
            EngineVersion = version,
            DBInstanceClass = instanceClass,
            LicenseModel = EngineFacts.License(engine),
            AvailabilityZones = [.. "abc".Select(zone => new AvailabilityZone { Name = region + zone })],
            StorageType = aurora ? "aurora" : "gp2",
            MultiAZCapable = !aurora,
            ReadReplicaCapable = true,
            Vpc = true,
            SupportsStorageEncryption = true,
            SupportsEnhancedMonitoring = true,
            SupportsIAMDatabaseAuthentication = true,
            SupportsClusters = aurora,
        };
    }

    /// <exception cref="ServiceException">InvalidParameterCombination, in AWS's words.</exception>
    private void RequireOrderable(string instanceClass, string engine, string version)
    {
        if (EndedClasses.Contains(instanceClass) || !InstanceClasses.For(engine).Contains(instanceClass))
        {
            throw RdsErrors.InvalidCombination(
                $"RDS does not support creating a DB instance with the following combination: DBInstanceClass={instanceClass}, Engine={engine}, EngineVersion={version}, "
                + $"LicenseModel={EngineFacts.License(engine)}. For supported combinations of instance class and database engine version, see the documentation.");
        }
    }
}
