using Amazon.EC2.Model;

using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Ec2;

/// <summary>The Filters of DescribeSecurityGroups: each names a field and the values it may have, in which * and ? stand for any characters.</summary>
internal static class GroupFilters
{
    private static readonly Dictionary<string, Func<SecurityGroup, string>> Known = new(StringComparer.Ordinal)
    {
        ["group-id"] = g => g.GroupId,
        ["group-name"] = g => g.GroupName,
        ["vpc-id"] = g => g.VpcId,
    };

    /// <exception cref="ServiceException">InvalidParameterValue, naming the filter and those that are known.</exception>
    internal static IEnumerable<SecurityGroup> Apply(IEnumerable<SecurityGroup> all, List<Filter>? filters)
    {
        foreach (var filter in filters ?? [])
        {
            if (!Known.TryGetValue(filter.Name ?? "", out var field))
            {
                throw new ServiceException("InvalidParameterValue", $"The filter '{filter.Name}' is invalid; the lab knows {string.Join(", ", Known.Keys)}.");
            }

            if (filter.Values is not { Count: > 0 } values)
            {
                throw new ServiceException("InvalidParameterValue", $"The filter '{filter.Name}' has no values.");
            }

            all = all.Where(group => values.Any(value => Wildcard.Matches(value, field(group))));
        }

        return all;
    }
}
