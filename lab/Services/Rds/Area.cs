namespace Dbre.Lab.Services.Rds;

/// <summary>Everything RDS keeps for one account in one Region. Names are in lower case, listings in their order.</summary>
internal sealed class Area(string account, string region)
{
    internal string Account { get; } = account;

    internal string Region { get; } = region;

    internal SortedDictionary<string, InstanceRecord> Instances { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, ClusterRecord> Clusters { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, SnapshotRecord> InstanceSnapshots { get; } = new(StringComparer.Ordinal);

    internal SortedDictionary<string, SnapshotRecord> ClusterSnapshots { get; } = new(StringComparer.Ordinal);

    /// <summary>By the resource id of their database, which may be deleted.</summary>
    internal SortedDictionary<string, AutomatedBackup> Backups { get; } = new(StringComparer.Ordinal);

    internal Addresses Addresses { get; } = new(account, region);

    internal Groups Groups { get; } = new(account, region);

    internal List<RdsEvent> Events { get; } = [];

    internal SortedDictionary<string, SnapshotRecord> Snapshots(SnapshotKind kind) => kind == SnapshotKind.Instance ? InstanceSnapshots : ClusterSnapshots;

    /// <summary>The instance of a name or of an ARN of this area.</summary>
    /// <exception cref="ServiceException">DBInstanceNotFound.</exception>
    internal InstanceRecord Instance(string? name, string parameter = "DBInstanceIdentifier")
    {
        var id = LocalName(Identifiers.ToFind(name, parameter), "db");
        return Instances.GetValueOrDefault(id) ?? throw RdsErrors.InstanceNotFound(id);
    }

    /// <summary>The cluster of a name or of an ARN of this area.</summary>
    /// <exception cref="ServiceException">DBClusterNotFoundFault.</exception>
    internal ClusterRecord Cluster(string? name)
    {
        var id = LocalName(Identifiers.ToFind(name, "DBClusterIdentifier"), "cluster");
        return Clusters.GetValueOrDefault(id) ?? throw RdsErrors.ClusterNotFound(id);
    }

    internal string Arn(string type, string name) => $"arn:aws:rds:{Region}:{Account}:{type}:{name}";

    /// <summary>The name in an ARN of this area; what is no such ARN stays as it is, and so is not found.</summary>
    internal string LocalName(string nameOrArn, string type)
    {
        var prefix = Arn(type, "");
        return nameOrArn.StartsWith(prefix, StringComparison.Ordinal) ? nameOrArn[prefix.Length..] : nameOrArn;
    }
}
