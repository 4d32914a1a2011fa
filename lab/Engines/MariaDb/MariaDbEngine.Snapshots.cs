using System.Globalization;

using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.MariaDb;

/// <content>Snapshots: a folder with a prepared backup, and a list of the checksums of its files.</content>
public sealed partial class MariaDbEngine
{
    private const string Checksums = "sha256.txt";

    public override async Task TakeSnapshot(string id, string snapshot, CancellationToken stop)
    {
        await Elsewhere();
        var server = Of(FindRunning(id));
        var folder = site.NewSnapshot(snapshot);
        try
        {
            await BackUp(server, folder, stop).ConfigureAwait(false);
            await site.Programs.Script($"cd \"$1\" && find . -type f ! -name {Checksums} -print0 | sort -z | xargs -0 sha256sum > {Checksums}", stop, folder).ConfigureAwait(false);
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
        return await Make(spec, site.ExistingSnapshot(snapshot), server => BringUp(Of(server), _ => Task.CompletedTask, stop), stop).ConfigureAwait(false);
    }

    /// <inheritdoc />
    /// <remarks>
    /// The binary log knows whole seconds: a transaction that ended in the very second of <paramref name="time"/> is not in the result, as with RDS,
    /// whose restore times are whole seconds too. What counts is when the transaction's last statement began.
    /// </remarks>
    public override async Task<DatabaseEndpoint> RestoreToTime(string snapshot, string source, DateTimeOffset time, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var from = Of(FindLogged(source));
        var start = site.SnapshotBefore(snapshot, time);
        if (from.Running)
        {
            await ArchiveLog(from, stop).ConfigureAwait(false);
        }

        var taken = GtidOf(start);
        var part = BinaryLog.Until(from.Logs, taken, time);
        if (!part.Follows)
        {
            throw new EngineException($"The log of '{source}' does not go on from snapshot '{snapshot}', which ends at transaction {taken}.");
        }

        return await Make(spec, start, server => BringUp(Of(server), s => Replay(s, part, stop), stop), stop).ConfigureAwait(false);
    }

    // What is committed so far is then in files that nobody writes any more.
    private protected override Task ArchiveLog(DatabaseServer server, CancellationToken stop) => Of(server).Execute(stop, "FLUSH BINARY LOGS");

    private protected override async Task Verify(string folder, CancellationToken stop)
    {
        try
        {
            await site.Programs.Script($"cd \"$1\" && sha256sum --check --strict --quiet {Checksums} 2>&1 | head -3 >&2; cd \"$1\" && sha256sum --check --strict --status {Checksums}", stop, folder).ConfigureAwait(false);
        }
        catch (EngineException e)
        {
            throw new EngineException($"The copy has a checksum mismatch with what the snapshot was taken with: {e.Message}", e);
        }
    }

    /// <summary>Copies a running server's data into a folder and makes it consistent there.</summary>
    private async Task BackUp(MariaDbServer server, string folder, CancellationToken stop)
    {
        string[] common = [$"--target-dir={folder}", "--use-memory=64M"];
        await site.Tools.Run("mariadb-backup", [$"--defaults-file={site.ClientFile}", "--backup", $"--port={server.Endpoint.Port}", $"--datadir={server.Data}", .. common], stop).ConfigureAwait(false);
        await site.Tools.Run("mariadb-backup", ["--no-defaults", "--prepare", .. common], stop).ConfigureAwait(false);
    }

    /// <summary>The last transaction that a backup has; empty when its server had logged none.</summary>
    private static string GtidOf(string backup)
    {
        // "binlog.000001	1042	0-20001-7"
        var line = File.ReadAllText(Path.Combine(backup, "xtrabackup_binlog_info")).Trim().Split('\t');
        return line.Length > 2 ? line[2] : "";
    }

    private async Task BringUp(MariaDbServer server, Func<MariaDbServer, Task> replay, CancellationToken stop)
    {
        await server.Start(stop).ConfigureAwait(false);

        // Its log begins anew: what the data says about another server's log means nothing here.
        await server.Execute(stop, "SET GLOBAL gtid_slave_pos = ''").ConfigureAwait(false);
        await replay(server).ConfigureAwait(false);
        if (server.Spec.MasterPassword is { } password)
        {
            await SetPassword(server, password, stop).ConfigureAwait(false);
        }
    }

    private async Task Replay(MariaDbServer server, LogPart part, CancellationToken stop)
    {
        if (part.Files.Count == 0)
        {
            return;
        }

        // The log's own program writes statements, which the client program runs; they are not logged again.
        var (start, end) = (part.Start.ToString(CultureInfo.InvariantCulture), part.End.ToString(CultureInfo.InvariantCulture));
        await site.Programs.Run(
            [
                "bash", "-c",
                "set -o pipefail; client=\"$1\" port=\"$2\" start=\"$3\" end=\"$4\"; shift 4; "
                + "mariadb-binlog --no-defaults --disable-log-bin --start-position=\"$start\" --stop-position=\"$end\" \"$@\" "
                + "| mariadb --defaults-file=\"$client\" --port=\"$port\" --binary-mode --max-allowed-packet=1G",
                "replay", site.ClientFile, server.Endpoint.Port.ToString(CultureInfo.InvariantCulture), start, end, .. part.Files,
            ],
            stop).ConfigureAwait(false);
    }
}
