using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <summary>
/// The automated backups of one database: the snapshots that RDS takes by itself and the log since the first of them, from which any moment in
/// the retention period can be restored. They may outlive the database.
/// </summary>
/// <param name="upload">How often the log is uploaded: the latest restorable time lags by as much.</param>
internal class AutomatedBackup(World world, TimeSpan upload, string arn, InstanceRecord? instance, ClusterRecord? cluster)
{
    internal string Arn { get; } = arn;

    internal InstanceRecord? Instance { get; } = instance;

    internal ClusterRecord? Cluster { get; } = cluster;

    internal string ResourceId => Instance?.Shape.DbiResourceId ?? Cluster!.Shape.DbClusterResourceId;

    internal string SourceId => Instance?.Id ?? Cluster!.Id;

    /// <summary>The key that the snapshots are encrypted under.</summary>
    internal virtual string? KmsKeyArn => Instance?.Shape.KmsKeyId ?? Cluster?.Shape.KmsKeyId;

    /// <summary>For how many days back the database can be restored.</summary>
    internal virtual int Retention => Instance?.Shape.BackupRetentionPeriod ?? Cluster?.Shape.BackupRetentionPeriod ?? 0;

    internal virtual TagSet Tags => Instance?.Tags ?? Cluster!.Tags;

    /// <summary>The other Regions that these backups are being replicated to.</summary>
    internal List<ReplicatedBackup> Replicas { get; } = [];

    /// <summary>When the first automated snapshot was there; null while it is being made.</summary>
    internal DateTimeOffset? First { get; private set; }

    /// <summary>When the log ended: the database was stopped or deleted.</summary>
    internal DateTimeOffset? Ended { get; set; }

    /// <summary>The database is deleted and its backups are kept for as long as the retention period was.</summary>
    internal bool Retained { get; set; }

    internal BackupReaders Readers => Instance?.Readers ?? Cluster!.Readers;

    internal virtual string Status => Retained ? "retained" : First is null ? "creating" : "active";

    internal bool Expired => Retained && Latest is null;

    internal DateTimeOffset? Earliest
    {
        get
        {
            var oldest = world.Now - TimeSpan.FromDays(Retention);
            return First is not { } first ? null : first > oldest ? first : oldest;
        }
    }

    /// <summary>Null while nothing can be restored.</summary>
    internal DateTimeOffset? Latest
    {
        get
        {
            var till = Ended ?? Uploaded;
            return Earliest <= till ? till : null;
        }
    }

    /// <summary>Up to where the log is here.</summary>
    private protected virtual DateTimeOffset Uploaded => new(world.Now.UtcTicks / Upload.Ticks * Upload.Ticks, TimeSpan.Zero);

    private protected TimeSpan Upload { get; } = upload;

    /// <summary>The first automated snapshot is finished. Times go over the wire in whole milliseconds and people say whole seconds: so it counts from the next.</summary>
    internal void Begin() => First ??= new((world.Now.UtcTicks + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);

    /// <summary>Whether the log since a snapshot leads to where this database is.</summary>
    internal bool HoldsLogSince(SnapshotRecord snapshot) =>
        snapshot is { Status: "available", Finished: not null, LogOf: not null } && snapshot.Source.ResourceId == ResourceId;

    /// <summary>The database has these backups no more.</summary>
    internal virtual void LetGo() => _ = Instance is not null ? Instance.Backup = null : Cluster!.Backup = null;

    /// <summary>Nothing more comes: what the other Regions have, they retain.</summary>
    internal void StopReplicating()
    {
        foreach (var replica in Replicas.ToArray())
        {
            replica.Retain();
        }
    }

    internal List<DBInstanceAutomatedBackupsReplication> DescribeReplicas() =>
        [.. Replicas.Select(r => new DBInstanceAutomatedBackupsReplication { DBInstanceAutomatedBackupsArn = r.Arn })];
}
