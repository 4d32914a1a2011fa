using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Dbre.Lab.Engines.Servers;

/// <summary>
/// Starts processes that die with this one. The kernel sends the parent-death signal when the <em>thread</em> that started the child ends,
/// so all are started from one thread that lives as long as the lab.
/// </summary>
internal sealed class ChildProcesses : IDisposable
{
    private readonly BlockingCollection<Action> starts = [];

    internal ChildProcesses() => new Thread(Serve) { IsBackground = true, Name = "child processes" }.Start();

    /// <summary>Starts a process.</summary>
    /// <exception cref="EngineException">The program cannot be started.</exception>
    internal Task<Process> Start(ProcessStartInfo info)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        starts.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(info)!);
            }
            catch (System.ComponentModel.Win32Exception e)
            {
                started.SetException(new EngineException($"The program '{info.FileName}' cannot be started: {e.Message}.", e));
            }
        });
        return started.Task;
    }

    /// <summary>Sends a signal; a process that is gone is no error.</summary>
    internal static void Signal(int processId, Signal signal) => _ = Kill(processId, (int)signal);

    public void Dispose() => starts.CompleteAdding();

    private void Serve()
    {
        foreach (var start in starts.GetConsumingEnumerable())
        {
            start();
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int processId, int signal);
}

/// <summary>Signals, and what the servers do on them.</summary>
internal enum Signal
{
    /// <summary>PostgreSQL's fast shutdown: ends the sessions, writes a checkpoint.</summary>
    Interrupt = 2,

    /// <summary>PostgreSQL's immediate shutdown: as after a crash.</summary>
    Quit = 3,

    Kill = 9,

    /// <summary>MariaDB's clean shutdown.</summary>
    Terminate = 15,
}
