using Dbre.Lab.Engines;

using Npgsql;

namespace Dbre.Engines.Tests;

public sealed class PostgreSqlEngineTests(PostgreSqlLab lab) : IClassFixture<PostgreSqlLab>
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_restored_snapshot_has_the_rows_of_its_source()
    {
        var (source, at) = await lab.Loaded(500);
        await lab.Engine.TakeSnapshot(source.Id, "111/us-east-1/a", None);
        await lab.Ask(at, "DELETE FROM item WHERE id > 100");
        await lab.Engine.CopySnapshot("111/us-east-1/a", "111/eu-west-1/a", null, None);
        await lab.Engine.DeleteSnapshot("111/us-east-1/a", None);

        var restored = await lab.Engine.Restore("111/eu-west-1/a", lab.Spec(null), None);

        (await lab.Rows(restored)).ShouldBe(500);
        (await lab.Rows(at)).ShouldBe(100);
        Directory.Exists(lab.Engine.SnapshotFolder("111/us-east-1/a")).ShouldBeFalse();
    }

    [Fact]
    public async Task Copying_a_damaged_snapshot_is_refused_and_leaves_nothing()
    {
        var (source, _) = await lab.Loaded(10_000);
        await lab.Engine.TakeSnapshot(source.Id, "damaged-source", None);
        lab.Damage("damaged-source");

        var refusal = await Should.ThrowAsync<EngineException>(lab.Engine.CopySnapshot("damaged-source", "damaged-target", null, None));

        refusal.Message.ShouldContain("checksum mismatch");
        Directory.Exists(lab.Engine.SnapshotFolder("damaged-target")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_copy_that_was_damaged_later_restores_and_shows_it_when_it_is_read()
    {
        var (source, _) = await lab.Loaded(10_000);
        await lab.Engine.TakeSnapshot(source.Id, "good", None);
        await lab.Engine.CopySnapshot("good", "later-damaged", null, None);
        lab.Damage("later-damaged");

        var restored = await lab.Engine.Restore("later-damaged", lab.Spec(null), None);

        (await Should.ThrowAsync<PostgresException>(lab.Ask(restored, "SELECT sum(length(name)) FROM item"))).SqlState.ShouldBe(PostgresErrorCodes.DataCorrupted);
    }

    [Fact]
    public async Task A_snapshot_of_a_changing_database_is_consistent()
    {
        var (source, at) = await lab.Loaded(100);
        await lab.Ask(at, "CREATE TABLE pair (a int, b int)");
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var n = 0; !enough.IsCancellationRequested; n++)
            {
                await lab.Ask(at, $"INSERT INTO pair SELECT {n}, {n} FROM generate_series(1, 50)");
            }
        });
        await lab.Engine.TakeSnapshot(source.Id, "moving", None);
        await enough.CancelAsync();
        await writing;

        var restored = await lab.Engine.Restore("moving", lab.Spec(null), None);

        (await lab.Ask(restored, "SELECT count(*) FROM (SELECT a FROM pair GROUP BY a HAVING count(*) <> 50) torn")).ShouldBe(0L);
    }

    [Fact]
    public async Task Connections_without_TLS_are_refused()
    {
        var (_, at) = await lab.Loaded(1);

        await using var plain = new NpgsqlConnection(lab.ConnectionString(at, ssl: SslMode.Disable));

        (await Should.ThrowAsync<PostgresException>(plain.OpenAsync())).Message.ShouldContain("no encryption");
    }

    [Fact]
    public async Task Servers_are_not_trusted_under_another_authority()
    {
        var (_, at) = await lab.Loaded(1);
        await using var other = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(lab.ConnectionString(at)) { RootCertificate = "" }.ConnectionString);

        await Should.ThrowAsync<NpgsqlException>(other.OpenAsync());
    }

    [Fact]
    public async Task The_master_user_is_no_superuser_and_owns_its_database()
    {
        var (_, at) = await lab.Loaded(1);

        (await lab.Ask(at, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")).ShouldBe(false);
        (await lab.Ask(at, "SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()")).ShouldBe(PostgreSqlLab.User);
    }

    [Fact]
    public async Task A_changed_password_works_the_old_one_not_and_neither_is_in_the_log()
    {
        var (spec, at) = await lab.Loaded(1);

        await lab.Engine.SetMasterPassword(spec.Id, "n3w-and-long", None);

        (await lab.Ask(at, "SELECT 1", "n3w-and-long")).ShouldBe(1);
        (await Should.ThrowAsync<PostgresException>(lab.Ask(at, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        var log = await File.ReadAllTextAsync(Path.Combine(lab.Engine.DatabaseFolder(spec.Id), "server.log"));
        log.ShouldNotContain("n3w-and-long");
        log.ShouldNotContain("SCRAM-SHA-256$");
    }

    [Fact]
    public async Task A_restore_to_a_time_has_what_was_committed_until_then()
    {
        var (spec, at) = await lab.Loaded(10);
        await lab.Engine.TakeSnapshot(spec.Id, "base", None);
        await lab.Ask(at, "INSERT INTO item SELECT 1000 + n, 'before' FROM generate_series(1, 100) n");
        var between = new DateTimeOffset((DateTime)(await lab.Ask(at, "SELECT clock_timestamp()"))!);
        await lab.Ask(at, "INSERT INTO item SELECT 2000 + n, 'after' FROM generate_series(1, 50) n");
        await lab.Ask(at, "DELETE FROM item WHERE id <= 10");

        var restored = await lab.Engine.RestoreToTime("base", spec.Id, between, lab.Spec(null), None);

        (await lab.Rows(restored)).ShouldBe(110);
        await lab.Ask(restored, "INSERT INTO item VALUES (1, 'it takes writes')");
    }

    [Fact]
    public async Task A_restore_to_a_time_takes_writes_when_it_is_there_however_long_its_log_is()
    {
        var (spec, at) = await lab.Loaded(10);
        await lab.Engine.TakeSnapshot(spec.Id, "before-much", None);
        await lab.Ask(at, "INSERT INTO item SELECT n, repeat('x', 400) FROM generate_series(11, 150000) n");
        var then = new DateTimeOffset((DateTime)(await lab.Ask(at, "SELECT clock_timestamp()"))!);

        var restored = await lab.Engine.RestoreToTime("before-much", spec.Id, then, lab.Spec("another-password"), None);

        await lab.Ask(restored, "INSERT INTO item VALUES (0, 'it takes writes')", "another-password");
        (await lab.Ask(restored, "SELECT count(*) FROM item", "another-password")).ShouldBe(150_001L);
    }

    [Fact]
    public async Task A_restore_to_a_time_that_the_log_does_not_hold_is_refused_and_leaves_nothing()
    {
        var (spec, at) = await lab.Loaded(10);
        var before = new DateTimeOffset((DateTime)(await lab.Ask(at, "SELECT clock_timestamp()"))!);
        await lab.Ask(at, "DELETE FROM item");
        await lab.Engine.TakeSnapshot(spec.Id, "too-late", None);
        var target = lab.Spec(null);

        var refusal = await Should.ThrowAsync<EngineException>(lab.Engine.RestoreToTime("too-late", spec.Id, before, target, None));

        refusal.Message.ShouldStartWith("Snapshot 'too-late' was taken at ");
        Directory.Exists(lab.Engine.DatabaseFolder(target.Id)).ShouldBeFalse();
        await lab.Engine.Restore("too-late", target, None);
    }

    [Fact]
    public async Task A_database_that_could_not_be_made_leaves_nothing_and_its_name_free()
    {
        var spec = lab.Spec();

        (await Should.ThrowAsync<EngineException>(lab.Engine.Create(spec with { MasterUser = "pg_reserved" }, None))).Message.ShouldContain("pg_reserved");

        Directory.Exists(lab.Engine.DatabaseFolder(spec.Id)).ShouldBeFalse();
        (await Should.ThrowAsync<EngineException>(lab.Engine.Facts(spec.Id, None))).Message.ShouldContain(spec.Id);
        await lab.Engine.Create(spec, None);
    }

    [Fact]
    public async Task A_replica_follows_is_read_only_and_takes_writes_once_promoted()
    {
        var (spec, at) = await lab.Loaded(10);
        var copy = lab.Spec(null);
        var replica = await lab.Engine.CreateReplica(spec.Id, copy, None);
        (await lab.Rows(replica)).ShouldBe(10);
        (await Should.ThrowAsync<PostgresException>(lab.Ask(replica, "DELETE FROM item"))).SqlState.ShouldBe(PostgresErrorCodes.ReadOnlySqlTransaction);

        await lab.Engine.Promote(copy.Id, None);

        await lab.Ask(replica, "DELETE FROM item WHERE id = 1");
        (await lab.Rows(replica)).ShouldBe(9);
        (await lab.Rows(at)).ShouldBe(10);
        await lab.Engine.TakeSnapshot(copy.Id, "of-promoted", None);
        await lab.Engine.Delete(copy.Id, None);
    }

    [Fact]
    public async Task A_snapshot_of_a_replica_restores_as_a_database_of_its_own()
    {
        var (spec, _) = await lab.Loaded(10);
        var copy = lab.Spec(null);
        await lab.Engine.CreateReplica(spec.Id, copy, None);
        await lab.Engine.TakeSnapshot(copy.Id, "of-replica", None);

        var restored = await lab.Engine.Restore("of-replica", lab.Spec(null), None);

        await lab.Ask(restored, "DELETE FROM item WHERE id = 1");
        (await lab.Rows(restored)).ShouldBe(9);
    }

    [Fact]
    public async Task A_switchover_loses_nothing_and_the_endpoint_follows_the_writer()
    {
        var (first, at) = await lab.Loaded(10);
        var second = lab.Spec(null);
        await lab.Engine.CreateReplica(first.Id, second, None);
        var endpoint = await lab.Engine.OpenEndpoint("cluster-a", null, None);
        lab.Engine.PointEndpoint("cluster-a", first.Id);
        await lab.Ask(endpoint, "INSERT INTO item VALUES (11, 'last write')");

        await lab.Engine.Switchover(first.Id, second.Id, None);
        lab.Engine.PointEndpoint("cluster-a", second.Id);

        await lab.Ask(endpoint, "INSERT INTO item VALUES (12, 'on the new writer')");
        (await lab.Rows(endpoint)).ShouldBe(12);
        (await lab.Ask(at, "SELECT pg_is_in_recovery()")).ShouldBe(true);
        lab.Engine.CloseEndpoint("cluster-a");
    }

    [Fact]
    public async Task A_stopped_server_starts_again_at_its_endpoint_with_its_rows()
    {
        var (spec, at) = await lab.Loaded(10);

        await lab.Engine.Stop(spec.Id, None);

        (await lab.Engine.Facts(spec.Id, None)).Running.ShouldBeFalse();
        await Should.ThrowAsync<NpgsqlException>(lab.Rows(at));
        (await lab.Engine.Start(spec.Id, None)).ShouldBe(at);
        (await lab.Rows(at)).ShouldBe(10);
        (await lab.Engine.Facts(spec.Id, None)).Bytes.ShouldBeGreaterThan(5_000_000);
    }

    [Fact]
    public async Task A_crashed_server_comes_back_with_every_committed_row()
    {
        var (spec, at) = await lab.Loaded(10);
        await lab.Ask(at, "INSERT INTO item VALUES (11, 'committed')");

        lab.Engine.Crash(spec.Id);
        await lab.Engine.Start(spec.Id, None);

        (await lab.Rows(at)).ShouldBe(11);
    }

    [Fact]
    public async Task A_deleted_database_leaves_no_folder_and_no_server()
    {
        var (spec, at) = await lab.Loaded(10);

        await lab.Engine.Delete(spec.Id, None);

        Directory.Exists(lab.Engine.DatabaseFolder(spec.Id)).ShouldBeFalse();
        await Should.ThrowAsync<NpgsqlException>(lab.Rows(at));
        await lab.Engine.Delete(spec.Id, None);
    }

    [Theory]
    [InlineData("9.6", false)]
    [InlineData("99.1", false)]
    public void Versions_that_are_not_installed_are_not_supported(string version, bool supported) => lab.Engine.Supports(version).ShouldBe(supported);

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        (await Should.ThrowAsync<EngineException>(lab.Engine.Start("nothing-here", None))).Message.ShouldContain("nothing-here");
        (await Should.ThrowAsync<EngineException>(lab.Engine.Restore("no-snapshot", lab.Spec(null), None))).Message.ShouldBe("There is no snapshot 'no-snapshot'.");
        (await Should.ThrowAsync<EngineException>(lab.Engine.CopySnapshot("no-snapshot", "copy-of-none", null, None))).Message.ShouldBe("There is no snapshot 'no-snapshot'.");
        (await Should.ThrowAsync<EngineException>(lab.Engine.TakeSnapshot("nothing-here", "of-nothing", None))).Message.ShouldBe("There is no database 'nothing-here'.");
    }

    [Fact]
    public async Task What_needs_a_running_server_says_that_it_is_none()
    {
        var (spec, _) = await lab.Loaded(1);
        await lab.Engine.Stop(spec.Id, None);
        var sentence = $"Database '{spec.Id}' is not running.";

        (await Should.ThrowAsync<EngineException>(lab.Engine.TakeSnapshot(spec.Id, "of-stopped", None))).Message.ShouldBe(sentence);
        (await Should.ThrowAsync<EngineException>(lab.Engine.CreateReplica(spec.Id, lab.Spec(null), None))).Message.ShouldBe(sentence);
        (await Should.ThrowAsync<EngineException>(lab.Engine.SetMasterPassword(spec.Id, "another", None))).Message.ShouldBe(sentence);
    }
}
