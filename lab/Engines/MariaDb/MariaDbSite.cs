using System.Globalization;

using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.MariaDb;

/// <summary>What all MariaDB servers of one engine share, and the template that a new database is copied from.</summary>
internal sealed class MariaDbSite(MariaDbOptions options, MariaDbTools tools, TimeProvider clock) : ServerSite(options.Root, tools.Programs, clock)
{
    // What is committed survives a kill -9: the log goes to the kernel at each commit, and to the disk once a second. With 0 it would not.
    private const string Settings = """
        [mariadbd]
        bind-address = 127.0.0.1
        skip-name-resolve
        skip-external-locking
        require_secure_transport = ON
        tls_version = TLSv1.2,TLSv1.3
        character-set-server = utf8mb4
        innodb_buffer_pool_size = 16M
        innodb_log_file_size = 16M
        innodb_flush_log_at_trx_commit = 2
        innodb_use_native_aio = 0
        binlog_format = ROW
        binlog_row_image = FULL
        sync_binlog = 0
        expire_logs_days = 0
        log_slave_updates = ON
        gtid_strict_mode = ON
        relay_log_recovery = ON
        max_connections = 100
        max_allowed_packet = 64M
        performance_schema = OFF
        local_infile = OFF
        general_log = OFF

        """;

    // Only this account is left: no anonymous one, no root.
    private const string Accounts = """
        FLUSH PRIVILEGES;
        CREATE USER '{0}'@'127.0.0.1' IDENTIFIED VIA mysql_native_password USING '{1}' REQUIRE SSL;
        GRANT ALL PRIVILEGES ON *.* TO '{0}'@'127.0.0.1' WITH GRANT OPTION;
        DELETE FROM mysql.global_priv WHERE User NOT IN ('{0}', 'mariadb.sys', 'PUBLIC');
        DELETE FROM mysql.proxies_priv;
        FLUSH PRIVILEGES;

        """;

    internal MariaDbTools Tools { get; } = tools;

    /// <summary>The settings of every server.</summary>
    internal string SettingsFile => Path.Combine(Root, "tls", "server.cnf");

    /// <summary>The login of the engine's own superuser, and how its servers are trusted, for MariaDB's client programs.</summary>
    internal string ClientFile => Path.Combine(Root, "tls", "client.cnf");

    /// <summary>Makes folders, certificates and the template.</summary>
    internal async Task SetUp(CancellationToken stop)
    {
        var accounts = Path.Combine(DatabaseFolder(TemplateId), "accounts.sql");
        await Prepare(
            () =>
            {
                File.WriteAllText(SettingsFile, $"{Settings}ssl_ca = {AuthorityFile}\nssl_cert = {ServerCertificateFile}\nssl_key = {ServerKeyFile}\n");
                SecretFile.Write(ClientFile, $"[client]\nprotocol = tcp\nhost = 127.0.0.1\nuser = {AdminUser}\npassword = {AdminPassword}\nssl-ca = {AuthorityFile}\nssl-verify-server-cert\n");
                SecretFile.Write(accounts, string.Format(CultureInfo.InvariantCulture, Accounts, AdminUser, NativePassword.Of(AdminPassword)));
            },
            stop).ConfigureAwait(false);
        await Tools.Run(
            "mariadb-install-db",
            [$"--defaults-file={SettingsFile}", $"--datadir={Template}", "--auth-root-authentication-method=normal", "--skip-test-db", $"--extra-file={accounts}"],
            stop).ConfigureAwait(false);
        File.Delete(accounts);
    }
}
