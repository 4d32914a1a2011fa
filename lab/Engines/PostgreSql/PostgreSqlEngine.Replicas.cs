namespace Dbre.Lab.Engines.PostgreSql;

/// <content>Replicas by streaming replication, and changing roles.</content>
public sealed partial class PostgreSqlEngine
{
    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromSeconds(60);

    public async Task<DatabaseEndpoint> CreateReplica(string source, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var from = FindRunning(source);
        var server = Reserve(spec);
        try
        {
            await site.Tools.Script("mkdir -p \"$1\"", stop, server.Archive).ConfigureAwait(false);
            await site.Tools.Run(
                "pg_basebackup", ["-D", server.Data, "-d", site.ConnectionInfo(from), "-c", "fast", "-X", "stream", "-C", "-S", server.Slot, "--no-sync", "--no-manifest"],
                site.AdminPassword, stop).ConfigureAwait(false);
            await Follow(server, from, stop).ConfigureAwait(false);
            return server.Endpoint;
        }
        catch
        {
            Forget(server);
            throw;
        }
    }

    public async Task Promote(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = FindRunning(id);
        var source = server.Source ?? throw new EngineException($"Database '{id}' is no replica.");
        await Promote(server, stop).ConfigureAwait(false);
        if (source.Running)
        {
            await DropSlot(source, server.Slot, stop).ConfigureAwait(false);
        }
    }

    public async Task Switchover(string writer, string replica, CancellationToken stop)
    {
        await Elsewhere();
        var (old, next) = (FindRunning(writer), FindRunning(replica));
        if (next.Source != old)
        {
            throw new EngineException($"Database '{replica}' is no replica of '{writer}'.");
        }

        // A clean stop sends the replicas everything, the last checkpoint included, before it ends.
        await old.Stop(stop).ConfigureAwait(false);
        await Promote(next, stop).ConfigureAwait(false);
        foreach (var follower in servers.Values.Where(s => s == old || s.Source == old))
        {
            await follower.Stop(stop).ConfigureAwait(false);
            await next.Execute(stop, $"SELECT pg_create_physical_replication_slot({Literal(follower.Slot)})").ConfigureAwait(false);
            await Follow(follower, next, stop).ConfigureAwait(false);
        }

        // Nobody follows the old writer any more: slots left on it would keep its log for ever.
        await old.Execute(stop, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active").ConfigureAwait(false);
    }

    private async Task Follow(PostgreSqlServer server, PostgreSqlServer source, CancellationToken stop)
    {
        server.Source = source;
        await site.Tools.Script("touch \"$1/standby.signal\"", stop, server.Data).ConfigureAwait(false);
        await server.Start(stop).ConfigureAwait(false);
        await Until(server, "SELECT status = 'streaming' FROM pg_stat_wal_receiver", "did not begin to follow its source", stop).ConfigureAwait(false);
    }

    private async Task Promote(PostgreSqlServer server, CancellationToken stop)
    {
        await server.Execute(stop, "SELECT pg_promote(true, 60)").ConfigureAwait(false);
        await Until(server, "SELECT NOT pg_is_in_recovery()", "was not promoted", stop).ConfigureAwait(false);
        server.Source = null;
    }

    private async Task Until(PostgreSqlServer server, string condition, string otherwise, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(CatchUpLimit, site.Clock);
        while (await server.Ask(condition, stop).ConfigureAwait(false) is not true)
        {
            if (limit.IsCancellationRequested)
            {
                throw new EngineException($"The server of '{server.Spec.Id}' {otherwise} within {CatchUpLimit}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), site.Clock, stop).ConfigureAwait(false);
        }
    }

    private static Task DropSlot(PostgreSqlServer source, string slot, CancellationToken stop) => source.Execute(
        stop,
        $"SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = {Literal(slot)} AND active",
        $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = {Literal(slot)}");
}
