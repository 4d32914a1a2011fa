namespace Dbre.Lab.Services.Rds;

/// <summary>
/// The automated backups of one database: the snapshots that RDS takes by itself and the log since the first of them, from which any moment in
/// the retention period can be restored. They may outlive the database.
/// </summary>
/// <param name="upload">How often the log is uploaded: the latest restorable time lags by as much.</param>
internal sealed class AutomatedBackup(World world, TimeSpan upload, string arn, InstanceRecord? instance, ClusterRecord? cluster)
{
    internal string Arn { get; } = arn;

    internal InstanceRecord? Instance { get; } = instance;

    internal ClusterRecord? Cluster { get; } = cluster;

    internal string ResourceId => Instance?.Shape.DbiResourceId ?? Cluster!.Shape.DbClusterResourceId;

    internal string SourceId => Instance?.Id ?? Cluster!.Id;

    /// <summary>When the first automated snapshot was there; null while it is being made.</summary>
    internal DateTimeOffset? First { get; private set; }

    /// <summary>When the log ended: the database was stopped or deleted.</summary>
    internal DateTimeOffset? Ended { get; set; }

    /// <summary>The database is deleted and its backups are kept for as long as the retention period was.</summary>
    internal bool Retained { get; set; }

    /// <summary>Ends when every restore that is reading from it has.</summary>
    internal Task Readers { get; private set; } = Task.CompletedTask;

    internal string Status => Retained ? "retained" : First is null ? "creating" : "active";

    internal bool Expired => Retained && Latest is null;

    internal DateTimeOffset? Earliest
    {
        get
        {
            var oldest = world.Now - TimeSpan.FromDays(Instance?.Shape.BackupRetentionPeriod ?? Cluster?.Shape.BackupRetentionPeriod ?? 0);
            return First is not { } first ? null : first > oldest ? first : oldest;
        }
    }

    /// <summary>Null while nothing can be restored.</summary>
    internal DateTimeOffset? Latest
    {
        get
        {
            var now = world.Now;
            var till = Ended ?? now.AddTicks(-(now.UtcTicks % upload.Ticks));
            return Earliest <= till ? till : null;
        }
    }

    /// <summary>The first automated snapshot is finished. Times go over the wire in whole milliseconds and people say whole seconds: so it counts from the next.</summary>
    internal void Begin() => First ??= world.Now.AddTicks(TimeSpan.TicksPerSecond - 1 - ((world.Now.UtcTicks - 1) % TimeSpan.TicksPerSecond));

    /// <summary>Whether the log since a snapshot leads to where this database is.</summary>
    internal bool HoldsLogSince(SnapshotRecord snapshot) =>
        snapshot is { Status: "available", Finished: not null, LogOf: not null } && snapshot.Source.ResourceId == ResourceId;

    /// <summary>While this work runs, neither snapshots nor log are removed.</summary>
    internal Func<Task<T>> ReadBy<T>(Func<Task<T>> work)
    {
        var ended = new TaskCompletionSource();
        Readers = Task.WhenAll(Readers, ended.Task);
        return async () =>
        {
            try
            {
                return await work().ConfigureAwait(false);
            }
            finally
            {
                ended.SetResult();
            }
        };
    }
}
