using System.Globalization;

using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.MariaDb;

/// <content>Making databases, and what is asked of one.</content>
public sealed partial class MariaDbEngine
{
    // What RDS gives the master user of a MariaDB instance: neither SUPER nor FILE, nor anything else that reaches beyond the databases.
    private const string MasterRights = """
        SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, LOCK TABLES, EXECUTE,
        REPLICATION SLAVE, REPLICATION CLIENT, SLAVE MONITOR, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, EVENT, TRIGGER, DELETE HISTORY
        """;

    private protected override DatabaseServer NewServer(DatabaseSpec spec, int port) => new MariaDbServer(site, spec, port);

    private protected override Task MakeMaster(DatabaseServer server, string password, CancellationToken stop)
    {
        var (spec, user) = (server.Spec, Account(server.Spec.MasterUser));
        List<string> statements =
        [
            $"CREATE USER {user} IDENTIFIED VIA mysql_native_password USING {Literal(NativePassword.Of(password))}",
            $"GRANT {MasterRights} ON *.* TO {user} WITH GRANT OPTION",
        ];
        if (spec.Name is { } name)
        {
            statements.Add($"CREATE DATABASE {Quoted(name)}");
        }

        return Of(server).Execute(stop, [.. statements]);
    }

    private protected override Task SetPassword(DatabaseServer server, string password, CancellationToken stop) =>
        Of(server).Execute(stop, $"ALTER USER {Account(server.Spec.MasterUser)} IDENTIFIED VIA mysql_native_password USING {Literal(NativePassword.Of(password))}");

    private protected override async Task<long> Bytes(DatabaseServer server, CancellationToken stop) => long.Parse(
        await Of(server).Value("SELECT CAST(COALESCE(SUM(data_length + index_length), 0) AS CHAR) FROM information_schema.tables", stop).ConfigureAwait(false), CultureInfo.InvariantCulture);

    // What the backup's program wrote beside the data is not copied into the new life.
    private protected override Task Populate(DatabaseServer server, string from, CancellationToken stop) => site.Programs.Script(
        $"mkdir -p \"$2\" \"$3\" && cp -a --reflink=auto \"$1\" \"$4\" && rm -f \"$4\"/xtrabackup_* \"$4\"/backup-my.cnf \"$4/{Checksums}\"",
        stop, from, server.Folder, Of(server).Logs, server.Data);

    private static MariaDbServer Of(DatabaseServer server) => (MariaDbServer)server;

    private static string Account(string user) => $"{Literal(user)}@'%'";

    private static string Quoted(string name) => "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    private static string Literal(string text) => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";
}
