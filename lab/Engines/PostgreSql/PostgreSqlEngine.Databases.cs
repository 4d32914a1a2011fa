using Npgsql;

namespace Dbre.Lab.Engines.PostgreSql;

/// <content>Making, starting, stopping and removing databases.</content>
public sealed partial class PostgreSqlEngine
{
    public async Task<DatabaseEndpoint> Create(DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var password = spec.MasterPassword ?? throw new EngineException($"Database '{spec.Id}' needs a password for its master user.");
        var server = await Add(spec, site.Template, stop).ConfigureAwait(false);
        try
        {
            await server.Start(stop).ConfigureAwait(false);
            await server.Execute(stop, [.. FirstStatements(spec, password)]).ConfigureAwait(false);
            if (!spec.Started)
            {
                await server.Stop(stop).ConfigureAwait(false);
            }

            return server.Endpoint;
        }
        catch
        {
            Forget(server);
            throw;
        }
    }

    public async Task<DatabaseEndpoint> Start(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        return await InTurn(server, async () =>
        {
            await server.Start(stop).ConfigureAwait(false);
            return server.Endpoint;
        }, stop).ConfigureAwait(false);
    }

    public async Task Stop(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        await InTurn(server, async () =>
        {
            await server.Stop(stop).ConfigureAwait(false);
            return true;
        }, stop).ConfigureAwait(false);
    }

    public async Task Reboot(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        await InTurn(server, async () =>
        {
            await server.Stop(stop).ConfigureAwait(false);
            await server.Start(stop).ConfigureAwait(false);
            return true;
        }, stop).ConfigureAwait(false);
    }

    public async Task Delete(string id, CancellationToken stop)
    {
        await Elsewhere();
        if (!servers.TryRemove(id, out var server))
        {
            return;
        }

        await InTurn(server, async () =>
        {
            // Nothing of it will be read again, so there is nothing to write down first.
            server.Kill();
            if (server.Source is { Running: true } source)
            {
                await DropSlot(source, server.Slot, stop).ConfigureAwait(false);
            }

            Remove(server.Folder);
            FreePorts.Return(server.Endpoint.Port);
            return true;
        }, stop).ConfigureAwait(false);
    }

    public async Task SetMasterPassword(string id, string password, CancellationToken stop)
    {
        await Elsewhere();
        var server = FindRunning(id);
        await server.Execute(stop, $"ALTER ROLE {Quoted(server.Spec.MasterUser)} PASSWORD {Literal(ScramVerifier.Of(password))}").ConfigureAwait(false);
    }

    public async Task<DatabaseFacts> Facts(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Find(id);
        return server.Running
            ? new DatabaseFacts(true, server.Endpoint, (long)(decimal)(await server.Ask("SELECT sum(pg_database_size(oid)) FROM pg_database", stop).ConfigureAwait(false))!)
            : new DatabaseFacts(false, server.Endpoint, 0);
    }

    /// <summary>The master user, and what it owns.</summary>
    private static IEnumerable<string> FirstStatements(DatabaseSpec spec, string password)
    {
        var user = Quoted(spec.MasterUser);
        yield return $"CREATE ROLE {user} LOGIN CREATEDB CREATEROLE IN ROLE rds_superuser PASSWORD {Literal(ScramVerifier.Of(password))}";
        yield return $"ALTER DATABASE postgres OWNER TO {user}";
        if (spec.Name is { } name && name != "postgres")
        {
            yield return $"CREATE DATABASE {Quoted(name)} OWNER {user}";
        }
    }

    /// <summary>Makes the folder of a database as a copy of another's data; its server is not started.</summary>
    private async Task<PostgreSqlServer> Add(DatabaseSpec spec, string from, CancellationToken stop)
    {
        var server = Reserve(spec);
        try
        {
            // What made the source special (a manifest, following another, recovering) is not copied into the new life.
            await site.Tools.Script(
                "mkdir -p \"$2\" \"$3\" && cp -a --reflink=auto \"$1\" \"$4\" && rm -f \"$4/backup_manifest\" \"$4/standby.signal\" \"$4/recovery.signal\" \"$4/postmaster.pid\"",
                stop, from, server.Folder, server.Archive, server.Data).ConfigureAwait(false);
            return server;
        }
        catch
        {
            Forget(server);
            throw;
        }
    }

    private PostgreSqlServer Reserve(DatabaseSpec spec)
    {
        var server = new PostgreSqlServer(site, spec, FreePorts.Take(spec.Port));
        if (servers.TryAdd(spec.Id, server))
        {
            return server;
        }

        FreePorts.Return(server.Endpoint.Port);
        throw new EngineException($"There is a database '{spec.Id}' already.");
    }

    private void Forget(PostgreSqlServer server)
    {
        server.Kill();
        servers.TryRemove(server.Spec.Id, out _);
        Remove(server.Folder);
        FreePorts.Return(server.Endpoint.Port);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Quoted(string name) => new NpgsqlCommandBuilder().QuoteIdentifier(name);

    private static string Literal(string text) => "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
