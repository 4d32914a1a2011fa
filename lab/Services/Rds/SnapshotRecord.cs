using Amazon.RDS.Model;
using Dbre.Lab.Engines;

namespace Dbre.Lab.Services.Rds;

/// <summary>A snapshot of an instance or a cluster, as the service keeps it.</summary>
internal sealed class SnapshotRecord(SnapshotKind kind, string account, string region, string id, string type, IDatabaseEngine engine, DatabaseFactSheet source)
{
    internal SnapshotKind Kind { get; } = kind;

    internal string Id { get; } = id;

    internal string Account { get; } = account;

    internal string Region { get; } = region;

    internal string Arn { get; } = $"arn:aws:rds:{region}:{account}:{kind.ArnType}:{id}";

    /// <summary><c>manual</c> or <c>automated</c>.</summary>
    internal string Type { get; } = type;

    internal IDatabaseEngine Engine { get; } = engine;

    /// <summary>The name under which the engine keeps it.</summary>
    internal string Stored { get; } = $"{account}/{region}/{kind.ArnType}/{id}";

    /// <summary>The database as it was.</summary>
    internal DatabaseFactSheet Source { get; } = source;

    /// <summary>creating, copying, available, failed, deleting.</summary>
    internal string Status { get; set; } = "creating";

    internal int Percent { get; set; }

    /// <summary>When this snapshot was made; null until it is there.</summary>
    internal DateTimeOffset? Created { get; set; }

    /// <summary>When the last of it was written: what is restored to a time begins with a snapshot that was finished before.</summary>
    internal DateTimeOffset? Finished { get; set; }

    /// <summary>The engine's name of the database that it was taken of, whose log goes on from it; null for a copy.</summary>
    internal string? LogOf { get; init; }

    /// <summary>When the data was frozen: copies keep it.</summary>
    internal DateTimeOffset? OriginallyCreated { get; set; }

    internal string? KmsKeyArn { get; init; }

    internal string? OptionGroup { get; init; }

    /// <summary>The snapshot that this one is a copy of.</summary>
    internal string? CopiedFromArn { get; init; }

    internal string? CopiedFromRegion { get; init; }

    internal TagSet Tags { get; init; } = TagSet.Of(null);

    /// <summary>Accounts that may copy and restore it; <c>all</c> makes it public.</summary>
    internal SortedSet<string> SharedWith { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether it is a copy from another Region: those have a quota.</summary>
    internal bool CrossRegion { get; set; }

    /// <summary>Copies and restores that are reading it right now.</summary>
    internal int Readers { get; set; }

    internal bool VisibleTo(string account) => account == Account || SharedWith.Contains(account) || SharedWith.Contains("all");

    internal DBSnapshot AsInstanceSnapshot(string viewer) => new()
    {
        DBSnapshotIdentifier = viewer == Account ? Id : Arn,
        DBSnapshotArn = Arn,
        DBInstanceIdentifier = Source.Id,
        DbiResourceId = Source.ResourceId,
        SnapshotCreateTime = Created?.UtcDateTime,
        OriginalSnapshotCreateTime = OriginallyCreated?.UtcDateTime,
        InstanceCreateTime = Source.Created.UtcDateTime,
        Engine = Source.Engine,
        EngineVersion = Source.EngineVersion,
        LicenseModel = EngineFacts.License(Source.Engine),
        AllocatedStorage = Source.AllocatedStorage,
        StorageType = Source.StorageType,
        Iops = Source.Iops,
        Status = Status,
        PercentProgress = Percent,
        Port = Source.Port,
        AvailabilityZone = Region + "a",
        VpcId = Groups.VpcOf(Region),
        MasterUsername = Source.MasterUsername,
        SnapshotType = TypeFor(viewer),
        OptionGroupName = OptionGroup,
        SourceDBSnapshotIdentifier = CopiedFromArn,
        SourceRegion = CopiedFromRegion,
        Encrypted = KmsKeyArn is not null,
        KmsKeyId = KmsKeyArn,
        IAMDatabaseAuthenticationEnabled = Source.IamAuthentication,
        ProcessorFeatures = [],
        TagList = viewer == Account ? Tags.ToList() : [],
        SnapshotTarget = "region",
        DedicatedLogVolume = false,
    };

    internal DBClusterSnapshot AsClusterSnapshot(string viewer) => new()
    {
        DBClusterSnapshotIdentifier = viewer == Account ? Id : Arn,
        DBClusterSnapshotArn = Arn,
        DBClusterIdentifier = Source.Id,
        DbClusterResourceId = Source.ResourceId,
        // Cluster snapshots have one time only, and it is the data's.
        SnapshotCreateTime = OriginallyCreated?.UtcDateTime,
        ClusterCreateTime = Source.Created.UtcDateTime,
        Engine = Source.Engine,
        EngineVersion = Source.EngineVersion,
        EngineMode = "provisioned",
        LicenseModel = EngineFacts.License(Source.Engine),
        AllocatedStorage = Source.AllocatedStorage,
        StorageType = Source.StorageType,
        AvailabilityZones = [Region + "a", Region + "b", Region + "c"],
        Status = Status,
        PercentProgress = Percent,
        Port = Source.Port,
        VpcId = Groups.VpcOf(Region),
        MasterUsername = Source.MasterUsername,
        SnapshotType = TypeFor(viewer),
        SourceDBClusterSnapshotArn = CopiedFromArn,
        StorageEncrypted = KmsKeyArn is not null,
        KmsKeyId = KmsKeyArn,
        IAMDatabaseAuthenticationEnabled = Source.IamAuthentication,
        TagList = viewer == Account ? Tags.ToList() : [],
    };

    private string TypeFor(string viewer) => viewer == Account ? Type : SharedWith.Contains(viewer) ? "shared" : "public";
}
