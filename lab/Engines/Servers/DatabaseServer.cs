using System.Diagnostics;

namespace Dbre.Lab.Engines.Servers;

/// <summary>
/// One database: its folder and, when it runs, its server process. What differs between databases (port, log, source) is given on the
/// server's command line, so that a copied folder needs no rewriting.
/// </summary>
internal abstract class DatabaseServer(ServerSite site, DatabaseSpec spec, int port)
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(5), StopLimit = TimeSpan.FromSeconds(60), Poll = TimeSpan.FromMilliseconds(5);
    private Process? process;

    internal DatabaseSpec Spec { get; } = spec;

    internal DatabaseEndpoint Endpoint { get; set; } = new("127.0.0.1", port);

    internal string Folder { get; } = site.DatabaseFolder(spec.Id);

    internal string Data => Path.Combine(Folder, "data");

    /// <summary>Where this server's log goes. It outlives the server while anybody can be restored from it.</summary>
    internal string Archive { get; } = site.ArchiveFolder(spec.Id);

    /// <summary>The archives that together hold the log of this database: its own, and those of writers that it took over from.</summary>
    internal HashSet<string> Archives { get; } = new(StringComparer.Ordinal) { site.ArchiveFolder(spec.Id) };

    internal string LogFile => Path.Combine(Folder, "server.log");

    /// <summary>The server that this one follows, while it is a replica.</summary>
    internal DatabaseServer? Source { get; set; }

    internal bool Running => process is { HasExited: false };

    /// <summary>Held by whatever starts, stops or removes the server.</summary>
    internal SemaphoreSlim Turn { get; } = new(1);

    private protected abstract Signal CleanStop { get; }

    private protected abstract Signal CrashStop { get; }

    /// <summary>Starts the server and waits until it takes connections.</summary>
    /// <param name="extra">Further settings: those of a recovery.</param>
    /// <exception cref="EngineException">It ended instead; the message has the end of its log.</exception>
    internal async Task Start(CancellationToken stop, params string[] extra)
    {
        if (Running)
        {
            return;
        }

        process?.Dispose();
        process = await site.Programs.StartServer(Command(extra), LogFile).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(ReadyLimit, site.Clock);
        while (!IsReady(process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)))
        {
            if (process.HasExited)
            {
                throw new EngineException($"The server of '{Spec.Id}' did not start: {LogTail()}");
            }

            if (limit.IsCancellationRequested)
            {
                Kill();
                throw new EngineException($"The server of '{Spec.Id}' was not ready within {ReadyLimit}: {LogTail()}");
            }

            await Task.Delay(Poll, site.Clock, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the sessions, writes down what is to be written, stops. A server that takes too long is stopped as by a crash.</summary>
    internal async Task Stop(CancellationToken stop)
    {
        if (process is not { HasExited: false } running)
        {
            return;
        }

        ChildProcesses.Signal(running.Id, CleanStop);
        using var limit = new CancellationTokenSource(StopLimit, site.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await running.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Kill();
        }
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    internal void Kill()
    {
        if (process is { HasExited: false } running)
        {
            ChildProcesses.Signal(running.Id, CrashStop);
            if (!running.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                ChildProcesses.Signal(running.Id, Signal.Kill);
                running.WaitForExit(TimeSpan.FromSeconds(5));
            }
        }
    }

    private protected abstract IEnumerable<string> Command(string[] extra);

    /// <summary>Whether it takes connections. After a kill the files of the dead server are still there.</summary>
    private protected abstract bool IsReady(string processId);

    private protected static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (IOException)
        {
            return [];
        }
    }

    private string LogTail() => Lines(LogFile) is { Length: > 0 } log ? string.Join(" | ", log.TakeLast(4)) : "it wrote no log.";
}
