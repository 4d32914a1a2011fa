using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;

using AwsCompat.Server;

using Dbre.Lab.Engines.MariaDb;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Rds;

using MySqlConnector;

namespace Dbre.Services.Tests.Rds;

/// <summary>The way of a nightly copy on a real MariaDB server, and what RDS says differently of that engine.</summary>
public sealed class RealMariaDbTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly World world = new(TimeProvider.System, seed: 1);
    private readonly List<Exception> faults = [];
    private MariaDbEngine engine = null!;
    private AmazonRDSClient home = null!, recovery = null!;

    public async Task InitializeAsync()
    {
        engine = await MariaDbEngine.SetUp(new MariaDbOptions(Path.Combine(Path.GetTempPath(), "dbre-rds-" + Path.GetRandomFileName())), TimeProvider.System, default);
        world.Iam.CreateUser("111111111111", "lab", "lab", "lab");
        world.Add(new KmsService(world));
        world.Add(new RdsService(world, engine) { LogUpload = TimeSpan.FromSeconds(1) });
        (home, recovery) = (Client("us-east-1"), Client("eu-west-1"));
    }

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task A_copy_in_the_recovery_Region_serves_the_rows_over_TLS()
    {
        var source = await Loaded();
        await home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "shop", DBSnapshotIdentifier = "nightly" });
        await Until(async () => (await RdsLab.SnapshotOf(home, "nightly")).Status == "available");
        await recovery.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = (await RdsLab.SnapshotOf(home, "nightly")).DBSnapshotArn, TargetDBSnapshotIdentifier = "nightly", SourceRegion = "us-east-1",
        });
        await Until(async () => (await RdsLab.SnapshotOf(recovery, "nightly")).Status == "available");
        await recovery.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest { DBInstanceIdentifier = "proof", DBSnapshotIdentifier = "nightly" });
        await Until(async () => (await RdsLab.Described(recovery, "proof")).DBInstanceStatus == "available");

        var restored = await RdsLab.Described(recovery, "proof");

        (await Ask(restored, "SELECT count(*) FROM item")).ShouldBe(5_000L);
        restored.Engine.ShouldBe("mariadb");
        restored.EngineVersion.ShouldBe(engine.DefaultVersion);
        restored.LicenseModel.ShouldBe("general-public-license");
        restored.DBParameterGroups[0].DBParameterGroupName.ShouldBe("default.mariadb10.11");
        restored.OptionGroupMemberships[0].OptionGroupName.ShouldBe("default:mariadb-10-11");
        (await recovery.DescribeOptionGroupsAsync(new DescribeOptionGroupsRequest { EngineName = "mariadb" })).OptionGroupsList.Single().MajorEngineVersion.ShouldBe("10.11");
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restore_to_the_second_of_a_deletion_has_the_rows_and_to_the_next_has_not()
    {
        var source = await Loaded();
        await Past((await Second(source, "SELECT UNIX_TIMESTAMP()")).AddSeconds(2));
        var deleted = await Second(source, "DELETE FROM item WHERE id <= 500 RETURNING UNIX_TIMESTAMP()");
        await Past(deleted.AddSeconds(3));

        // The binary log knows whole seconds, and RDS restores to the beginning of one: what ended in the very second is not in.
        await Task.WhenAll(RestoredTo("before", deleted.AddSeconds(-1)), RestoredTo("same", deleted), RestoredTo("after", deleted.AddSeconds(1)));

        (await Ask(await RdsLab.Described(home, "before"), "SELECT count(*) FROM item")).ShouldBe(5_000L);
        (await Ask(await RdsLab.Described(home, "same"), "SELECT count(*) FROM item")).ShouldBe(5_000L);
        (await Ask(await RdsLab.Described(home, "after"), "SELECT count(*) FROM item")).ShouldBe(4_500L);
        await Ask(await RdsLab.Described(home, "before"), "DELETE FROM item");
        (await Ask(source, "SELECT count(*) FROM item")).ShouldBe(4_500L);
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Replicated_backups_restore_a_second_in_the_recovery_Region()
    {
        var source = await Loaded();
        await recovery.StartDBInstanceAutomatedBackupsReplicationAsync(new StartDBInstanceAutomatedBackupsReplicationRequest { SourceDBInstanceArn = source.DBInstanceArn });
        await Until(async () => (await Replica()).RestoreWindow is not null);
        await ReplicatedPast((await Second(source, "SELECT UNIX_TIMESTAMP()")).AddSeconds(2));
        var deleted = await Second(source, "DELETE FROM item WHERE id <= 500 RETURNING UNIX_TIMESTAMP()");
        await ReplicatedPast(deleted.AddSeconds(1));

        await Task.WhenAll(RestoredFromReplica("before", deleted.AddSeconds(-1)), RestoredFromReplica("after", deleted.AddSeconds(1)));

        (await Ask(await RdsLab.Described(recovery, "before"), "SELECT count(*) FROM item")).ShouldBe(5_000L);
        (await Ask(await RdsLab.Described(recovery, "after"), "SELECT count(*) FROM item")).ShouldBe(4_500L);
        (await Ask(source, "SELECT count(*) FROM item")).ShouldBe(4_500L);
        faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a_name_of_17_chars", "long-enough", "MasterUsername")]
    [InlineData("rdsadmin", "long-enough", "reserved")]
    [InlineData("app", "a-password-of-42-characters-which-is-long!", "8 to 41")]
    public async Task What_RDS_refuses_for_MariaDB_is_refused(string user, string password, string because)
    {
        var request = RdsLab.Instance("refused");
        (request.Engine, request.MasterUsername, request.MasterUserPassword) = ("mariadb", user, password);

        (await Should.ThrowAsync<AmazonRDSException>(home.CreateDBInstanceAsync(request))).Message.ShouldContain(because);
    }

    private async Task<DBInstance> Loaded()
    {
        var request = RdsLab.Instance("shop");
        request.Engine = "mariadb";
        request.MasterUsername = "admin";
        await home.CreateDBInstanceAsync(request);
        await Until(async () => (await RdsLab.Described(home, "shop")).DBInstanceStatus == "available");
        var source = await RdsLab.Described(home, "shop");
        await Ask(source, "CREATE TABLE item AS SELECT seq AS id, REPEAT('x', 200) AS name FROM seq_1_to_5000");
        return source;
    }

    private async Task RestoredTo(string id, DateTime time)
    {
        await home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest { SourceDBInstanceIdentifier = "shop", TargetDBInstanceIdentifier = id, RestoreTime = time });
        await Until(async () => (await RdsLab.Described(home, id)).DBInstanceStatus == "available");
    }

    private async Task<DBInstanceAutomatedBackup> Replica() =>
        (await recovery.DescribeDBInstanceAutomatedBackupsAsync(new DescribeDBInstanceAutomatedBackupsRequest { DBInstanceIdentifier = "shop" })).DBInstanceAutomatedBackups[0];

    /// <summary>Waits until all of a time can be restored in the recovery Region.</summary>
    private Task ReplicatedPast(DateTime time) => Until(async () => (await Replica()).RestoreWindow?.LatestTime > time);

    private async Task RestoredFromReplica(string id, DateTime time)
    {
        await recovery.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest
        {
            SourceDBInstanceAutomatedBackupsArn = (await Replica()).DBInstanceAutomatedBackupsArn, TargetDBInstanceIdentifier = id, RestoreTime = time,
        });
        await Until(async () => (await RdsLab.Described(recovery, id)).DBInstanceStatus == "available");
    }

    /// <summary>Waits until all of a time can be restored.</summary>
    private Task Past(DateTime time) => Until(async () => (await RdsLab.Described(home, "shop")).LatestRestorableTime > time);

    private async Task<DateTime> Second(DBInstance at, string sql) =>
        DateTimeOffset.FromUnixTimeSeconds(Convert.ToInt64(await Ask(at, sql), System.Globalization.CultureInfo.InvariantCulture)).UtcDateTime;

    private async Task<object?> Ask(DBInstance at, string sql)
    {
        await using var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = at.Endpoint.Address, Port = (uint)at.Endpoint.Port!.Value, Database = "shop", UserID = "admin", Password = RdsLab.Password,
            SslMode = MySqlSslMode.VerifyFull, SslCa = engine.AuthorityFile, Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(Limit);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private AmazonRDSClient Client(string region) => new(new BasicAWSCredentials("lab", "lab"), new AmazonRDSConfig
    {
        ServiceURL = "http://lab.internal",
        AuthenticationRegion = region,
        HttpClientFactory = new InMemoryHttp(new ServiceGateway(world, ServiceWires.All, (_, e) => faults.Add(e))),
        MaxErrorRetry = 0,
    });
}
