using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.MariaDb;

/// <summary>The installed MariaDB: its programs, and its version.</summary>
internal sealed class MariaDbTools(ServerPrograms programs)
{
    /// <summary>The system user that its servers run as, as Debian names it.</summary>
    internal const string User = "mysql";

    internal const string Server = "/usr/sbin/mariadbd";

    private const string Folder = "/usr/bin";

    private static readonly (string Program, string Package)[] Needed =
    [
        (Server, "mariadb-server-core"), ($"{Folder}/mariadb-install-db", "mariadb-server-core"), ($"{Folder}/mariadb-backup", "mariadb-backup"),
        ($"{Folder}/mariadb-binlog", "mariadb-client"), ($"{Folder}/mariadb", "mariadb-client-core"),
    ];

    internal ServerPrograms Programs { get; } = programs;

    /// <summary>The server's version: <c>10.11.19</c>.</summary>
    internal string Version { get; private set; } = "";

    /// <exception cref="EngineException">A program is missing; names it and its package.</exception>
    internal async Task ReadVersion(CancellationToken stop)
    {
        if (Needed.FirstOrDefault(n => !File.Exists(n.Program)) is { Program: { } missing, Package: var package })
        {
            throw new EngineException($"MariaDB is not installed: {missing} was not found (Debian package {package}).");
        }

        // "mariadbd  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)"
        var text = await Programs.Run([Server, "--version"], stop).ConfigureAwait(false);
        Version = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).First(w => char.IsAsciiDigit(w[0])).Split('-')[0];
    }

    /// <summary>Runs a program of MariaDB's by name.</summary>
    internal Task<string> Run(string tool, IEnumerable<string> arguments, CancellationToken stop) => Programs.Run([Path.Combine(Folder, tool), .. arguments], stop);
}
