using Amazon.RDS;
using Amazon.RDS.Model;

namespace Dbre.Functions.Restore;

/// <summary>Which instance classes the Region does not sell: AWS ends old ones, and who has one keeps it but gets no second.</summary>
internal static class Orderable
{
    /// <summary>Those of <paramref name="classes"/> that cannot be ordered for the engine in this version.</summary>
    public static async Task<IReadOnlyList<string>> NotAmong(IAmazonRDS rds, string engine, string? version, IEnumerable<string> classes, CancellationToken stop)
    {
        var missing = new List<string>();
        foreach (var name in classes.Distinct(StringComparer.Ordinal))
        {
            var request = new DescribeOrderableDBInstanceOptionsRequest { Engine = engine, EngineVersion = version, DBInstanceClass = name };
            if ((await rds.DescribeOrderableDBInstanceOptionsAsync(request, stop).ConfigureAwait(false)).OrderableDBInstanceOptions is not { Count: > 0 })
            {
                missing.Add(name);
            }
        }

        return missing;
    }
}
