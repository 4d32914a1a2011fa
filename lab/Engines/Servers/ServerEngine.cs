using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Dbre.Lab.Engines.Servers;

/// <summary>
/// Databases as real servers on 127.0.0.1, over TLS only, under a certificate authority of this engine's own.
/// All state is under one folder; servers end with the engine, and with the process however it ends.
/// </summary>
public abstract class ServerEngine : IDatabaseEngine
{
    private readonly ConcurrentDictionary<string, DatabaseServer> servers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DatabaseServer> retired = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TcpForwarder> forwarders = new(StringComparer.Ordinal);
    private readonly ChildProcesses processes;
    private readonly ServerSite site;

    private protected ServerEngine(ServerSite site, ChildProcesses processes) => (this.site, this.processes) = (site, processes);

    public abstract string Family { get; }

    public abstract string DefaultVersion { get; }

    /// <summary>The certificate that clients must trust, as they trust AWS's bundle for RDS.</summary>
    public string AuthorityFile => site.AuthorityFile;

    private protected IEnumerable<DatabaseServer> Servers => servers.Values;

    public abstract bool Supports(string version);

    /// <summary>Where the files of a snapshot are: tests damage them there.</summary>
    public string SnapshotFolder(string snapshot) => site.SnapshotFolder(snapshot);

    /// <summary>Where the files of a database are.</summary>
    public string DatabaseFolder(string id) => site.DatabaseFolder(id);

    /// <summary>Where the log of a database is kept, for as long as anybody can be restored from it.</summary>
    public string ArchiveFolder(string id) => site.ArchiveFolder(id);

    /// <summary>Ends a server at once, as a crash of its machine would.</summary>
    public void Crash(string id) => Find(id).Kill();

    public async Task<DatabaseEndpoint> Create(DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var password = spec.MasterPassword ?? throw new EngineException($"Database '{spec.Id}' needs a password for its master user.");
        return await Make(spec, site.Template, async server =>
        {
            await server.Start(stop).ConfigureAwait(false);
            await MakeMaster(server, password, stop).ConfigureAwait(false);
        }, stop).ConfigureAwait(false);
    }

    public async Task<DatabaseEndpoint> Start(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        return await InTurn(server, async () =>
        {
            await server.Start(stop).ConfigureAwait(false);
            return server.Endpoint;
        }, stop).ConfigureAwait(false);
    }

    public async Task Stop(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        await InTurn(server, async () =>
        {
            await ArchiveIfWriter(server, stop).ConfigureAwait(false);
            await server.Stop(stop).ConfigureAwait(false);
            return true;
        }, stop).ConfigureAwait(false);
    }

    public async Task Reboot(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        await InTurn(server, async () =>
        {
            await server.Stop(stop).ConfigureAwait(false);
            await server.Start(stop).ConfigureAwait(false);
            return true;
        }, stop).ConfigureAwait(false);
    }

    public async Task Delete(string id, CancellationToken stop)
    {
        await Elsewhere();
        if (retired.TryRemove(id, out var gone))
        {
            RemoveArchives(gone);
        }
        else if (servers.TryRemove(id, out var server))
        {
            await RemoveServer(server, stop).ConfigureAwait(false);
            RemoveArchives(server);
        }
    }

    public async Task Retire(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        await ArchiveIfWriter(server, stop).ConfigureAwait(false);
        retired[id] = server;
        servers.TryRemove(id, out _);
        await RemoveServer(server, stop).ConfigureAwait(false);
    }

    public async Task<DatabaseEndpoint> Readdress(string id, string endpoint, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        return await InTurn(server, async () =>
        {
            var (old, runs) = (server.Endpoint.Port, server.Running);
            await server.Stop(stop).ConfigureAwait(false);
            // The old port stays this engine's, so that nobody else takes it in between.
            server.Endpoint = server.Endpoint with { Port = FreePorts.Take(null) };
            Open(endpoint, old);
            if (runs)
            {
                await server.Start(stop).ConfigureAwait(false);
            }

            foreach (var follower in Servers.Where(s => s.Source == server && s.Running))
            {
                await follower.Stop(stop).ConfigureAwait(false);
                await FollowAgain(follower, stop).ConfigureAwait(false);
            }

            return server.Endpoint;
        }, stop).ConfigureAwait(false);
    }

