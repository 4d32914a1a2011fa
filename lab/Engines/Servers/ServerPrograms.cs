using System.Diagnostics;

namespace Dbre.Lab.Engines.Servers;

/// <summary>
/// Runs an engine's programs. Database servers refuse to run as root, so when the lab is root they run as a system user of theirs;
/// otherwise as whoever runs the lab.
/// </summary>
/// <param name="user">That system user.</param>
/// <param name="orphaned">The signal that the kernel sends a program when the lab dies: <c>QUIT</c>.</param>
internal sealed class ServerPrograms(string user, string orphaned, ChildProcesses processes, TimeProvider clock)
{
    private static readonly TimeSpan ToolLimit = TimeSpan.FromMinutes(10);

    internal string User { get; } = user;

    internal static bool AsRoot => Environment.UserName == "root";

    /// <summary>Runs a program; it ends in time and well, or this throws its own words.</summary>
    /// <param name="environment">Variables that only this program gets: passwords.</param>
    internal async Task<string> Run(IEnumerable<string> command, CancellationToken stop, params (string Name, string Value)[] environment)
    {
        string[] line = AsServerUser(command);
        var info = Described(line, redirect: true);
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        using var process = await processes.Start(info).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(ToolLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(either.Token);
            var errors = process.StandardError.ReadToEndAsync(either.Token);
            await process.WaitForExitAsync(either.Token).ConfigureAwait(false);
            return process.ExitCode == 0
                ? await output.ConfigureAwait(false)
                : throw new EngineException($"{Name(line)} ended with code {process.ExitCode}: {LastWords(await errors.ConfigureAwait(false))}");
        }
        catch (OperationCanceledException e)
        {
            ChildProcesses.Signal(process.Id, Signal.Kill);
            stop.ThrowIfCancellationRequested();
            throw new EngineException($"{Name(line)} did not end within {ToolLimit}.", e);
        }
    }

    /// <summary>Runs a shell script with arguments <c>$1</c>, <c>$2</c>, …: for files that must belong to the server's user.</summary>
    internal Task<string> Script(string script, CancellationToken stop, params string[] arguments) =>
        Run(["sh", "-c", script, "sh", .. arguments], stop);

    /// <summary>Starts a server; what it prints goes to a file.</summary>
    internal Task<Process> StartServer(IEnumerable<string> command, string logFile) => processes.Start(Described(
        ["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", logFile, .. AsServerUser(command)], redirect: false));

    /// <summary>Gives a folder and what is in it to the servers' user; nothing to do when that is who runs the lab.</summary>
    internal async Task GiveToServerUser(string folder, CancellationToken stop)
    {
        if (!AsRoot)
        {
            return;
        }

        using var chown = Process.Start(new ProcessStartInfo("chown", ["-R", $"{User}:{User}", folder]) { RedirectStandardError = true })!;
        var error = await chown.StandardError.ReadToEndAsync(stop).ConfigureAwait(false);
        await chown.WaitForExitAsync(stop).ConfigureAwait(false);
        if (chown.ExitCode != 0)
        {
            throw new EngineException($"The folder '{folder}' could not be given to the user {User}: {error.Trim()}");
        }
    }

    // A command line as the server's user, ended by the kernel when the lab dies.
    private string[] AsServerUser(IEnumerable<string> command) =>
        [.. AsRoot ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups", $"--pdeathsig={orphaned}"] : (string[])["setpriv", $"--pdeathsig={orphaned}"], .. command];

    private static string Name(string[] line) => Path.GetFileName(line.First(w => w != "setpriv" && !w.StartsWith('-')));

    // Some programs tell their whole progress where errors go.
    private static string LastWords(string errors) => string.Join(" | ", errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).TakeLast(8));

    private static ProcessStartInfo Described(string[] line, bool redirect)
    {
        // A server's own directory must be one that its user may read: root's is not.
        var info = new ProcessStartInfo(line[0]) { RedirectStandardOutput = redirect, RedirectStandardError = redirect, WorkingDirectory = "/" };

        // Client programs look for certificates and settings there, and may not read those of root.
        info.Environment["HOME"] = "/";
        foreach (var word in line.Skip(1))
        {
            info.ArgumentList.Add(word);
        }

        return info;
    }
}
