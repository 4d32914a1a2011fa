using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Restore;

/// <summary>What was found of the groups that a restore names.</summary>
/// <param name="Missing">Those that are not there, as a sentence calls them.</param>
/// <param name="Apart">The security groups that are in another VPC than the subnet group.</param>
public sealed record FoundGroups(IReadOnlyList<string> Missing, IReadOnlyList<GroupApart> Apart)
{
    public static FoundGroups All { get; } = new([], []);
}

/// <summary>A security group in another VPC than the subnet group: RDS takes no database that names both.</summary>
public sealed record GroupApart(string SecurityGroup, string Vpc, string SubnetGroup, string SubnetVpc);

/// <summary>Which of the groups that a restore names are there, in the Region of the clients.</summary>
internal static class NamedGroups
{
    /// <summary>What a sentence calls a subnet group.</summary>
    public static string SubnetGroup(string? name) => $"the DB subnet group '{name}'";

    /// <summary>What it calls a security group.</summary>
    public static string SecurityGroup(string id) => $"the security group '{id}'";

    public static async Task<FoundGroups> Find(IAmazonRDS rds, IAmazonEC2 ec2, DatabaseKind kind, RestoreSettings settings, CancellationToken stop)
    {
        var missing = new List<string>();
        var subnetVpc = settings.SubnetGroup is { } subnets ? await VpcOf(rds, subnets, stop).ConfigureAwait(false) : null;
        if (settings.SubnetGroup is not null && subnetVpc is null)
        {
            missing.Add(SubnetGroup(settings.SubnetGroup));
        }

        var securityVpcs = await VpcsOf(ec2, settings.SecurityGroups, stop).ConfigureAwait(false);
        missing.AddRange(settings.SecurityGroups.Where(id => !securityVpcs.ContainsKey(id)).Select(SecurityGroup));
        if (settings.ParameterGroup is { } parameters && !IsDefault(parameters) && !await IsThere<DBParameterGroupNotFoundException>(() => kind == DatabaseKind.Instance
            ? rds.DescribeDBParameterGroupsAsync(new DescribeDBParameterGroupsRequest { DBParameterGroupName = parameters }, stop)
            : rds.DescribeDBClusterParameterGroupsAsync(new DescribeDBClusterParameterGroupsRequest { DBClusterParameterGroupName = parameters }, stop)).ConfigureAwait(false))
        {
            missing.Add($"the DB {(kind == DatabaseKind.Instance ? "" : "cluster ")}parameter group '{parameters}'");
        }

        if (settings.OptionGroup is { } options && !IsDefault(options) && !await IsThere<OptionGroupNotFoundException>(
            () => rds.DescribeOptionGroupsAsync(new DescribeOptionGroupsRequest { OptionGroupName = options }, stop)).ConfigureAwait(false))
        {
            missing.Add($"the option group '{options}'");
        }

        var apart = settings.SecurityGroups.Where(id => subnetVpc is not null && securityVpcs.TryGetValue(id, out var vpc) && vpc != subnetVpc);
        return new FoundGroups(missing, [.. apart.Select(id => new GroupApart(id, securityVpcs[id], settings.SubnetGroup!, subnetVpc!))]);
    }

    // default.postgres16, default:postgres-16: AWS makes these when they are first needed, and nobody can delete them.
    private static bool IsDefault(string group) => group.StartsWith("default.", StringComparison.Ordinal) || group.StartsWith("default:", StringComparison.Ordinal);

    /// <summary>The VPC of a subnet group; null when there is no such group.</summary>
    private static async Task<string?> VpcOf(IAmazonRDS rds, string subnetGroup, CancellationToken stop)
    {
        try
        {
            return (await rds.DescribeDBSubnetGroupsAsync(new DescribeDBSubnetGroupsRequest { DBSubnetGroupName = subnetGroup }, stop).ConfigureAwait(false)).DBSubnetGroups[0].VpcId;
        }
        catch (DBSubnetGroupNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The VPCs of the security groups that are there.</summary>
    private static async Task<Dictionary<string, string>> VpcsOf(IAmazonEC2 ec2, IReadOnlyList<string> groups, CancellationToken stop)
    {
        if (groups.Count == 0)
        {
            return [];
        }

        // Asked for by GroupIds, one that is gone would fail the question for all; a filter leaves it out.
        var named = new DescribeSecurityGroupsRequest { Filters = [new Amazon.EC2.Model.Filter { Name = "group-id", Values = [.. groups] }] };
        var found = (await ec2.DescribeSecurityGroupsAsync(named, stop).ConfigureAwait(false)).SecurityGroups ?? [];
        return found.ToDictionary(g => g.GroupId, g => g.VpcId, StringComparer.Ordinal);
    }

    private static async Task<bool> IsThere<TMissing>(Func<Task> describe) where TMissing : AmazonRDSException
    {
        try
        {
            await describe().ConfigureAwait(false);
            return true;
        }
        catch (TMissing)
        {
            return false;
        }
    }
}
