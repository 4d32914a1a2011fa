using Dbre.Lab.Engines;

using MySqlConnector;

namespace Dbre.Engines.Tests;

public sealed class MariaDbEngineTests(MariaDbLab lab) : IClassFixture<MariaDbLab>
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
        await lab.Ask(restored, "DELETE FROM item WHERE id = 1");
    }

    [Fact]
    public async Task Copying_a_damaged_snapshot_is_refused_and_leaves_nothing()
    {
        var (source, _) = await lab.Loaded(10_000);
        await lab.Engine.TakeSnapshot(source.Id, "damaged-source", None);
        lab.Damage("damaged-source");

        var refusal = await Should.ThrowAsync<EngineException>(lab.Engine.CopySnapshot("damaged-source", "damaged-target", null, None));

        refusal.Message.ShouldContain("checksum mismatch");
        refusal.Message.ShouldContain("item.ibd");
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

        (await Should.ThrowAsync<MySqlException>(lab.Ask(restored, "SELECT CAST(sum(length(name)) AS CHAR) FROM item"))).Message.ShouldContain("corrupt");
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
                await lab.Ask(at, $"INSERT INTO pair SELECT {n}, {n} FROM seq_1_to_50");
            }
        });
        await lab.Engine.TakeSnapshot(source.Id, "moving", None);
        await enough.CancelAsync();
        await writing;

        var restored = await lab.Engine.Restore("moving", lab.Spec(null), None);

        (await lab.Ask(restored, "SELECT count(*) FROM (SELECT a FROM pair GROUP BY a HAVING count(*) <> 50) torn")).ShouldBe(0L);
    }

    [Fact]
    public async Task The_master_user_has_neither_all_rights_nor_files_and_nobody_else_comes_in()
    {
        var (_, at) = await lab.Loaded(1);

        (await Should.ThrowAsync<MySqlException>(lab.Ask(at, "SET GLOBAL read_only = ON"))).Message.ShouldContain("READ_ONLY ADMIN");
        (await Should.ThrowAsync<MySqlException>(lab.Ask(at, "SELECT 1 INTO OUTFILE '/tmp/dbre-must-not-be'"))).Message.ShouldContain("FILE");
        (await lab.Ask(at, "SELECT GROUP_CONCAT(user ORDER BY user) FROM mysql.user WHERE is_role = 'N'")).ShouldBe("app_owner,mariadb.sys,rdsadmin");
        var root = new MySqlConnectionStringBuilder(lab.ConnectionString(at).ConnectionString) { UserID = "root", Password = "" };
        await using var connection = new MySqlConnection(root.ConnectionString);
        (await Should.ThrowAsync<MySqlException>(connection.OpenAsync())).ErrorCode.ShouldBe(MySqlErrorCode.AccessDenied);
    }

    [Fact]
    public async Task A_changed_password_works_the_old_one_not_and_neither_is_in_the_log()
    {
        var (spec, at) = await lab.Loaded(1);

        await lab.Engine.SetMasterPassword(spec.Id, "n3w-and-long", None);

        (await lab.Ask(at, "SELECT 1", "n3w-and-long")).ShouldBe(1);
        (await Should.ThrowAsync<MySqlException>(lab.Ask(at, "SELECT 1"))).ErrorCode.ShouldBe(MySqlErrorCode.AccessDenied);
        var log = await File.ReadAllTextAsync(Path.Combine(lab.Engine.DatabaseFolder(spec.Id), "server.log"));
        log.ShouldContain("ready for connections");
        log.ShouldNotContain("n3w-and-long");
    }

    [Fact]
    public async Task A_restore_to_a_time_has_what_was_committed_until_then_to_the_second()
    {
        var commit = new DateTimeOffset(2031, 5, 6, 7, 8, 9, TimeSpan.Zero);
        var (spec, at) = await lab.Loaded(10);
        await lab.Engine.TakeSnapshot(spec.Id, "base", None);
        await lab.At(at, commit.AddHours(-1), "INSERT INTO item SELECT 1000 + seq, 'before' FROM seq_1_to_100");
        await lab.At(at, commit, "DELETE FROM item WHERE id <= 10");
        await lab.At(at, commit.AddHours(1), "INSERT INTO item SELECT 2000 + seq, 'after' FROM seq_1_to_50");

        var second = await lab.Engine.RestoreToTime("base", spec.Id, commit.AddSeconds(1), lab.Spec(null), None);
        var same = await lab.Engine.RestoreToTime("base", spec.Id, commit, lab.Spec(null), None);
        await lab.Engine.Stop(spec.Id, None);
        var all = await lab.Engine.RestoreToTime("base", spec.Id, commit.AddDays(1), lab.Spec("another-password"), None);

        (await lab.Rows(second)).ShouldBe(100);
        (await lab.Rows(same)).ShouldBe(110);
        (await lab.Ask(all, "SELECT count(*) FROM item", "another-password")).ShouldBe(150L);
        await lab.Ask(second, "INSERT INTO item VALUES (1, 'it takes writes')");
    }

    [Fact]
    public async Task A_restore_to_a_time_goes_through_every_file_of_the_log_and_a_restored_database_has_a_log_of_its_own()
    {
        var first = new DateTimeOffset(2031, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (spec, at) = await lab.Loaded(10);
        await lab.Engine.TakeSnapshot(spec.Id, "many-files", None);
        for (var n = 1; n <= 3; n++)
        {
            await lab.At(at, first.AddHours(n), $"INSERT INTO item VALUES ({100 + n}, 'file {n}')");
            await lab.Engine.Reboot(spec.Id, None);
        }

        var copy = lab.Spec(null);
        var restored = await lab.Engine.RestoreToTime("many-files", spec.Id, first.AddHours(2.5), copy, None);
        (await lab.Rows(restored)).ShouldBe(12);

        await lab.Engine.TakeSnapshot(copy.Id, "of-restored", None);
        await lab.At(restored, first.AddHours(4), "DELETE FROM item");
        await lab.At(restored, first.AddHours(5), "INSERT INTO item VALUES (7, 'later')");
        (await lab.Rows(await lab.Engine.RestoreToTime("of-restored", copy.Id, first.AddHours(4.5), lab.Spec(null), None))).ShouldBe(0);
    }

    [Fact]
    public async Task A_restore_to_a_time_is_whole_when_it_is_there_however_long_its_log_is()
    {
        var (spec, at) = await lab.Loaded(10);
        await lab.Engine.TakeSnapshot(spec.Id, "before-much", None);
        await lab.Ask(at, "INSERT INTO item SELECT seq, REPEAT('x', 200) FROM seq_11_to_100000");

        var restored = await lab.Engine.RestoreToTime("before-much", spec.Id, TimeProvider.System.GetUtcNow().AddMinutes(1), lab.Spec(null), None);

        (await lab.Rows(restored)).ShouldBe(100_000);
    }

    [Fact]
    public async Task A_restore_to_a_time_that_the_log_does_not_hold_is_refused_and_leaves_nothing()
    {
        var (spec, at) = await lab.Loaded(10);
        var (other, _) = await lab.Loaded(10);
        var before = TimeProvider.System.GetUtcNow();
        await lab.Ask(at, "DELETE FROM item");
        await lab.Engine.TakeSnapshot(spec.Id, "too-late", None);
        var target = lab.Spec(null);

        (await Should.ThrowAsync<EngineException>(lab.Engine.RestoreToTime("too-late", spec.Id, before, target, None))).Message.ShouldStartWith("Snapshot 'too-late' was taken at ");
        (await Should.ThrowAsync<EngineException>(lab.Engine.RestoreToTime("too-late", other.Id, TimeProvider.System.GetUtcNow(), target, None))).Message.ShouldStartWith($"The log of '{other.Id}' does not go on from snapshot 'too-late'");

        Directory.Exists(lab.Engine.DatabaseFolder(target.Id)).ShouldBeFalse();
        await lab.Engine.Restore("too-late", target, None);
    }

    [Fact]
    public async Task A_database_that_could_not_be_made_leaves_nothing_and_its_name_free()
    {
        var spec = lab.Spec();

        (await Should.ThrowAsync<EngineException>(lab.Engine.Create(spec with { Name = new string('d', 65) }, None))).Message.ShouldContain("refused a statement");

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
        (await Should.ThrowAsync<MySqlException>(lab.Ask(replica, "DELETE FROM item"))).Number.ShouldBe(1290);
        await lab.Ask(at, "INSERT INTO item VALUES (11, 'followed')");
        await lab.Ask(replica, $"SELECT MASTER_GTID_WAIT('{await lab.Ask(at, "SELECT @@gtid_binlog_pos")}', 30)");
        (await lab.Rows(replica)).ShouldBe(11);

        await lab.Engine.Promote(copy.Id, None);

        await lab.Ask(replica, "DELETE FROM item WHERE id = 1");
        (await lab.Rows(replica)).ShouldBe(10);
        (await lab.Rows(at)).ShouldBe(11);
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
    public async Task A_switchover_loses_nothing_that_was_acknowledged_and_goes_back()
    {
        var (first, at) = await lab.Loaded(10);
        var second = lab.Spec(null);
        await lab.Engine.CreateReplica(first.Id, second, None);
        var endpoint = await lab.Engine.OpenEndpoint("cluster-a", null, None);
        lab.Engine.PointEndpoint("cluster-a", first.Id);
        var acknowledged = 0;
        using var enough = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var id = 1000; !enough.IsCancellationRequested; id++)
            {
                try
                {
                    await lab.Ask(endpoint, $"INSERT INTO item VALUES ({id}, 'under way')");
                    acknowledged++;
                }
                catch (MySqlException)
                {
                    // Not acknowledged: refused or cut in the switchover.
                }
            }
        });
        await lab.Ask(endpoint, "INSERT INTO item VALUES (11, 'last write')");

        await lab.Engine.Switchover(first.Id, second.Id, None);
        lab.Engine.PointEndpoint("cluster-a", second.Id);
        await lab.Ask(endpoint, "INSERT INTO item VALUES (12, 'on the new writer')");
        await enough.CancelAsync();
        await writing;

        acknowledged.ShouldBeGreaterThan(0);
        (await lab.Rows(endpoint)).ShouldBeGreaterThanOrEqualTo(12 + acknowledged);
        (await lab.Ask(at, "SELECT @@read_only")).ShouldBe(1L);
        var all = await lab.Rows(endpoint);
        await lab.Engine.Switchover(second.Id, first.Id, None);
        await lab.Ask(at, "INSERT INTO item VALUES (13, 'back')");
        (await lab.Rows(at)).ShouldBe(all + 1);
        lab.Engine.CloseEndpoint("cluster-a");
    }

    [Fact]
    public async Task A_stopped_server_starts_again_at_its_endpoint_with_its_rows()
    {
        var (spec, at) = await lab.Loaded(10);

        await lab.Engine.Stop(spec.Id, None);

        (await lab.Engine.Facts(spec.Id, None)).Running.ShouldBeFalse();
        (await Should.ThrowAsync<MySqlException>(lab.Rows(at))).ErrorCode.ShouldBe(MySqlErrorCode.UnableToConnectToHost);
        (await lab.Engine.Start(spec.Id, None)).ShouldBe(at);
        (await lab.Rows(at)).ShouldBe(10);
        (await lab.Engine.Facts(spec.Id, None)).Bytes.ShouldBeGreaterThan(1_000_000);
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
        await Should.ThrowAsync<MySqlException>(lab.Rows(at));
        await lab.Engine.Delete(spec.Id, None);
    }

    [Theory]
    [InlineData("10.6", false)]
    [InlineData("99.1.2", false)]
    public void Versions_that_are_not_installed_are_not_supported(string version, bool supported) => lab.Engine.Supports(version).ShouldBe(supported);

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        (await Should.ThrowAsync<EngineException>(lab.Engine.Start("nothing-here", None))).Message.ShouldContain("nothing-here");
        (await Should.ThrowAsync<EngineException>(lab.Engine.Restore("no-snapshot", lab.Spec(null), None))).Message.ShouldBe("There is no snapshot 'no-snapshot'.");
        (await Should.ThrowAsync<EngineException>(lab.Engine.CopySnapshot("no-snapshot", "copy-of-none", null, None))).Message.ShouldBe("There is no snapshot 'no-snapshot'.");
        (await Should.ThrowAsync<EngineException>(lab.Engine.TakeSnapshot("nothing-here", "of-nothing", None))).Message.ShouldBe("There is no database 'nothing-here'.");
    }
}
