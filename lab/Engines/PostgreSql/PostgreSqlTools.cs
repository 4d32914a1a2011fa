using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>The installed PostgreSQL: where its programs are, and its version.</summary>
internal sealed class PostgreSqlTools(string bin, ServerPrograms programs)
{
    private const string Installed = "/usr/lib/postgresql";

    internal ServerPrograms Programs { get; } = programs;

    internal string Bin { get; } = bin;

    /// <summary>The server's version: <c>15.20</c>.</summary>
    internal string Version { get; private set; } = "";

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
        var text = await Programs.Run([Path.Combine(Bin, "postgres"), "--version"], stop).ConfigureAwait(false);
        Version = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).First(w => char.IsAsciiDigit(w[0])).Trim();
    }

    /// <summary>Runs a program of PostgreSQL's by name.</summary>
    internal Task<string> Run(string tool, IEnumerable<string> arguments, string? password, CancellationToken stop) =>
        Programs.Run([Path.Combine(Bin, tool), .. arguments], stop, password is null ? [] : [("PGPASSWORD", password)]);
}
