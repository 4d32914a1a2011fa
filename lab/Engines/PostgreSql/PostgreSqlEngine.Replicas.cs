using Dbre.Lab.Engines.Servers;

namespace Dbre.Lab.Engines.PostgreSql;

/// <content>Replicas by streaming replication, and changing roles.</content>
public sealed partial class PostgreSqlEngine
{
    public override async Task<DatabaseEndpoint> CreateReplica(string source, DatabaseSpec spec, CancellationToken stop)
    {
        await Elsewhere();
        var from = Of(FindRunning(source));
        return await Make(spec, null, async made =>
        {
            var server = Of(made);
            await site.Programs.Script("mkdir -p \"$1\"", stop, server.Archive).ConfigureAwait(false);
            await site.Tools.Run(
                "pg_basebackup", ["-D", server.Data, "-d", site.ConnectionInfo(from), "-c", "fast", "-X", "stream", "-C", "-S", server.Slot, "--no-sync", "--no-manifest"],
                site.AdminPassword, stop).ConfigureAwait(false);
            await Follow(server, from, stop).ConfigureAwait(false);
        }, stop).ConfigureAwait(false);
    }

    public override async Task Promote(string id, CancellationToken stop)
    {
        await Elsewhere();
        var server = Of(FindRunning(id));
        var source = server.Source ?? throw new EngineException($"Database '{id}' is no replica.");
        await Promote(server, stop).ConfigureAwait(false);
        if (source.Running)
        {
            await DropSlot(Of(source), server.Slot, stop).ConfigureAwait(false);
        }
    }

    public override async Task Switchover(string writer, string replica, CancellationToken stop)
    {
        await Elsewhere();
        var (old, next) = (Of(FindRunning(writer)), Of(FindRunning(replica)));
        if (next.Source != old)
        {
            throw new EngineException($"Database '{replica}' is no replica of '{writer}'.");
        }

        // A clean stop sends the replicas everything, the last checkpoint included, before it ends.
        await old.Stop(stop).ConfigureAwait(false);
        await Promote(next, stop).ConfigureAwait(false);
        next.Archives.UnionWith(old.Archives);
        foreach (var follower in Servers.Where(s => s == old || s.Source == old).Select(Of))
        {
            await follower.Stop(stop).ConfigureAwait(false);
            await next.Execute(stop, $"SELECT pg_create_physical_replication_slot({Literal(follower.Slot)})").ConfigureAwait(false);
            await Follow(follower, next, stop).ConfigureAwait(false);
        }

        // Nobody follows the old writer any more: slots left on it would keep its log for ever.
        await old.Execute(stop, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active").ConfigureAwait(false);
    }

    private protected override async Task Unfollow(DatabaseServer replica, CancellationToken stop)
    {
        if (replica.Source is { Running: true } source)
        {
            await DropSlot(Of(source), Of(replica).Slot, stop).ConfigureAwait(false);
        }
    }

    private protected override Task FollowAgain(DatabaseServer replica, CancellationToken stop) => Follow(Of(replica), Of(replica.Source!), stop);

    private async Task Follow(PostgreSqlServer server, PostgreSqlServer source, CancellationToken stop)
    {
        server.Source = source;
        await site.Programs.Script("touch \"$1/standby.signal\"", stop, server.Data).ConfigureAwait(false);
        await server.Start(stop).ConfigureAwait(false);
        await Until(server, () => server.Says("SELECT status = 'streaming' FROM pg_stat_wal_receiver", stop), "did not begin to follow its source", stop).ConfigureAwait(false);
    }

    private async Task Promote(PostgreSqlServer server, CancellationToken stop)
    {
        await server.Execute(stop, "SELECT pg_promote(true, 60)").ConfigureAwait(false);
        await Until(server, () => server.Says("SELECT NOT pg_is_in_recovery()", stop), "was not promoted", stop).ConfigureAwait(false);
        server.Source = null;
    }

    private static Task DropSlot(PostgreSqlServer source, string slot, CancellationToken stop) => source.Execute(
        stop,
        $"SELECT pg_terminate_backend(active_pid, 5000) FROM pg_replication_slots WHERE slot_name = {Literal(slot)} AND active",
        $"SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = {Literal(slot)}");
}
