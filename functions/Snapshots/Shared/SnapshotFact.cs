using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Snapshots;

/// <summary>A snapshot as RDS describes it, the same for instances and clusters.</summary>
/// <param name="CreatedAt">When the data was frozen: for a copy the original's time. Null until RDS knows.</param>
public sealed record SnapshotFact(
    string Id, string Arn, string Status, string Source, int Percent, DateTimeOffset? CreatedAt, bool Encrypted, string? KmsKeyArn, IReadOnlyDictionary<string, string> Tags)
{
    public bool Available => Status == "available";

    public bool UnderWay => Status is "creating" or "copying" or "pending";
}

/// <summary>Reads snapshots, of one name or of one database. Describe returns the tags with them.</summary>
public static class SnapshotReader
{
    /// <summary>Null when there is none of that name.</summary>
    public static async Task<SnapshotFact?> Find(IAmazonRDS rds, DatabaseKind kind, string id, CancellationToken stop)
    {
        try
        {
            if (kind == DatabaseKind.Instance)
            {
                var answer = await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = id }, stop).ConfigureAwait(false);
                return answer.DBSnapshots?.Select(Fact).FirstOrDefault();
            }

            var clusters = await rds.DescribeDBClusterSnapshotsAsync(new DescribeDBClusterSnapshotsRequest { DBClusterSnapshotIdentifier = id }, stop).ConfigureAwait(false);
            return clusters.DBClusterSnapshots?.Select(Fact).FirstOrDefault();
        }
        catch (AmazonRDSException missing) when (missing is DBSnapshotNotFoundException or DBClusterSnapshotNotFoundException)
        {
            return null;
        }
    }

    /// <summary>The manual snapshots of a database, copies included: a copy keeps the name of the database it came from.</summary>
    public static async Task<IReadOnlyList<SnapshotFact>> OfDatabase(IAmazonRDS rds, DatabaseKind kind, string database, CancellationToken stop)
    {
        var found = new List<SnapshotFact>();
        if (kind == DatabaseKind.Instance)
        {
            var request = new DescribeDBSnapshotsRequest { DBInstanceIdentifier = database, SnapshotType = "manual", MaxRecords = 100 };
            await foreach (var snapshot in rds.Paginators.DescribeDBSnapshots(request).DBSnapshots.WithCancellation(stop).ConfigureAwait(false))
            {
                found.Add(Fact(snapshot));
            }
        }
        else
        {
            var request = new DescribeDBClusterSnapshotsRequest { DBClusterIdentifier = database, SnapshotType = "manual", MaxRecords = 100 };
            await foreach (var snapshot in rds.Paginators.DescribeDBClusterSnapshots(request).DBClusterSnapshots.WithCancellation(stop).ConfigureAwait(false))
            {
                found.Add(Fact(snapshot));
            }
        }

        return found;
    }

    private static SnapshotFact Fact(DBSnapshot s) => new(
        s.DBSnapshotIdentifier, s.DBSnapshotArn, s.Status, s.DBInstanceIdentifier, s.PercentProgress ?? 0, Moment(s.OriginalSnapshotCreateTime ?? s.SnapshotCreateTime),
        s.Encrypted ?? false, s.KmsKeyId, FleetReader.TagsOf(s.TagList));

    private static SnapshotFact Fact(DBClusterSnapshot s) => new(
        s.DBClusterSnapshotIdentifier, s.DBClusterSnapshotArn, s.Status, s.DBClusterIdentifier, s.PercentProgress ?? 0, Moment(s.SnapshotCreateTime),
        s.StorageEncrypted ?? false, s.KmsKeyId, FleetReader.TagsOf(s.TagList));

    private static DateTimeOffset? Moment(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;
}
