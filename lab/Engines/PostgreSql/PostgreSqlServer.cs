using Dbre.Lab.Engines.Servers;

using Npgsql;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>One database and its PostgreSQL server.</summary>
internal sealed class PostgreSqlServer(PostgreSqlSite site, DatabaseSpec spec, int port) : DatabaseServer(site, spec, port)
{
    /// <summary>Has the process's number in its first line, and its state in the eighth.</summary>
    internal const string IdFile = "postmaster.pid";

    /// <summary>The slot on the source that keeps the log for this replica.</summary>
    internal string Slot => "replica_" + Spec.Id.Replace('-', '_').ToLowerInvariant();

    private protected override Signal CleanStop => Signal.Interrupt;

    private protected override Signal CrashStop => Signal.Quit;

    /// <summary>Opens a session as the engine's own superuser.</summary>
    internal async Task<NpgsqlConnection> Connect(CancellationToken stop, string database = "postgres")
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = Endpoint.Host,
            Port = Endpoint.Port,
            Database = database,
            Username = PostgreSqlSite.AdminUser,
            Password = site.AdminPassword,
            SslMode = SslMode.VerifyFull,
            RootCertificate = site.AuthorityFile,
            Pooling = false,
            Timeout = 15,
            CommandTimeout = 120,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop).ConfigureAwait(false);
            return connection;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw new EngineException($"The server of '{Spec.Id}' does not accept connections: {e.Message}", e);
        }
    }

    /// <summary>Runs statements as the engine's superuser, each on its own.</summary>
    internal async Task Execute(CancellationToken stop, params string[] statements)
    {
        await using var connection = await Connect(stop).ConfigureAwait(false);
        foreach (var statement in statements)
        {
            await Ask(connection, statement, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The first value that a query answers.</summary>
    internal async Task<object?> Ask(string query, CancellationToken stop)
    {
        await using var connection = await Connect(stop).ConfigureAwait(false);
        return await Ask(connection, query, stop).ConfigureAwait(false);
    }

    private async Task<object?> Ask(NpgsqlConnection connection, string query, CancellationToken stop)
    {
        try
        {
#pragma warning disable CA2100 // Names and literals are quoted where the statements are made.
            await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
            return await command.ExecuteScalarAsync(stop).ConfigureAwait(false);
        }
        catch (NpgsqlException e)
        {
            throw new EngineException($"The server of '{Spec.Id}' refused a statement of the engine: {e.Message}", e);
        }
    }

    /// <summary>Whether a query answers true.</summary>
    internal async Task<bool> Says(string condition, CancellationToken stop) => await Ask(condition, stop).ConfigureAwait(false) is true;

    private protected override IEnumerable<string> Command(string[] extra)
    {
        List<string> command =
        [
            Path.Combine(site.Tools.Bin, "postgres"),
            "-D", Data,
            "-c", $"port={Endpoint.Port}",
            "-c", $"cluster_name={Spec.Id}",
            "-c", $"ssl_ca_file={site.AuthorityFile}", "-c", $"ssl_cert_file={site.ServerCertificateFile}", "-c", $"ssl_key_file={site.ServerKeyFile}",
            "-c", $"archive_command=test -f \"{Archive}/%f\" || (cp \"%p\" \"{Archive}/%f.t\" && mv \"{Archive}/%f.t\" \"{Archive}/%f\")",
        ];
        if (Source is PostgreSqlServer source)
        {
            command.AddRange(["-c", $"primary_conninfo={site.ConnectionInfo(source)} passfile={site.PasswordFile} application_name={Slot}", "-c", $"primary_slot_name={Slot}"]);
        }

        command.AddRange(extra.SelectMany(e => (string[])["-c", e]));
        return command;
    }

    private protected override bool IsReady(string processId) =>
        Lines(Path.Combine(Data, IdFile)) is { Length: >= 8 } lines && lines[0] == processId && lines[7].TrimEnd() == "ready";
}
