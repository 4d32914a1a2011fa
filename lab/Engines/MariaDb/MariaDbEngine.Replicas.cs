using System.Globalization;

using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.MariaDb;

/// <content>Replicas by GTID, and changing roles.</content>
public sealed partial class MariaDbEngine
{
    private const int CatchUpSeconds = 60;

    public override async Task<DatabaseEndpoint> CreateReplica(string source, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var from = Of(FindRunning(source));
        return await Make(spec, null, async made =>
        {
            var server = Of(made);
            await site.Programs.Script("mkdir -p \"$1\" \"$2\"", stop, server.Folder, server.Logs).ConfigureAwait(false);
            await BackUp(from, server.Data, stop).ConfigureAwait(false);
            var position = GtidOf(server.Data);
            server.Source = from;
            await server.Start(stop, "--skip-slave-start").ConfigureAwait(false);
            await server.Execute(stop, $"SET GLOBAL gtid_slave_pos = {Literal(position)}").ConfigureAwait(false);
            await Follow(server, from, "", stop).ConfigureAwait(false);
        }, stop).ConfigureAwait(false);
    }

    public override async Task Promote(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Of(FindRunning(id));
        if (server.Source is null)
        {
            throw new EngineException($"Database '{id}' is no replica.");
        }

        // What it has received it applies first; its source may be gone.
        await server.Execute(stop, "STOP SLAVE IO_THREAD").ConfigureAwait(false);
        await Until(server, async () => await Status(server, stop).ConfigureAwait(false) is var s && Contains(await server.Value("SELECT @@gtid_slave_pos", stop).ConfigureAwait(false), s["Gtid_IO_Pos"]), "did not apply what it had received", stop).ConfigureAwait(false);
        await TakeWrites(server, stop).ConfigureAwait(false);
    }

    public override async Task Switchover(string writer, string replica, CancellationToken stop)
    {
        await Elsewhere();
        var (old, next) = (Of(FindRunning(writer)), Of(FindRunning(replica)));
        if (next.Source != old)
        {
            throw new EngineException($"Database '{replica}' is no replica of '{writer}'.");
        }

        try
        {
            // From here on nothing is committed on the old writer, so its last transaction is the last there is.
            await old.Execute(stop, "SET GLOBAL read_only = ON").ConfigureAwait(false);
            var last = await old.Value("SELECT @@gtid_binlog_pos", stop).ConfigureAwait(false);
            if (await next.Value($"SELECT MASTER_GTID_WAIT({Literal(last)}, {CatchUpSeconds})", stop).ConfigureAwait(false) != "0")
            {
                throw new EngineException($"The server of '{replica}' did not catch up with '{writer}' within {CatchUpSeconds} seconds; nothing was changed.");
            }
        }
        catch
        {
            await old.Execute(stop, "SET GLOBAL read_only = OFF").ConfigureAwait(false);
            throw;
        }

        await TakeWrites(next, stop).ConfigureAwait(false);
        await EndSessions(old, stop).ConfigureAwait(false);
        foreach (var follower in Servers.Where(s => s != old && s.Source == old && s.Running).Select(Of).ToList())
        {
            await follower.Execute(stop, "STOP SLAVE").ConfigureAwait(false);
            await Follow(follower, next, "", stop).ConfigureAwait(false);
        }

        await Follow(old, next, ", MASTER_DEMOTE_TO_SLAVE = 1", stop).ConfigureAwait(false);
    }

    private protected override async Task FollowAgain(DatabaseServer replica, CancellationToken stop)
    {
        await replica.Start(stop, "--skip-slave-start").ConfigureAwait(false);
        await Follow(Of(replica), Of(replica.Source!), "", stop).ConfigureAwait(false);
    }

    // The source does not remember its replicas.
    private protected override Task Unfollow(DatabaseServer replica, CancellationToken stop) => Task.CompletedTask;

    private async Task Follow(MariaDbServer server, MariaDbServer source, string how, CancellationToken stop)
    {
        server.Source = source;
        await server.Execute(
            stop,
            string.Create(CultureInfo.InvariantCulture, $"""
                CHANGE MASTER TO MASTER_HOST = {Literal(source.Endpoint.Host)}, MASTER_PORT = {source.Endpoint.Port}, MASTER_USER = {Literal(ServerSite.AdminUser)},
                MASTER_PASSWORD = {Literal(site.AdminPassword)}, MASTER_SSL = 1, MASTER_SSL_CA = {Literal(site.AuthorityFile)}, MASTER_SSL_VERIFY_SERVER_CERT = 1,
                MASTER_CONNECT_RETRY = 1, MASTER_USE_GTID = slave_pos{how}
                """),
            "START SLAVE").ConfigureAwait(false);
        await Until(
            server,
            async () => await Status(server, stop).ConfigureAwait(false) is var status && (
                status["Slave_IO_Running"] == "Yes" && status["Slave_SQL_Running"] == "Yes"
                || (status["Last_IO_Error"] + status["Last_SQL_Error"] is { Length: > 0 } error && status["Slave_IO_Running"] == "No" ? throw new EngineException($"The server of '{server.Spec.Id}' cannot follow its source: {error}") : false)),
            "did not begin to follow its source", stop).ConfigureAwait(false);
    }

    private static async Task TakeWrites(MariaDbServer server, CancellationToken stop)
    {
        await server.Execute(stop, "STOP SLAVE", "RESET SLAVE ALL", "SET GLOBAL read_only = OFF").ConfigureAwait(false);
        server.Source = null;
    }

    private static async Task EndSessions(MariaDbServer server, CancellationToken stop)
    {
        var sessions = await server.Value(
            $"SELECT GROUP_CONCAT(id) FROM information_schema.processlist WHERE user NOT IN ({Literal(ServerSite.AdminUser)}, 'system user', 'event_scheduler')", stop).ConfigureAwait(false);
        foreach (var session in sessions.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            try
            {
                await server.Execute(stop, $"KILL CONNECTION {session}").ConfigureAwait(false);
            }
            catch (EngineException)
            {
                // It ended by itself in between.
            }
        }
    }

    private static async Task<IReadOnlyDictionary<string, string>> Status(MariaDbServer server, CancellationToken stop) =>
        (await server.Ask("SHOW SLAVE STATUS", stop).ConfigureAwait(false)).ToDictionary(c => c.Key, c => Convert.ToString(c.Value, CultureInfo.InvariantCulture) ?? "", StringComparer.Ordinal);

    // Positions are lists with an entry for each domain: 0-20001-7.
    private static bool Contains(string position, string other) => other.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .All(part => position.Split(',', StringSplitOptions.TrimEntries).Contains(part, StringComparer.Ordinal));
}
