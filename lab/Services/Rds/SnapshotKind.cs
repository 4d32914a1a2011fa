namespace Dbre.Lab.Services.Rds;

/// <summary>What differs between snapshots of instances and of clusters: names, codes and limits. Everything else is the same code.</summary>
internal sealed record SnapshotKind(
    string Word, string ArnType, string SourceArnType, string IdParameter, string NotFoundCode, string ExistsCode, string StateCode,
    int LongestId, string CreateAction, string CopyAction, string DeleteAction, string DescribeAction)
{
    internal static SnapshotKind Instance { get; } = new(
        "DBSnapshot", "snapshot", "db", "DBSnapshotIdentifier", "DBSnapshotNotFound", "DBSnapshotAlreadyExists", "InvalidDBSnapshotState",
        Identifiers.LongestSnapshot, "rds:CreateDBSnapshot", "rds:CopyDBSnapshot", "rds:DeleteDBSnapshot", "rds:DescribeDBSnapshots");

    internal static SnapshotKind Cluster { get; } = new(
        "DBClusterSnapshot", "cluster-snapshot", "cluster", "DBClusterSnapshotIdentifier", "DBClusterSnapshotNotFoundFault", "DBClusterSnapshotAlreadyExistsFault",
        "InvalidDBClusterSnapshotStateFault", Identifiers.Longest, "rds:CreateDBClusterSnapshot", "rds:CopyDBClusterSnapshot", "rds:DeleteDBClusterSnapshot",
        "rds:DescribeDBClusterSnapshots");

    internal ServiceException NotFound(string id) => new(NotFoundCode, $"{Word} {id} not found.", 404);

    internal ServiceException Exists(string id) => new(ExistsCode, $"Cannot create the snapshot because a snapshot with the identifier {id} already exists.");

    internal ServiceException State(string message) => new(StateCode, message);
}
