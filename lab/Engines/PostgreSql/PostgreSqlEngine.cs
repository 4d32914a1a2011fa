using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>
/// Databases as real PostgreSQL servers on 127.0.0.1, over TLS only, under a certificate authority of this engine's own.
/// All state is under one folder; servers end with the engine, and with the process however it ends.
/// </summary>
public sealed partial class PostgreSqlEngine : IDatabaseEngine
{
    private readonly ConcurrentDictionary<string, PostgreSqlServer> servers = new(StringComparer.Ordinal);
    private readonly ChildProcesses processes;
    private readonly PostgreSqlSite site;

    private PostgreSqlEngine(PostgreSqlSite site, ChildProcesses processes)
    {
        this.site = site;
        this.processes = processes;
    }

    public string Family => "postgres";

    public string DefaultVersion => site.Tools.Version;

    /// <summary>The certificate that clients must trust, as they trust AWS's bundle for RDS.</summary>
    public string AuthorityFile => site.AuthorityFile;

    /// <summary>Sets the engine up in a folder: ends what an earlier lab left running there, removes its state, makes certificates and template.</summary>
    /// <exception cref="EngineException">PostgreSQL is not installed, or the folder is out of its reach.</exception>
    public static async Task<PostgreSqlEngine> SetUp(PostgreSqlOptions options, TimeProvider clock, CancellationToken stop)
    {
        Orphans.End(Path.GetFullPath(options.Root));
        Clear(options.Root);
        var processes = new ChildProcesses();
        try
        {
            var tools = new PostgreSqlTools(options.Bin ?? PostgreSqlTools.FindBin(), processes, clock);
            await tools.ReadVersion(stop).ConfigureAwait(false);
            var engine = new PostgreSqlEngine(new PostgreSqlSite(options, tools, clock), processes);
            await engine.site.SetUp(stop).ConfigureAwait(false);
            return engine;
        }
        catch
        {
            processes.Dispose();
            throw;
        }
    }

    /// <summary>Only the installed major version can be run; its minor versions are interchangeable.</summary>
    public bool Supports(string version) => version.Split('.')[0] == DefaultVersion.Split('.')[0];

    /// <summary>Where the files of a snapshot are: tests damage them there.</summary>
    public string SnapshotFolder(string snapshot) => site.SnapshotFolder(snapshot);

    /// <summary>Where the files of a database are.</summary>
    public string DatabaseFolder(string id) => site.DatabaseFolder(id);

    /// <summary>Ends a server at once, as a crash of its machine would.</summary>
    public void Crash(string id) => Find(id).Kill();

    public ValueTask DisposeAsync()
    {
        foreach (var forwarder in forwarders.Values)
        {
            forwarder.Dispose();
        }

        Parallel.ForEach(servers.Values, server => server.Kill());
        processes.Dispose();
        Clear(site.Root);
        return ValueTask.CompletedTask;
    }

    /// <exception cref="EngineException">There is none; names it.</exception>
    private PostgreSqlServer Find(string id) => servers.TryGetValue(id, out var server) ? server : throw new EngineException($"There is no database '{id}'.");

    /// <exception cref="EngineException">There is none, or its server does not run; names it.</exception>
    private PostgreSqlServer FindRunning(string id) => Find(id) is { Running: true } server ? server : throw new EngineException($"Database '{id}' is not running.");

    private static void Clear(string root)
    {
        foreach (var part in (string[])["tls", "databases", "snapshots"])
        {
            var folder = Path.Combine(root, part);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        if (Directory.Exists(root) && !Directory.EnumerateFileSystemEntries(root).Any())
        {
            Directory.Delete(root);
        }
    }

    // Work with processes and files must not run on the caller's time: it may hold the lab's lock.
    private static ConfiguredTaskAwaitable Elsewhere() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    private static async Task<T> InTurn<T>(PostgreSqlServer server, Func<Task<T>> work, CancellationToken stop)
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
