using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <summary>
/// A cluster as the service keeps it. Its volume is one database of the engine, which outlives its instances: the first instance starts the server on it,
/// further ones follow as replicas, and the endpoints lead to whichever is the writer.
/// </summary>
internal sealed class ClusterRecord(DBCluster shape, IDatabaseEngine engine)
{
    internal DBCluster Shape { get; } = shape;

    internal IDatabaseEngine Engine { get; } = engine;

    internal string Id => Shape.DBClusterIdentifier;

    internal string Arn => Shape.DBClusterArn;

    internal string Status
    {
        get => Shape.Status;
        set => Shape.Status = value;
    }

    /// <summary>The engine's name of the database with the cluster's data: the writer's server.</summary>
    internal string Volume { get; set; } = shape.DbClusterResourceId.ToLowerInvariant();

    /// <summary>Its automated backups.</summary>
    internal AutomatedBackup? Backup { get; set; }

    internal BackupReaders Readers { get; } = new();

    /// <summary>What it is being renamed to: taken already.</summary>
    internal string? NextId { get; set; }

    /// <summary>The engine's names of the endpoints that belong to its present name.</summary>
    internal string WriterEndpoint { get; set; } = "";

    internal string ReaderEndpoint { get; set; } = "";

    /// <summary>In the order in which they were made.</summary>
    internal List<InstanceRecord> Members { get; } = [];

    internal InstanceRecord? Writer { get; set; }

    internal TagSet Tags { get; init; } = TagSet.Of(null);

    internal Sequence Work { get; } = new();

    /// <summary>Refuses unless the cluster is in one of these states.</summary>
    /// <exception cref="ServiceException">InvalidDBClusterStateFault, naming the state.</exception>
    internal void RequireState(params ReadOnlySpan<string> states)
    {
        if (!states.Contains(Status))
        {
            throw RdsErrors.ClusterState($"DB cluster {Id} is not in {string.Join(" or ", states.ToArray())} state: it is {Status}.");
        }
    }

    /// <summary>Lets the endpoints lead to the writer, and to a reader when there is one.</summary>
    internal void PointEndpoints()
    {
        Engine.PointEndpoint(WriterEndpoint, Writer is { Status: not "deleting" } ? Writer.ServerId : null);
        Engine.PointEndpoint(ReaderEndpoint, (Members.FirstOrDefault(m => m != Writer && m.Status == "available") ?? Writer)?.ServerId);
    }

    internal DatabaseFactSheet FactSheet() => new(
        Id, Shape.DbClusterResourceId, Shape.Engine, Shape.EngineVersion, Shape.MasterUsername, Shape.DatabaseName, Shape.AllocatedStorage ?? 1, Shape.StorageType, null,
        Shape.Port, Shape.IAMDatabaseAuthenticationEnabled ?? false, new DateTimeOffset(Shape.ClusterCreateTime!.Value, TimeSpan.Zero),
        Shape.BackupRetentionPeriod ?? 1, Shape.PreferredBackupWindow);

    /// <summary>As responses carry it.</summary>
    internal DBCluster Describe()
    {
        var shape = ShapeCopy.Of(Shape);
        shape.TagList = Tags.ToList();
        shape.EarliestRestorableTime = Backup?.Latest is null ? null : Backup.Earliest?.UtcDateTime;
        shape.LatestRestorableTime = Backup?.Latest?.UtcDateTime;
        shape.DBClusterMembers =
        [
            .. Members.Select(m => new DBClusterMember
            {
                DBInstanceIdentifier = m.Id,
                IsClusterWriter = m == Writer,
                DBClusterParameterGroupStatus = m.ClusterParametersStatus,
                PromotionTier = m.Shape.PromotionTier,
            }),
        ];
        return shape;
    }
}
