using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Restore;

/// <summary>
/// Which of the groups that a restore names are not there. Security groups are not asked for: EC2 deletes none that a database has, and of a
/// database that is gone none is known.
/// </summary>
internal static class NamedGroups
{
    /// <summary>Those that are missing, as a sentence calls them.</summary>
    public static async Task<IReadOnlyList<string>> Missing(IAmazonRDS rds, DatabaseKind kind, RestoreSettings settings, CancellationToken stop)
    {
        var missing = new List<string>();
        if (settings.SubnetGroup is { } subnets && !await IsThere<DBSubnetGroupNotFoundException>(
            () => rds.DescribeDBSubnetGroupsAsync(new DescribeDBSubnetGroupsRequest { DBSubnetGroupName = subnets }, stop)).ConfigureAwait(false))
        {
            missing.Add($"the DB subnet group '{subnets}'");
        }

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

        return missing;
    }

    // default.postgres16, default:postgres-16: AWS makes these when they are first needed, and nobody can delete them.
    private static bool IsDefault(string group) => group.StartsWith("default.", StringComparison.Ordinal) || group.StartsWith("default:", StringComparison.Ordinal);

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
