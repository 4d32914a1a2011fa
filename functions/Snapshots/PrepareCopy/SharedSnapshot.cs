using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Snapshots;

/// <summary>Who may restore and copy a manual snapshot: its attribute <c>restore</c>.</summary>
internal sealed record SharedSnapshot(IAmazonRDS Rds, DatabaseKind Kind, string Id)
{
    private const string Attribute = "restore";

    public async Task<bool> IsSharedWith(string account, CancellationToken stop)
    {
        if (Kind == DatabaseKind.Instance)
        {
            var answer = await Rds.DescribeDBSnapshotAttributesAsync(new DescribeDBSnapshotAttributesRequest { DBSnapshotIdentifier = Id }, stop).ConfigureAwait(false);
            return answer.DBSnapshotAttributesResult.DBSnapshotAttributes?.Any(a => a.AttributeName == Attribute && a.AttributeValues?.Contains(account) == true) == true;
        }

        var cluster = await Rds.DescribeDBClusterSnapshotAttributesAsync(new DescribeDBClusterSnapshotAttributesRequest { DBClusterSnapshotIdentifier = Id }, stop).ConfigureAwait(false);
        return cluster.DBClusterSnapshotAttributesResult.DBClusterSnapshotAttributes?.Any(a => a.AttributeName == Attribute && a.AttributeValues?.Contains(account) == true) == true;
    }

    public Task ShareWith(string account, CancellationToken stop) => Kind == DatabaseKind.Instance
        ? Rds.ModifyDBSnapshotAttributeAsync(new ModifyDBSnapshotAttributeRequest { DBSnapshotIdentifier = Id, AttributeName = Attribute, ValuesToAdd = [account] }, stop)
        : Rds.ModifyDBClusterSnapshotAttributeAsync(new ModifyDBClusterSnapshotAttributeRequest { DBClusterSnapshotIdentifier = Id, AttributeName = Attribute, ValuesToAdd = [account] }, stop);
}
