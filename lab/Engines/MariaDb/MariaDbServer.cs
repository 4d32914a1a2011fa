using System.Globalization;

using Dbre.Lab.Engines.Servers;

using MySqlConnector;

namespace Dbre.Lab.Engines.MariaDb;

/// <summary>One database and its MariaDB server.</summary>
internal sealed class MariaDbServer(MariaDbSite site, DatabaseSpec spec, int port) : DatabaseServer(site, spec, port)
{
    /// <summary>Has the process's number, from when the server listens.</summary>
    internal const string IdFile = "server.pid";

    /// <summary>The binary logs: written where they are kept.</summary>
    internal string Logs => Archive;

    private protected override Signal CleanStop => Signal.Terminate;

    private protected override Signal CrashStop => Signal.Kill;

    /// <summary>Opens a session as the engine's own superuser.</summary>
    internal async Task<MySqlConnection> Connect(CancellationToken stop)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = Endpoint.Host,
            Port = (uint)Endpoint.Port,
            UserID = ServerSite.AdminUser,
            Password = site.AdminPassword,
            SslMode = MySqlSslMode.VerifyFull,
            SslCa = site.AuthorityFile,
            Pooling = false,
            ConnectionTimeout = 15,
            DefaultCommandTimeout = 120,
        }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop).ConfigureAwait(false);
            return connection;
        }
        catch (MySqlException e)
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
            await Read(connection, statement, stop).ConfigureAwait(false);
        }
    }

    /// <summary>The first row that a query answers, by column.</summary>
    internal async Task<IReadOnlyDictionary<string, object?>> Ask(string query, CancellationToken stop)
    {
        await using var connection = await Connect(stop).ConfigureAwait(false);
        return await Read(connection, query, stop).ConfigureAwait(false);
    }

    /// <summary>The only value that a query answers, as text.</summary>
    internal async Task<string> Value(string query, CancellationToken stop) =>
        Convert.ToString((await Ask(query, stop).ConfigureAwait(false)).Values.First(), CultureInfo.InvariantCulture) ?? "";

    private protected override IEnumerable<string> Command(string[] extra) =>
    [
        MariaDbTools.Server,
        $"--defaults-file={site.SettingsFile}",
        $"--datadir={Data}",
        // Its own: a server that starts removes the temporary tables that it finds, also those of another.
        $"--tmpdir={Data}",
        $"--port={Endpoint.Port}",
        $"--server-id={Endpoint.Port}",
        $"--log-bin={Path.Combine(Logs, BinaryLog.Name)}",
        "--relay-log=relay",

        // In the data folder; a longer path would not fit the address of a socket. Nobody has an account for it.
        "--socket=server.sock",
        $"--pid-file={Path.Combine(Folder, IdFile)}",
        .. Source is null ? (string[])[] : ["--read-only"],
        .. extra,
    ];

    private protected override bool IsReady(string processId) => Lines(Path.Combine(Folder, IdFile)) is [var id, ..] && id.Trim() == processId;

    private async Task<IReadOnlyDictionary<string, object?>> Read(MySqlConnection connection, string query, CancellationToken stop)
    {
        try
        {
#pragma warning disable CA2100 // Names and literals are quoted where the statements are made.
            await using var command = new MySqlCommand(query, connection);
#pragma warning restore CA2100
            await using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
            var row = new Dictionary<string, object?>(StringComparer.Ordinal);
            if (reader.FieldCount > 0 && await reader.ReadAsync(stop).ConfigureAwait(false))
            {
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    row[reader.GetName(i)] = reader.IsDBNull(i) ? null : reader.GetValue(i);
                }
            }

            return row;
        }
        catch (MySqlException e)
        {
            throw new EngineException($"The server of '{Spec.Id}' refused a statement of the engine: {e.Message}", e);
        }
    }
}
