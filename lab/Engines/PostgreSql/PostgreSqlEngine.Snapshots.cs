namespace Dbre.Lab.Engines.PostgreSql;

/// <content>Snapshots: a folder with a base backup, the log to make it consistent, and a manifest with a checksum of each file.</content>
public sealed partial class PostgreSqlEngine
{
    public async Task TakeSnapshot(string id, string snapshot, CancellationToken stop)
    {
        await Elsewhere();
        var server = FindRunning(id);
        var folder = site.SnapshotFolder(snapshot);
        RequireNone(folder, snapshot);
        try
        {
            await site.Tools.Run(
                "pg_basebackup", ["-D", folder, "-d", site.ConnectionInfo(server), "-c", "fast", "-X", "fetch", "--no-sync"], site.AdminPassword, stop).ConfigureAwait(false);
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    /// <summary>What fails removes what it began: so it must not begin on a snapshot that is there.</summary>
    private static void RequireNone(string folder, string snapshot)
    {
        if (Directory.Exists(folder))
        {
            throw new EngineException($"There is a snapshot '{snapshot}' already.");
        }
    }

    public async Task CopySnapshot(string source, string target, Action<int>? progress, CancellationToken stop)
    {
        await Elsewhere();
        var (from, to) = (Existing(source), site.SnapshotFolder(target));
        RequireNone(to, target);
        try
        {
            await site.Tools.Script("cp -a --reflink=auto \"$1\" \"$2\"", stop, from, to).ConfigureAwait(false);
            progress?.Invoke(60);
            await site.Tools.Run("pg_verifybackup", ["-q", to], null, stop).ConfigureAwait(false);
            progress?.Invoke(100);
        }
        catch
        {
            Remove(to);
            throw;
        }
    }

    public async Task DeleteSnapshot(string snapshot, CancellationToken stop)
    {
        await Elsewhere();
        Remove(site.SnapshotFolder(snapshot));
    }

    public async Task<DatabaseEndpoint> Restore(string snapshot, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var server = await Add(spec, Existing(snapshot), stop).ConfigureAwait(false);
        return await BringUp(server, stop).ConfigureAwait(false);
    }

    public async Task<DatabaseEndpoint> RestoreToTime(string snapshot, string source, DateTimeOffset time, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var from = Find(source);
        var start = Existing(snapshot);

        // The backup's last file is its manifest. Asked for an earlier moment, the server may give that of the backup and not say so.
        if (new DateTimeOffset(Directory.GetLastWriteTimeUtc(start)) is var taken && time < taken)
        {
            throw new EngineException($"Snapshot '{snapshot}' was taken at {taken:O}; a restore to {time.ToUniversalTime():O} needs an earlier one.");
        }

        if (from.Running)
        {
            await ArchiveAllOf(from, stop).ConfigureAwait(false);
        }

        var server = await Add(spec, start, stop).ConfigureAwait(false);
        await site.Tools.Script("touch \"$1/recovery.signal\"", stop, server.Data).ConfigureAwait(false);
        // Without hot_standby it is ready when all is replayed, and not as soon as it could be read.
        return await BringUp(
            server, stop,
            "hot_standby=off",
            $"restore_command=cp \"{from.Archive}/%f\" \"%p\"",
            $"recovery_target_time={time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00",
            "recovery_target_action=promote").ConfigureAwait(false);
    }

    private string Existing(string snapshot)
    {
        var folder = site.SnapshotFolder(snapshot);
        return Directory.Exists(folder) ? folder : throw new EngineException($"There is no snapshot '{snapshot}'.");
    }

    private async Task<DatabaseEndpoint> BringUp(PostgreSqlServer server, CancellationToken stop, params string[] recovery)
    {
        try
        {
            await server.Start(stop, recovery).ConfigureAwait(false);
            if (server.Spec.MasterPassword is { } password)
            {
                await server.Execute(stop, $"ALTER ROLE {Quoted(server.Spec.MasterUser)} PASSWORD {Literal(ScramVerifier.Of(password))}").ConfigureAwait(false);
            }

            if (!server.Spec.Started)
            {
                await server.Stop(stop).ConfigureAwait(false);
            }

            return server.Endpoint;
        }
        catch
        {
            Forget(server);
            throw;
        }
    }

    // Recovery to a time past the last commit fails, so a transaction is made that is later than any time asked for; then the log so far is archived.
    private async Task ArchiveAllOf(PostgreSqlServer server, CancellationToken stop)
    {
        await server.Execute(stop, "SELECT pg_current_xact_id()").ConfigureAwait(false);
        var segment = (string)(await server.Ask("SELECT pg_walfile_name(pg_switch_wal())", stop).ConfigureAwait(false))!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30), site.Clock);
        while (!File.Exists(Path.Combine(server.Archive, segment)))
        {
            if (limit.IsCancellationRequested)
            {
                throw new EngineException($"The log of '{server.Spec.Id}' was not archived within 30 seconds.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(5), site.Clock, stop).ConfigureAwait(false);
        }
    }
}