    public abstract Task TakeSnapshot(string id, string snapshot, CancellationToken stop);

    public async Task CopySnapshot(string source, string target, Action<int>? progress, CancellationToken stop)
    {
        await Elsewhere();
        var (from, to) = (site.ExistingSnapshot(source), site.NewSnapshot(target));
        try
        {
            await site.Programs.Script("cp -a --reflink=auto \"$1\" \"$2\"", stop, from, to).ConfigureAwait(false);
            progress?.Invoke(60);
            await Verify(to, stop).ConfigureAwait(false);
            progress?.Invoke(100);
        }
        catch
        {
            ServerSite.Remove(to);
            throw;
        }
    }

    public async Task DeleteSnapshot(string snapshot, CancellationToken stop)
    {
        await Elsewhere();
        ServerSite.Remove(site.SnapshotFolder(snapshot));
    }

    public abstract Task<DatabaseEndpoint> Restore(string snapshot, DatabaseSpec spec, CancellationToken stop);

    public abstract Task<DatabaseEndpoint> RestoreToTime(string snapshot, string source, DateTimeOffset time, DatabaseSpec spec, CancellationToken stop);

    public abstract Task<DatabaseEndpoint> CreateReplica(string source, DatabaseSpec spec, CancellationToken stop);

    public abstract Task Promote(string id, CancellationToken stop);

    public abstract Task Switchover(string writer, string replica, CancellationToken stop);

    public async Task SetMasterPassword(string id, string password, CancellationToken stop)
    {
        await Elsewhere();
        await SetPassword(FindRunning(id), password, stop).ConfigureAwait(false);
    }

    public async Task<DatabaseFacts> Facts(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        return new DatabaseFacts(server.Running, server.Endpoint, server.Running ? await Bytes(server, stop).ConfigureAwait(false) : 0);
    }

    public Task<DatabaseEndpoint> OpenEndpoint(string name, int? port, CancellationToken stop) => Task.FromResult(Open(name, FreePorts.Take(port)));

    public void PointEndpoint(string name, string? id) =>
        (forwarders.TryGetValue(name, out var forwarder) ? forwarder : throw new EngineException($"There is no endpoint '{name}'."))
            .Point(id is null ? null : Find(id).Endpoint);

    public void CloseEndpoint(string name)
    {
        if (forwarders.TryRemove(name, out var forwarder))
        {
            forwarder.Dispose();
            FreePorts.Return(forwarder.Endpoint.Port);
        }
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var forwarder in forwarders.Values)
        {
            forwarder.Dispose();
        }

