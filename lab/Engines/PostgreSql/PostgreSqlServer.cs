using System.Diagnostics;

using Npgsql;

namespace Dbre.Lab.Engines.PostgreSql;

/// <summary>
/// One database: its folder and, when it runs, its server process. What differs between databases (port, archive, source) is given on the
/// server's command line, so that a copied folder needs no rewriting.
/// </summary>
internal sealed class PostgreSqlServer(PostgreSqlSite site, DatabaseSpec spec, int port)
{
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(5), StopLimit = TimeSpan.FromSeconds(60), Poll = TimeSpan.FromMilliseconds(5);
    private Process? process;

    internal DatabaseSpec Spec { get; } = spec;

    internal DatabaseEndpoint Endpoint { get; } = new("127.0.0.1", port);

    internal string Folder { get; } = site.DatabaseFolder(spec.Id);

    internal string Data => Path.Combine(Folder, "data");

    internal string Archive => Path.Combine(Folder, "archive");

    internal string LogFile => Path.Combine(Folder, "server.log");

    /// <summary>The server that this one follows, while it is a replica.</summary>
    internal PostgreSqlServer? Source { get; set; }

    /// <summary>The slot on the source that keeps the log for this replica.</summary>
    internal string Slot => "replica_" + Spec.Id.Replace('-', '_').ToLowerInvariant();

    internal bool Running => process is { HasExited: false };

    /// <summary>Held by whatever starts, stops or removes the server.</summary>
    internal SemaphoreSlim Turn { get; } = new(1);

    /// <summary>Starts the server and waits until it takes connections.</summary>
    /// <param name="extra">Further settings: those of a recovery.</param>
    /// <exception cref="EngineException">It ended instead; the message has the end of its log.</exception>
    internal async Task Start(CancellationToken stop, params string[] extra)
    {
        if (Running)
        {
            return;
        }

        process?.Dispose();
        process = await site.Tools.StartServer(Arguments(extra), LogFile).ConfigureAwait(false);
        using var limit = new CancellationTokenSource(ReadyLimit, site.Clock);
        while (!IsReady(process.Id))
        {
            if (process.HasExited)
            {
                throw new EngineException($"The server of '{Spec.Id}' did not start: {LogTail()}");
            }

            if (limit.IsCancellationRequested)
            {
                Kill();
                throw new EngineException($"The server of '{Spec.Id}' was not ready within {ReadyLimit}: {LogTail()}");
            }

            await Task.Delay(Poll, site.Clock, stop).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the sessions, writes a checkpoint, stops. A server that takes too long is stopped as by a crash.</summary>
    internal async Task Stop(CancellationToken stop)
    {
        if (process is not { HasExited: false } running)
        {
            return;
        }

        ChildProcesses.Signal(running.Id, Signal.Interrupt);
        using var limit = new CancellationTokenSource(StopLimit, site.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            await running.WaitForExitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            Kill();
        }
    }

    /// <summary>Ends the server at once, as a crash would.</summary>
    internal void Kill()
    {
        if (process is { HasExited: false } running)
        {
            ChildProcesses.Signal(running.Id, Signal.Quit);
            if (!running.WaitForExit(TimeSpan.FromSeconds(5)))
            {
                ChildProcesses.Signal(running.Id, Signal.Kill);
                running.WaitForExit(TimeSpan.FromSeconds(5));
            }
        }
    }

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

    private List<string> Arguments(string[] extra)
    {
        List<string> arguments =
        [
            "-D", Data,
            "-c", $"port={Endpoint.Port}",
            "-c", $"cluster_name={Spec.Id}",
            "-c", $"ssl_ca_file={site.AuthorityFile}", "-c", $"ssl_cert_file={site.ServerCertificateFile}", "-c", $"ssl_key_file={site.ServerKeyFile}",
            "-c", $"archive_command=test -f \"{Archive}/%f\" || (cp \"%p\" \"{Archive}/%f.t\" && mv \"{Archive}/%f.t\" \"{Archive}/%f\")",
        ];
        if (Source is { } source)
        {
            arguments.AddRange(["-c", $"primary_conninfo={site.ConnectionInfo(source)} passfile={site.PasswordFile} application_name={Slot}", "-c", $"primary_slot_name={Slot}"]);
        }

        arguments.AddRange(extra.SelectMany(e => (string[])["-c", e]));
        return arguments;
    }

    // Line 1 of postmaster.pid is the process, line 8 its state. After a kill the file of the dead server is still there.
    private bool IsReady(int processId)
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(Data, "postmaster.pid"));
            return lines.Length >= 8 && lines[0] == processId.ToString(System.Globalization.CultureInfo.InvariantCulture) && lines[7].TrimEnd() == "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private string LogTail()
    {
        try
        {
            return string.Join(" | ", File.ReadLines(LogFile).TakeLast(4));
        }
        catch (IOException)
        {
            return "it wrote no log.";
        }
    }
}
