using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.PostgreSql;

/// <content>Snapshots: a folder with a base backup, the log to make it consistent, and a manifest with a checksum of each file.</content>
public sealed partial class PostgreSqlEngine
{
    public override async Task TakeSnapshot(string id, string snapshot, CancellationToken stop)
    {
        await Elsewhere();
        var server = Of(FindRunning(id));
        var folder = site.NewSnapshot(snapshot);
        try
        {
            await site.Tools.Run(
                "pg_basebackup", ["-D", folder, "-d", site.ConnectionInfo(server), "-c", "fast", "-X", "fetch", "--no-sync"], site.AdminPassword, stop).ConfigureAwait(false);
        }
        catch
        {
            ServerSite.Remove(folder);
            throw;
        }
    }

    public override async Task<DatabaseEndpoint> Restore(string snapshot, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        return await Make(spec, site.ExistingSnapshot(snapshot), server => BringUp(Of(server), stop), stop).ConfigureAwait(false);
    }

    public override async Task<DatabaseEndpoint> RestoreToTime(string snapshot, string source, DateTimeOffset time, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var from = FindLogged(source);
        var start = site.SnapshotBefore(snapshot, time);
        if (from.Running)
        {
            await ArchiveLog(from, stop).ConfigureAwait(false);
        }

        return await Make(spec, start, async server =>
        {
            await site.Programs.Script("touch \"$1/recovery.signal\"", stop, server.Data).ConfigureAwait(false);

            // Without hot_standby it is ready when all is replayed, and not as soon as it could be read.
            await BringUp(
                Of(server), stop,
                "hot_standby=off",
                "restore_command=" + string.Join(" || ", from.Archives.Select(a => $"cp \"{a}/%f\" \"%p\"")),
                $"recovery_target_time={time.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00",
                "recovery_target_action=promote").ConfigureAwait(false);
        }, stop).ConfigureAwait(false);
    }

    private protected override Task Verify(string folder, CancellationToken stop) => site.Tools.Run("pg_verifybackup", ["-q", folder], null, stop);

    private async Task BringUp(PostgreSqlServer server, CancellationToken stop, params string[] recovery)
    {
        await server.Start(stop, recovery).ConfigureAwait(false);
        if (server.Spec.MasterPassword is { } password)
        {
            await SetPassword(server, password, stop).ConfigureAwait(false);
        }
    }

    // Recovery to a time past the last commit fails, so a transaction is made that is later than any time asked for; then the log so far is archived.
    private protected override async Task ArchiveLog(DatabaseServer server, CancellationToken stop)
    {
        await Of(server).Execute(stop, "SELECT pg_current_xact_id()").ConfigureAwait(false);
        var segment = (string)(await Of(server).Ask("SELECT pg_walfile_name(pg_switch_wal())", stop).ConfigureAwait(false))!;
        await Until(server, () => Task.FromResult(File.Exists(Path.Combine(server.Archive, segment))), "did not archive its log", stop).ConfigureAwait(false);
    }
}