        Parallel.ForEach(servers.Values, server => server.Kill());
        processes.Dispose();
        ServerSite.Clear(site.Root);
        return ValueTask.CompletedTask;
    }

    private protected abstract DatabaseServer NewServer(DatabaseSpec spec, int port);

    /// <summary>Makes the master user and its database in a fresh server.</summary>
    private protected abstract Task MakeMaster(DatabaseServer server, string password, CancellationToken stop);

    private protected abstract Task SetPassword(DatabaseServer server, string password, CancellationToken stop);

    private protected abstract Task<long> Bytes(DatabaseServer server, CancellationToken stop);

    /// <summary>Checks the files of a snapshot against the checksums it was taken with.</summary>
    private protected abstract Task Verify(string folder, CancellationToken stop);

    /// <summary>Removes what a replica that is going has at its source.</summary>
    private protected abstract Task Unfollow(DatabaseServer replica, CancellationToken stop);

    /// <summary>Puts the log so far of a running writer where a restore to any moment until now finds it.</summary>
    private protected abstract Task ArchiveLog(DatabaseServer server, CancellationToken stop);

    /// <summary>Starts a stopped replica whose source has another address now.</summary>
    private protected abstract Task FollowAgain(DatabaseServer replica, CancellationToken stop);

    /// <summary>Makes what a database is besides its data.</summary>
    private protected abstract Task Populate(DatabaseServer server, string from, CancellationToken stop);

    /// <summary>Makes a database from the data of another and brings it up; what fails leaves nothing.</summary>
    private protected async Task<DatabaseEndpoint> Make(DatabaseSpec spec, string? from, Func<DatabaseServer, Task> bringUp, CancellationToken stop)
    {
        var server = NewServer(spec, FreePorts.Take(spec.Port));
        if (!servers.TryAdd(spec.Id, server))
        {
            FreePorts.Return(server.Endpoint.Port);
            throw new EngineException($"There is a database '{spec.Id}' already.");
        }

        try
        {
            if (from is not null)
            {
                await Populate(server, from, stop).ConfigureAwait(false);
            }

            await bringUp(server).ConfigureAwait(false);
            if (!spec.Started)
            {
                await server.Stop(stop).ConfigureAwait(false);
            }

            return server.Endpoint;
        }
        catch
        {
            server.Kill();
            servers.TryRemove(spec.Id, out _);
            ServerSite.Remove(server.Folder);
            RemoveArchives(server);
            FreePorts.Return(server.Endpoint.Port);
            throw;
        }
    }

    /// <summary>The database whose log is asked for; it may be retired.</summary>
    /// <exception cref="EngineException">There is none; names it.</exception>
    private protected DatabaseServer FindLogged(string id) => retired.TryGetValue(id, out var gone) ? gone : Find(id);

    /// <exception cref="EngineException">There is none; names it.</exception>
    private protected DatabaseServer Find(string id) => servers.TryGetValue(id, out var server) ? server : throw new EngineException($"There is no database '{id}'.");

    /// <exception cref="EngineException">There is none, or its server does not run; names it.</exception>
    private protected DatabaseServer FindRunning(string id) => Find(id) is { Running: true } server ? server : throw new EngineException($"Database '{id}' is not running.");

    /// <summary>Waits until a condition holds.</summary>
    /// <exception cref="EngineException">It does not in time; <paramref name="otherwise"/> completes "The server of … ".</exception>
    private protected async Task Until(DatabaseServer server, Func<Task<bool>> condition, string otherwise, CancellationToken stop)
    {
        var patience = TimeSpan.FromSeconds(60);
        using var limit = new CancellationTokenSource(patience, site.Clock);
        while (!await condition().ConfigureAwait(false))
        {
            if (limit.IsCancellationRequested)
            {
                throw new EngineException($"The server of '{server.Spec.Id}' {otherwise} within {patience}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), site.Clock, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Work with processes and files must not run on the caller's time: it may hold the lab's lock.</summary>
    private protected static ConfiguredTaskAwaitable Elsewhere() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    // What stops can be restored to its last moment as well.
    private Task ArchiveIfWriter(DatabaseServer server, CancellationToken stop) =>
        server is { Running: true, Source: null } ? ArchiveLog(server, stop) : Task.CompletedTask;

    private Task<bool> RemoveServer(DatabaseServer server, CancellationToken stop) => InTurn(server, async () =>
    {
        // Nothing of it will be read again, so there is nothing to write down first.
        server.Kill();
        await Unfollow(server, stop).ConfigureAwait(false);
        ServerSite.Remove(server.Folder);
        FreePorts.Return(server.Endpoint.Port);
        return true;
    }, stop);

    // A database that took over from this one has the beginning of its log here.
    private void RemoveArchives(DatabaseServer server)
    {
        foreach (var archive in server.Archives.Where(a => !Servers.Concat(retired.Values).Any(s => s.Archives.Contains(a))))
        {
            ServerSite.Remove(archive);
        }
    }

    private DatabaseEndpoint Open(string name, int port)
    {
        var forwarder = new TcpForwarder(port);
        if (forwarders.TryAdd(name, forwarder))
        {
            return forwarder.Endpoint;
        }

        forwarder.Dispose();
        FreePorts.Return(port);
        throw new EngineException($"There is an endpoint '{name}' already.");
    }

    private static async Task<T> InTurn<T>(DatabaseServer server, Func<Task<T>> work, CancellationToken stop)
    {
        await server.Turn.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            server.Turn.Release();
        }
    }
}
