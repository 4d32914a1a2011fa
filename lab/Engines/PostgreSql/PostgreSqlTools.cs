using System.Diagnostics;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>
/// The installed PostgreSQL: where its programs are and how they are run. PostgreSQL refuses to run as root,
/// so when the lab is root they run as the system user <c>postgres</c>; otherwise as whoever runs the lab.
/// </summary>
internal sealed class PostgreSqlTools(string bin, ChildProcesses processes, TimeProvider clock)
{
    private const string Installed = "/usr/lib/postgresql";
    private static readonly TimeSpan ToolLimit = TimeSpan.FromMinutes(10);

    internal string Bin { get; } = bin;

    /// <summary>The server's version: <c>15.20</c>.</summary>
    internal string Version { get; private set; } = "";

    internal static bool AsRoot => Environment.UserName == "root";

    /// <summary>The newest installed PostgreSQL's programs.</summary>
    /// <exception cref="EngineException">None is installed.</exception>
    internal static string FindBin() =>
        (Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : [])
            .Where(d => File.Exists(Path.Combine(d, "bin", "postgres")))
            .OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var major) ? major : 0)
            .Select(d => Path.Combine(d, "bin"))
            .FirstOrDefault() ?? throw new EngineException($"PostgreSQL is not installed: {Installed}/*/bin/postgres was not found (Debian package postgresql).");

    internal async Task ReadVersion(CancellationToken stop)
    {
        // "postgres (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"
        var text = await Run([Path.Combine(Bin, "postgres"), "--version"], null, stop).ConfigureAwait(false);
        Version = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).First(w => char.IsAsciiDigit(w[0])).Trim();
    }

    /// <summary>A command line as the server's user, ended by the kernel when the lab dies.</summary>
    internal static string[] AsServerUser(IEnumerable<string> command) =>
        [.. AsRoot ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=QUIT"] : (string[])["setpriv", "--pdeathsig=QUIT"], .. command];

    /// <summary>Runs a program of PostgreSQL's by name.</summary>
    internal Task<string> Run(string tool, IEnumerable<string> arguments, string? password, CancellationToken stop) =>
        Run([Path.Combine(Bin, tool), .. arguments], password, stop);

    /// <summary>Runs a shell script with arguments <c>$1</c>, <c>$2</c>, …: for files that must belong to the server's user.</summary>
    internal Task<string> Script(string script, CancellationToken stop, params string[] arguments) =>
        Run(["sh", "-c", script, "sh", .. arguments], null, stop);

    /// <summary>Starts a server; what it prints goes to a file.</summary>
    internal Task<Process> StartServer(IEnumerable<string> arguments, string logFile) => processes.Start(Described(
        ["sh", "-c", "exec \"$@\" >>\"$0\" 2>&1 </dev/null", logFile, .. AsServerUser([Path.Combine(Bin, "postgres"), .. arguments])], redirect: false));

    private async Task<string> Run(IEnumerable<string> command, string? password, CancellationToken stop)
    {
        string[] line = AsServerUser(command);
        var info = Described(line, redirect: true);
        if (password is not null)
        {
            info.Environment["PGPASSWORD"] = password;
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
                : throw new EngineException($"{Name(line)} ended with code {process.ExitCode}: {(await errors.ConfigureAwait(false)).Trim()}");
        }
        catch (OperationCanceledException e)
        {
            ChildProcesses.Signal(process.Id, Signal.Kill);
            stop.ThrowIfCancellationRequested();
            throw new EngineException($"{Name(line)} did not end within {ToolLimit}.", e);
        }
    }

    private static string Name(string[] line) => Path.GetFileName(line.First(w => w != "setpriv" && !w.StartsWith('-')));

    private static ProcessStartInfo Described(string[] line, bool redirect)
    {
        // A server's own directory must be one that its user may read: root's is not.
        var info = new ProcessStartInfo(line[0]) { RedirectStandardOutput = redirect, RedirectStandardError = redirect, WorkingDirectory = "/" };

        // libpq looks for certificates there, and may not read those of root.
        info.Environment["HOME"] = "/";
        foreach (var word in line.Skip(1))
        {
            info.ArgumentList.Add(word);
        }

        return info;
    }
}
