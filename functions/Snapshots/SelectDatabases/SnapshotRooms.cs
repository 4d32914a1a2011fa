using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;

namespace Dbre.Functions.Snapshots;

/// <summary>Reads how many manual snapshots there are and may be, at home and where a policy copies to: one call for each place, whatever the fleet.</summary>
internal static class SnapshotRooms
{
    // The names that DescribeAccountAttributes gives them (Amazon RDS API Reference, AccountQuota).
    private static readonly (string Name, DatabaseKind Kind)[] Quotas = [("ManualSnapshots", DatabaseKind.Instance), ("ManualClusterSnapshots", DatabaseKind.Cluster)];

    public static async Task<IReadOnlyList<SnapshotRoom>> Read(AwsClients aws, Policy policy, CancellationToken stop)
    {
        var rooms = new List<SnapshotRoom>();
        foreach (var where in policy.Copies.Select(c => new Location(c.Region, c.Account)).Prepend(aws.Home).Distinct())
        {
            rooms.AddRange(await Of(aws.Rds(where), where, stop).ConfigureAwait(false));
        }

        return rooms;
    }

    private static async Task<IEnumerable<SnapshotRoom>> Of(IAmazonRDS rds, Location where, CancellationToken stop)
    {
        var told = (await rds.DescribeAccountAttributesAsync(new DescribeAccountAttributesRequest(), stop).ConfigureAwait(false)).AccountQuotas ?? [];
        return Quotas.SelectMany(known => told.Where(quota => quota.AccountQuotaName == known.Name && quota is { Used: not null, Max: not null })
            .Select(quota => new SnapshotRoom(where, known.Kind, (int)quota.Used!.Value, (int)quota.Max!.Value)));
    }
}
