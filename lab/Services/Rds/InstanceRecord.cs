using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <summary>An instance as the service keeps it: AWS's own shape, and the server behind it.</summary>
internal sealed class InstanceRecord(DBInstance shape, IDatabaseEngine engine)
{
    internal DBInstance Shape { get; } = shape;

    internal IDatabaseEngine Engine { get; } = engine;

    internal string Id => Shape.DBInstanceIdentifier;

    internal string Arn => Shape.DBInstanceArn;

    internal string Status
    {
        get => Shape.DBInstanceStatus;
        set => Shape.DBInstanceStatus = value;
    }

    /// <summary>The engine's name of the server: that of a cluster's first writer is the cluster's volume.</summary>
    internal string ServerId { get; set; } = shape.DbiResourceId.ToLowerInvariant();

    /// <summary>The cluster that it is a member of.</summary>
    internal ClusterRecord? Cluster { get; init; }

    /// <summary>The instance that it replicates, while it is a read replica.</summary>
    internal InstanceRecord? Source { get; set; }

    internal List<InstanceRecord> Replicas { get; } = [];

    internal TagSet Tags { get; init; } = TagSet.Of(null);

    /// <summary>Its automated backups, while they are on.</summary>
    internal AutomatedBackup? Backup { get; set; }

    internal BackupReaders Readers { get; } = new();

    /// <summary>Whether it runs with the parameters of its cluster's group, or does from its next reboot.</summary>
    internal string ClusterParametersStatus { get; set; } = "in-sync";

    /// <summary>What it is being renamed to: taken already.</summary>
    internal string? NextId { get; set; }

    /// <summary>Work on the server. Members of a cluster share the cluster's.</summary>
    internal Sequence Work => Cluster?.Work ?? work;

    private readonly Sequence work = new();

    /// <summary>Refuses unless the instance is in one of these states.</summary>
    /// <exception cref="ServiceException">InvalidDBInstanceState, naming the state.</exception>
    internal void RequireState(params ReadOnlySpan<string> states)
    {
        if (!states.Contains(Status))
        {
            throw RdsErrors.InstanceState($"Instance {Id} is not in {string.Join(" or ", states.ToArray())} state: it is {Status}.");
        }
    }

    internal void SetEndpoint(DatabaseEndpoint at)
    {
        Shape.Endpoint = new Endpoint { Address = at.Host, Port = at.Port, HostedZoneId = "Z2R2ITUGPM61AM" };
    }

    internal DatabaseFactSheet FactSheet() => new(
        Id, Shape.DbiResourceId, Shape.Engine, Shape.EngineVersion, Shape.MasterUsername, Shape.DBName, Shape.AllocatedStorage ?? 0, Shape.StorageType, Shape.Iops,
        Shape.Endpoint?.Port, Shape.IAMDatabaseAuthenticationEnabled ?? false, new DateTimeOffset(Shape.InstanceCreateTime!.Value, TimeSpan.Zero),
        Shape.BackupRetentionPeriod ?? 0, Shape.PreferredBackupWindow);

    /// <summary>As responses carry it.</summary>
    internal DBInstance Describe()
    {
        var shape = ShapeCopy.Of(Shape);
        shape.TagList = Tags.ToList();
        shape.LatestRestorableTime = Backup?.Latest?.UtcDateTime;
        shape.DBInstanceAutomatedBackupsReplications = Backup?.DescribeReplicas() ?? [];
        shape.ReadReplicaSourceDBInstanceIdentifier = Source?.Id;
        shape.ReadReplicaDBInstanceIdentifiers = [.. Replicas.Select(r => r.Id).Order(StringComparer.Ordinal)];
        return shape;
    }
}
