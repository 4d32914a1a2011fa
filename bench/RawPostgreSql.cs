using System.Diagnostics;
using System.Globalization;

using Dbre.Lab.Engines.Servers;

namespace Dbre.Bench;

/// <summary>PostgreSQL by hand: what a person would type to do what the engine does. No TLS, no manager, one server at a time.</summary>
internal sealed class RawPostgreSql : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private readonly string bin;
    private readonly string root = Path.Combine(Path.GetTempPath(), $"dbre-bench-raw-{Environment.ProcessId}");
    private readonly int port = FreePorts.Take(null);
    private readonly int restoredPort = FreePorts.Take(null);
    private readonly ChildProcesses processes = new();
    private readonly List<Process> servers = [];

    public RawPostgreSql() => bin = Directory.GetDirectories("/usr/lib/postgresql").Select(d => Path.Combine(d, "bin")).Where(d => File.Exists(Path.Combine(d, "postgres"))).Max()
        ?? throw new InvalidOperationException("PostgreSQL is not installed.");

    private string Source => Path.Combine(root, "source");

    private string Archive => Path.Combine(root, "archive");

    public async Task Make(string sql)
    {
        Directory.CreateDirectory(root);
        if (AsRoot)
        {
            await Run("chown", "postgres:postgres", root).ConfigureAwait(false);
        }

        await Script($"{bin}/initdb -D {Source} -N -k --wal-segsize=1 -U bench --auth=trust").ConfigureAwait(false);
        await File.AppendAllTextAsync(
            Path.Combine(Source, "postgresql.conf"),
            "fsync = off\nwal_level = replica\nshared_buffers = 32MB\nwal_log_hints = on\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\narchive_mode = on\n" + $"archive_command = 'cp %p {Archive}/%f'\n").ConfigureAwait(false);
        await Script($"mkdir {Archive}").ConfigureAwait(false);
        await Start(Source, port).ConfigureAwait(false);
        await Execute(sql).ConfigureAwait(false);
    }

    public Task Execute(string sql) => Script($"{bin}/psql -q -h 127.0.0.1 -p {port} -U bench -d postgres -c \"$1\"", sql);

    /// <summary>Sees to it that the log of all that was written so far is in the archive.</summary>
    public Task CloseLog() => Script(
        $"file=$({bin}/psql -qtA -h 127.0.0.1 -p {port} -U bench -d postgres -c 'SELECT pg_walfile_name(pg_switch_wal())') && timeout 60 sh -c 'until [ -f {Archive}/'$file' ]; do sleep 0.01; done'");

    /// <summary>A snapshot and the archive's log up to a time, until the server takes writes; then every row is read and summed up.</summary>
    public async Task RestoreToTime(string snapshot, DateTimeOffset time, string database, string sum)
    {
        var data = Path.Combine(root, database);
        await Script($"cp -a --reflink=auto {root}/{snapshot} {data} && touch {data}/recovery.signal").ConfigureAwait(false);
        var target = time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture);
        await File.AppendAllTextAsync(
            Path.Combine(data, "postgresql.conf"),
            $"archive_mode = off\nrestore_command = 'cp {Archive}/%f %p'\nrecovery_target_time = '{target}'\nrecovery_target_action = promote\n").ConfigureAwait(false);
        await Start(data, restoredPort).ConfigureAwait(false);
        await Script($"timeout 60 sh -c 'until {bin}/psql -qtA -h 127.0.0.1 -p {restoredPort} -U bench -d postgres -c \"SELECT pg_is_in_recovery()\" | grep -q f; do sleep 0.01; done'").ConfigureAwait(false);
        await Script($"{bin}/psql -qtA -h 127.0.0.1 -p {restoredPort} -U bench -d postgres -c \"$1\"", sum).ConfigureAwait(false);
    }

    public Task Snapshot(string name) => Script($"{bin}/pg_basebackup -D {root}/{name} -h 127.0.0.1 -p {port} -U bench -c fast -X fetch --no-sync");

    public Task Copy(string name, string copy) => Script($"cp -a --reflink=auto {root}/{name} {root}/{copy} && {bin}/pg_verifybackup -q {root}/{copy}");

    public async Task Restore(string copy, string database)
    {
        await Script($"cp -a --reflink=auto {root}/{copy} {root}/{database} && rm -f {root}/{database}/backup_manifest").ConfigureAwait(false);
        await Start(Path.Combine(root, database), restoredPort).ConfigureAwait(false);
    }

    /// <summary>Removes what a round made; the source stays.</summary>
    public async Task Clear(params string[] names)
    {
        foreach (var server in servers.Skip(1))
        {
            await End(server).ConfigureAwait(false);
        }

        servers.RemoveRange(1, servers.Count - 1);
        names.ToList().ForEach(name => Directory.Delete(Path.Combine(root, name), recursive: true));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in servers)
        {
            await End(server).ConfigureAwait(false);
        }

        processes.Dispose();
        FreePorts.Return(port);
        FreePorts.Return(restoredPort);
        Directory.Delete(root, recursive: true);
    }

    private static bool AsRoot => Environment.UserName == "root";

    private static string[] AsServerUser(string[] command, params string[] more) => AsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", .. more, .. command] : command;

    private async Task Start(string data, int at)
    {
        string[] command = [Path.Combine(bin, "postgres"), "-D", data, "-c", string.Create(CultureInfo.InvariantCulture, $"port={at}")];
        var line = AsServerUser(command, "--pdeathsig=QUIT");
        var server = await processes.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" }).ConfigureAwait(false);
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        servers.Add(server);
        var pid = Path.Combine(data, "postmaster.pid");
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        while (!(File.Exists(pid) && await File.ReadAllLinesAsync(pid, limit.Token).ConfigureAwait(false) is { Length: >= 8 } lines && lines[7].TrimEnd() == "ready"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token).ConfigureAwait(false);
        }
    }

    private static async Task End(Process server)
    {
        if (!server.HasExited)
        {
            // A fast shutdown, so that the next round finds a quiet machine.
            await Run("kill", "-INT", server.Id.ToString(CultureInfo.InvariantCulture)).ConfigureAwait(false);
            await server.WaitForExitAsync().ConfigureAwait(false);
        }

        server.Dispose();
    }

    private static Task Script(string script, params string[] arguments) => Run(AsServerUser(["sh", "-c", script, "sh", .. arguments]));

    private static async Task Run(params string[] line)
    {
        using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync().ConfigureAwait(false);
        await output.ConfigureAwait(false);
        await process.WaitForExitAsync().ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', line)} ended with code {process.ExitCode}: {error.Trim()}");
        }
    }
}
