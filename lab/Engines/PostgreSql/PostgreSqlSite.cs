using System.Globalization;

using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>What all PostgreSQL servers of one engine share, and the template that a new database is copied from.</summary>
internal sealed class PostgreSqlSite(PostgreSqlOptions options, PostgreSqlTools tools, TimeProvider clock) : ServerSite(options.Root, tools.Programs, clock)
{
    // Speed without losing what a kill -9 must not lose; fsync=off would lose data in a power cut, which a lab may.
    private const string Settings = """
        listen_addresses = '127.0.0.1'
        unix_socket_directories = ''
        max_connections = 100
        shared_buffers = 32MB
        fsync = off
        full_page_writes = on
        wal_level = replica
        wal_log_hints = on
        wal_keep_size = 128MB
        max_slot_wal_keep_size = 1GB
        archive_mode = on
        archive_timeout = 1
        ssl = on
        ssl_min_protocol_version = 'TLSv1.2'
        password_encryption = 'scram-sha-256'
        log_statement = 'none'
        hot_standby = on

        """;

    // TLS or nothing: there is no line for a connection without it.
    private const string Access = """
        hostssl all all 127.0.0.1/32 scram-sha-256
        hostssl replication rdsadmin 127.0.0.1/32 scram-sha-256

        """;

    // The role that RDS gives its master users, and what it may.
    private static readonly string[] MasterRole =
    [
        "CREATE ROLE rds_superuser NOLOGIN",
        "GRANT pg_monitor, pg_signal_backend, pg_read_all_data, pg_write_all_data TO rds_superuser WITH ADMIN OPTION",
    ];

    internal PostgreSqlTools Tools { get; } = tools;

    internal string PasswordFile => Path.Combine(Root, "tls", "replication.pgpass");

    /// <summary>Where a server is and how it is trusted, for PostgreSQL's own programs.</summary>
    internal string ConnectionInfo(PostgreSqlServer server) => string.Create(
        CultureInfo.InvariantCulture, $"host={server.Endpoint.Host} port={server.Endpoint.Port} user={AdminUser} sslmode=verify-full sslrootcert={AuthorityFile}");

    /// <summary>Makes folders, certificates and the template.</summary>
    internal async Task SetUp(CancellationToken stop)
    {
        var passwordFile = Path.Combine(DatabaseFolder(TemplateId), "password");
        await Prepare(
            () =>
            {
                SecretFile.Write(PasswordFile, $"*:*:*:{AdminUser}:{AdminPassword}\n");
                SecretFile.Write(passwordFile, AdminPassword + "\n");
            },
            stop).ConfigureAwait(false);
        await Tools.Run(
            "initdb",
            ["-D", Template, "-N", "-k", "--wal-segsize=1", "-U", AdminUser, "-E", "UTF8", "--locale=C.UTF-8", "--auth-host=scram-sha-256", "--auth-local=reject", $"--pwfile={passwordFile}"],
            null, stop).ConfigureAwait(false);
        File.Delete(passwordFile);
        await File.AppendAllTextAsync(Path.Combine(Template, "postgresql.conf"), Settings, stop).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(Template, "pg_hba.conf"), Access, stop).ConfigureAwait(false);
        await PrepareTemplate(stop).ConfigureAwait(false);
    }

    private async Task PrepareTemplate(CancellationToken stop)
    {
        var port = FreePorts.Take(null);
        var server = new PostgreSqlServer(this, new DatabaseSpec(TemplateId, Tools.Version, AdminUser, null, null), port);
        await server.Start(stop, "archive_mode=off").ConfigureAwait(false);
        await server.Execute(stop, MasterRole).ConfigureAwait(false);
        await server.Stop(stop).ConfigureAwait(false);
        FreePorts.Return(port);
    }
}
