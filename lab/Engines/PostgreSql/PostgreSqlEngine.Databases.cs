using Dbre.Lab.Engines.Servers;

using Npgsql;

namespace Dbre.Lab.Engines.PostgreSql;

/// <content>Making databases, and what is asked of one.</content>
public sealed partial class PostgreSqlEngine
{
    private protected override DatabaseServer NewServer(DatabaseSpec spec, int port) => new PostgreSqlServer(site, spec, port);

    /// <summary>The master user, and what it owns.</summary>
    private protected override async Task MakeMaster(DatabaseServer server, string password, CancellationToken stop)
    {
        var (spec, user) = (server.Spec, Quoted(server.Spec.MasterUser));
        List<string> statements =
        [
            $"CREATE ROLE {user} LOGIN CREATEDB CREATEROLE IN ROLE rds_superuser PASSWORD {Literal(ScramVerifier.Of(password))}",
            $"ALTER DATABASE postgres OWNER TO {user}",
        ];
        if (spec.Name is { } name && name != "postgres")
        {
            statements.Add($"CREATE DATABASE {Quoted(name)} OWNER {user}");
        }

        await Of(server).Execute(stop, [.. statements]).ConfigureAwait(false);
    }

    private protected override Task SetPassword(DatabaseServer server, string password, CancellationToken stop) =>
        Of(server).Execute(stop, $"ALTER ROLE {Quoted(server.Spec.MasterUser)} PASSWORD {Literal(ScramVerifier.Of(password))}");

    private protected override async Task<long> Bytes(DatabaseServer server, CancellationToken stop) =>
        (long)(decimal)(await Of(server).Ask("SELECT sum(pg_database_size(oid)) FROM pg_database", stop).ConfigureAwait(false))!;

    // What made the source special (a manifest, following another, recovering) is not copied into the new life.
    private protected override Task Populate(DatabaseServer server, string from, CancellationToken stop) => site.Programs.Script(
        "mkdir -p \"$2\" \"$3\" && cp -a --reflink=auto \"$1\" \"$4\" && rm -f \"$4/backup_manifest\" \"$4/standby.signal\" \"$4/recovery.signal\" \"$4/postmaster.pid\"",
        stop, from, server.Folder, server.Archive, server.Data);

    private static PostgreSqlServer Of(DatabaseServer server) => (PostgreSqlServer)server;

    private static string Quoted(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
