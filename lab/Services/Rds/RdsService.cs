using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <summary>
/// Amazon RDS over database engines: instances and Aurora clusters, their snapshots and copies, with AWS's rules on names, states, keys, sharing and quotas.
/// Engine work runs outside the lock; what came of it is posted under it.
/// </summary>
public sealed partial class RdsService : EmulatedService
{
    // Which family of servers stands behind each engine name of RDS.
    private static readonly Dictionary<string, string> InstanceEngines = new(StringComparer.Ordinal) { ["postgres"] = "postgres", ["mariadb"] = "mariadb" };
    private static readonly Dictionary<string, string> ClusterEngines = new(StringComparer.Ordinal) { ["aurora-postgresql"] = "postgres" };

    private readonly Dictionary<string, IDatabaseEngine> families;
    private readonly Dictionary<(string Account, string Region), Area> areas = [];
    private readonly RdsKeys keys;

    /// <param name="engines">One for each family of servers that the lab runs.</param>
    public RdsService(World world, params IDatabaseEngine[] engines) : base("rds", world)
    {
        families = engines.ToDictionary(e => e.Family, StringComparer.Ordinal);
        keys = new RdsKeys(world);
        RegisterInstances();
        RegisterClusters();
        RegisterSnapshots();
        RegisterRestores();
        RegisterBackups();
        RegisterBackupReplication();
        RegisterParameterGroups();
        On<AddTagsToResourceRequest, AddTagsToResourceResponse>(AddTagsToResource);
        On<RemoveTagsFromResourceRequest, RemoveTagsFromResourceResponse>(RemoveTagsFromResource);
        On<ListTagsForResourceRequest, ListTagsForResourceResponse>(ListTagsForResource);
        On<DescribeEventsRequest, DescribeEventsResponse>(DescribeEvents);
        On<DescribeDBSubnetGroupsRequest, DescribeDBSubnetGroupsResponse>(DescribeDBSubnetGroups);
        On<CreateDBSubnetGroupRequest, CreateDBSubnetGroupResponse>(CreateDBSubnetGroup);
        On<DescribeOptionGroupsRequest, DescribeOptionGroupsResponse>(DescribeOptionGroups);
        On<CreateOptionGroupRequest, CreateOptionGroupResponse>(CreateOptionGroup);
        On<DescribeOrderableDBInstanceOptionsRequest, DescribeOrderableDBInstanceOptionsResponse>(DescribeOrderableDBInstanceOptions);
        On<DescribeAccountAttributesRequest, DescribeAccountAttributesResponse>(DescribeAccountAttributes);
    }

    /// <summary>As AWS sets and raises them.</summary>
    public RdsQuotas Quotas { get; set; } = new();

    /// <summary>The Regions whose quotas are others: AWS raises a quota in one Region at a time.</summary>
    public Dictionary<string, RdsQuotas> RegionalQuotas { get; } = new(StringComparer.Ordinal);

    private RdsQuotas QuotasOf(string region) => RegionalQuotas.GetValueOrDefault(region, Quotas);

    /// <summary>The engine's name of an instance snapshot, by which its files are found.</summary>
    public static string StoredSnapshot(string account, string region, string id) => $"{account}/{region}/snapshot/{id}";

    /// <summary>The engine's name of a cluster snapshot.</summary>
    public static string StoredClusterSnapshot(string account, string region, string id) => $"{account}/{region}/cluster-snapshot/{id}";

    private Area AreaOf(CallContext call) => AreaOf(call.Account, call.Region);

    private Area AreaOf(string account, string region)
    {
        if (!areas.TryGetValue((account, region), out var area))
        {
            areas.Add((account, region), area = new Area(account, region));
        }

        return area;
    }

    /// <summary>The servers behind an engine name.</summary>
    /// <exception cref="ServiceException">InvalidParameterValue, naming the engine and those that the lab has.</exception>
    private (string Engine, IDatabaseEngine Servers) EngineOf(string? name, Dictionary<string, string> known)
    {
        RdsErrors.Require(name, "Engine");
        var engine = name!.ToLowerInvariant();
        return known.TryGetValue(engine, out var family) && families.TryGetValue(family, out var servers)
            ? (engine, servers)
            : throw RdsErrors.InvalidValue($"Invalid DB engine: {name}; the lab has {string.Join(", ", known.Keys.Order(StringComparer.Ordinal))}.");
    }

    private static string VersionOf(string? asked, string engine, IDatabaseEngine servers) =>
        asked is null ? servers.DefaultVersion
        : servers.Supports(asked) ? asked
        : throw RdsErrors.InvalidCombination($"Cannot find version {asked} for {engine}; the lab has {servers.DefaultVersion}.");

    // Making something with tags takes the permission to tag it as well.
    private static void AuthorizeTags(CallContext call, string arn, TagSet tags)
    {
        if (tags.Any)
        {
            call.Authorize("rds:AddTagsToResource", arn);
        }
    }
}
