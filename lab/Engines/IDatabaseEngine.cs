namespace Dbre.Lab.Engines;

/// <summary>
/// What makes databases for the emulated RDS: real server processes in the lab, row counters in the simulation. It knows no AWS.
/// Databases and snapshots go by ids that the caller chooses; every wait is bounded, and what fails throws <see cref="EngineException"/>.
/// </summary>
public interface IDatabaseEngine : IAsyncDisposable
{
    /// <summary>The family of servers: <c>postgres</c>.</summary>
    string Family { get; }

    /// <summary>The version a database gets when none is asked for.</summary>
    string DefaultVersion { get; }

    /// <summary>Whether servers of this version can be run here.</summary>
    bool Supports(string version);

    /// <summary>Makes an empty database with its master user and starts its server.</summary>
    Task<DatabaseEndpoint> Create(DatabaseSpec spec, CancellationToken stop);

    /// <summary>Starts the server of a stopped database, at its endpoint from before.</summary>
    Task<DatabaseEndpoint> Start(string id, CancellationToken stop);

    /// <summary>Stops the server cleanly. The data stays.</summary>
    Task Stop(string id, CancellationToken stop);

    /// <summary>Stops and starts the server.</summary>
    Task Reboot(string id, CancellationToken stop);

    /// <summary>Removes server and data. A database that is not there is none: no error.</summary>
    Task Delete(string id, CancellationToken stop);

    /// <summary>Removes server and data of a database; its log stays for <see cref="RestoreToTime"/> until <see cref="Delete"/> removes that too.</summary>
    Task Retire(string id, CancellationToken stop);

    /// <summary>Takes a snapshot of a running database.</summary>
    Task TakeSnapshot(string id, string snapshot, CancellationToken stop);

    /// <summary>Copies a snapshot and verifies the copy against the checksums that the snapshot was taken with.</summary>
    /// <param name="progress">Told the percentage done.</param>
    Task CopySnapshot(string source, string target, Action<int>? progress, CancellationToken stop);

    Task DeleteSnapshot(string snapshot, CancellationToken stop);

    /// <summary>Makes a database from a snapshot. It is not verified again, as RDS does not: a damaged page shows when it is read.</summary>
    Task<DatabaseEndpoint> Restore(string snapshot, DatabaseSpec spec, CancellationToken stop);

    /// <summary>Makes a database as another was at a time: a snapshot taken before it, and the write-ahead log since. It takes writes when this returns.</summary>
    /// <param name="source">The database whose log is replayed; running, stopped or retired.</param>
    Task<DatabaseEndpoint> RestoreToTime(string snapshot, string source, DateTimeOffset time, DatabaseSpec spec, CancellationToken stop);

    /// <summary>Makes a read-only database that follows a running one.</summary>
    Task<DatabaseEndpoint> CreateReplica(string source, DatabaseSpec spec, CancellationToken stop);

    /// <summary>Makes a replica a database of its own that takes writes.</summary>
    Task Promote(string id, CancellationToken stop);

    /// <summary>Lets a replica and its source change roles, losing nothing.</summary>
    Task Switchover(string writer, string replica, CancellationToken stop);

    Task SetMasterPassword(string id, string password, CancellationToken stop);

    Task<DatabaseFacts> Facts(string id, CancellationToken stop);

    /// <summary>Opens an address of its own that leads to a database and can be pointed to another: a cluster's endpoint.</summary>
    /// <param name="port">The port wished for; another is taken when it is not free.</param>
    Task<DatabaseEndpoint> OpenEndpoint(string name, int? port, CancellationToken stop);

    /// <summary>Restarts a server at another address. Its old one becomes an endpoint, which leads nowhere until it is pointed.</summary>
    /// <returns>The new address.</returns>
    Task<DatabaseEndpoint> Readdress(string id, string endpoint, CancellationToken stop);

    /// <summary>Points an endpoint to a database, or to none; connections through it end.</summary>
    void PointEndpoint(string name, string? id);

    void CloseEndpoint(string name);
}
