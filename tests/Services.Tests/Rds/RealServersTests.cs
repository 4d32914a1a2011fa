using System.Text.Json;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SecretsManager.Model;
using AwsCompat.Server;
using Dbre.Lab.Engines.PostgreSql;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Services.SecretsManager;
using Npgsql;

namespace Dbre.Services.Tests.Rds;

/// <summary>RDS on real PostgreSQL servers: a nightly copy from load to proof, restores to a second, a swap of names under a client.</summary>
public sealed class RealServersTests : IAsyncLifetime
{
    private const string Account = "111111111111";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly World world = new(TimeProvider.System, seed: 1);
    private readonly List<Exception> faults = [];
    private PostgreSqlEngine engine = null!;
    private string password = RdsLab.Password;
    private AmazonRDSClient home = null!, recovery = null!;

    public async Task InitializeAsync()
    {
        engine = await PostgreSqlEngine.SetUp(new PostgreSqlOptions(Path.Combine(Path.GetTempPath(), "dbre-rds-" + Path.GetRandomFileName())), TimeProvider.System, default);
        world.Iam.CreateUser(Account, "lab", "lab", "lab");
        world.Add(new KmsService(world));
        world.Add(new SecretsManagerService(world));
        world.Add(new RdsService(world, engine) { LogUpload = TimeSpan.FromSeconds(1) });
        (home, recovery) = (Client("us-east-1"), Client("eu-west-1"));
    }

    public async Task DisposeAsync() => await engine.DisposeAsync();

    [Fact]
    public async Task A_copy_in_the_recovery_Region_serves_the_rows_over_TLS()
    {
        await Loaded("shop");
        await CopyOf("shop", "nightly");

        var restored = await Restored("nightly", "proof");

        (await Ask(restored, "SELECT count(*) FROM item")).ShouldBe(20_000L);
        await recovery.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "proof", SkipFinalSnapshot = true });
        await Until(async () => (await recovery.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances is null);
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Bits_flipped_in_a_copy_show_when_the_restored_rows_are_read()
    {
        await Loaded("shop");
        await CopyOf("shop", "nightly");
        Damage(RdsService.StoredSnapshot(Account, "eu-west-1", "nightly"));

        var restored = await Restored("nightly", "proof");

        (await Should.ThrowAsync<PostgresException>(Ask(restored, "SELECT sum(length(name)) FROM item"))).SqlState.ShouldBe(PostgresErrorCodes.DataCorrupted);
    }

    [Fact]
    public async Task A_cluster_and_its_restored_copy_serve_at_their_endpoints()
    {
        await home.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = "ledger", Engine = "aurora-postgresql", DatabaseName = "shop", MasterUsername = "app", MasterUserPassword = RdsLab.Password,
        });
        await home.CreateDBInstanceAsync(RdsLab.Member("ledger", "ledger-1"));
        await Until(async () => (await RdsLab.Described(home, "ledger-1")).DBInstanceStatus == "available");
        var cluster = (await home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = "ledger" })).DBClusters[0];
        await Ask(cluster.Endpoint, cluster.Port!.Value, "CREATE TABLE item AS SELECT n AS id FROM generate_series(1, 500) n");
        await home.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "ledger", DBClusterSnapshotIdentifier = "nightly" });
        await Until(async () => (await ClusterSnapshot(home)).Status == "available");
        await recovery.CopyDBClusterSnapshotAsync(new CopyDBClusterSnapshotRequest
        {
            SourceDBClusterSnapshotIdentifier = (await ClusterSnapshot(home)).DBClusterSnapshotArn, TargetDBClusterSnapshotIdentifier = "nightly", SourceRegion = "us-east-1",
        });
        await Until(async () => (await ClusterSnapshot(recovery)).Status == "available");

        await recovery.RestoreDBClusterFromSnapshotAsync(new RestoreDBClusterFromSnapshotRequest { DBClusterIdentifier = "proof", SnapshotIdentifier = "nightly", Engine = "aurora-postgresql" });
        await recovery.CreateDBInstanceAsync(RdsLab.Member("proof", "proof-1"));
        await Until(async () => (await RdsLab.Described(recovery, "proof-1")).DBInstanceStatus == "available");

        var restored = (await recovery.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = "proof" })).DBClusters[0];
        (await Ask(restored.Endpoint, restored.Port!.Value, "SELECT count(*) FROM item")).ShouldBe(500L);
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restore_to_a_second_before_a_deletion_has_the_rows_and_a_second_after_has_not()
    {
        await Loaded("shop");
        var source = await RdsLab.Described(home, "shop");
        // A second before the deletion must lie in the window, and be after the load.
        await Past((await Clock(source)).AddSeconds(2));
        await Ask(source, "DELETE FROM item WHERE id <= 500");
        var deleted = await Clock(source);
        await Past(deleted.AddSeconds(2));

        await Task.WhenAll(RestoredTo("before", deleted.AddSeconds(-1)), RestoredTo("after", deleted.AddSeconds(1)));

        (await Ask(await RdsLab.Described(home, "before"), "SELECT count(*) FROM item")).ShouldBe(20_000L);
        (await Ask(await RdsLab.Described(home, "after"), "SELECT count(*) FROM item")).ShouldBe(19_500L);
        await Ask(await RdsLab.Described(home, "before"), "DELETE FROM item");
        (await Ask(source, "SELECT count(*) FROM item")).ShouldBe(19_500L);
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_password_that_RDS_made_opens_the_server_and_the_old_one_no_more()
    {
        await home.CreateDBInstanceAsync(RdsLab.Instance("shop"));
        await Until(async () => (await RdsLab.Described(home, "shop")).DBInstanceStatus == "available");
        await home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "shop", ManageMasterUserPassword = true, ApplyImmediately = true });
        await Until(async () => (await RdsLab.Described(home, "shop")) is { DBInstanceStatus: "available", MasterUserSecret.SecretStatus: "active" });
        var instance = await RdsLab.Described(home, "shop");
        var answer = (GetSecretValueResponse)await world.Invoke(
            world.Iam.ContextForUser($"arn:aws:iam::{Account}:user/lab", "us-east-1"), "secretsmanager", new GetSecretValueRequest { SecretId = instance.MasterUserSecret.SecretArn });

        (await Should.ThrowAsync<PostgresException>(Ask(instance, "SELECT 1"))).SqlState.ShouldBe(PostgresErrorCodes.InvalidPassword);
        password = JsonDocument.Parse(answer.SecretString).RootElement.GetProperty("password").GetString()!;
        (await Ask(instance, "SELECT current_user::text")).ShouldBe("app");
    }

    [Fact]
    public async Task A_deleted_database_comes_back_from_its_retained_backup_to_its_last_second()
    {
        await Loaded("shop");
        var source = await RdsLab.Described(home, "shop");
        await Past(await Clock(source));
        await home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "shop", SkipFinalSnapshot = true, DeleteAutomatedBackups = false });
        await Until(async () => (await home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances is null);

        await home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest
        {
            SourceDbiResourceId = source.DbiResourceId, TargetDBInstanceIdentifier = "shop", UseLatestRestorableTime = true,
        });
        await Until(async () => (await RdsLab.Described(home, "shop")).DBInstanceStatus == "available");

        (await Ask(await RdsLab.Described(home, "shop"), "SELECT count(*) FROM item")).ShouldBe(20_000L);
        await home.DeleteDBInstanceAutomatedBackupAsync(new DeleteDBInstanceAutomatedBackupRequest { DbiResourceId = source.DbiResourceId });
        await Until(() => Task.FromResult(!Directory.Exists(engine.ArchiveFolder(source.DbiResourceId.ToLowerInvariant()))));
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Replicated_backups_restore_a_second_in_the_recovery_Region_also_when_the_database_is_gone()
    {
        await Loaded("shop");
        var source = await RdsLab.Described(home, "shop");
        await recovery.StartDBInstanceAutomatedBackupsReplicationAsync(new StartDBInstanceAutomatedBackupsReplicationRequest { SourceDBInstanceArn = source.DBInstanceArn });
        await Until(async () => (await Replica()).RestoreWindow is not null);
        // A second before the deletion must lie in the window, and be after the load.
        await ReplicatedPast((await Clock(source)).AddSeconds(2));
        await Ask(source, "DELETE FROM item WHERE id <= 500");
        var deleted = await Clock(source);
        await ReplicatedPast(deleted.AddSeconds(1));

        await RestoredFromReplica("before", deleted.AddSeconds(-1));
        await home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "shop", SkipFinalSnapshot = true });
        await Until(async () => (await home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances is null);
        await RestoredFromReplica("after", deleted.AddSeconds(1));

        (await Ask(await RdsLab.Described(recovery, "before"), "SELECT count(*) FROM item")).ShouldBe(20_000L);
        (await Ask(await RdsLab.Described(recovery, "after"), "SELECT count(*) FROM item")).ShouldBe(19_500L);
        var log = engine.ArchiveFolder(source.DbiResourceId.ToLowerInvariant());
        Directory.Exists(log).ShouldBeTrue();
        await recovery.DeleteDBInstanceAutomatedBackupAsync(new DeleteDBInstanceAutomatedBackupRequest { DBInstanceAutomatedBackupsArn = (await Replica()).DBInstanceAutomatedBackupsArn });
        await Until(() => Task.FromResult(!Directory.Exists(log)));
        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_a_swap_of_names_a_client_of_the_old_address_reads_the_restored_rows()
    {
        await Loaded("shop");
        var source = await RdsLab.Described(home, "shop");
        await Past(await Clock(source));
        await RestoredTo("shop-restored", null);
        await Ask(source, "DROP TABLE item");

        await Rename("shop", "shop-old");
        (await Should.ThrowAsync<Exception>(Ask(source, "SELECT 1"))).ShouldBeAssignableTo<System.Data.Common.DbException>();
        await Rename("shop-restored", "shop");

        (await Ask(source, "SELECT count(*) FROM item")).ShouldBe(20_000L);
        (await Should.ThrowAsync<PostgresException>(Ask(await RdsLab.Described(home, "shop-old"), "SELECT count(*) FROM item"))).SqlState.ShouldBe(PostgresErrorCodes.UndefinedTable);
        faults.ShouldBeEmpty();
    }

    private async Task Rename(string id, string to)
    {
        await home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = id, NewDBInstanceIdentifier = to, ApplyImmediately = true });
        await Until(async () => (await home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances.Any(i => i.DBInstanceIdentifier == to && i.DBInstanceStatus == "available"));
    }

    private async Task RestoredTo(string id, DateTime? time)
    {
        await home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest
        {
            SourceDBInstanceIdentifier = "shop", TargetDBInstanceIdentifier = id, RestoreTime = time, UseLatestRestorableTime = time is null ? true : null,
        });
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

    private async Task<DateTime> Clock(DBInstance at) => (DateTime)(await Ask(at, "SELECT clock_timestamp()"))!;

    /// <summary>Waits until all of a time can be restored.</summary>
    private Task Past(DateTime time) => Until(async () => (await RdsLab.Described(home, "shop")).LatestRestorableTime > time);

    private static async Task<DBClusterSnapshot> ClusterSnapshot(AmazonRDSClient rds) =>
        (await rds.DescribeDBClusterSnapshotsAsync(new DescribeDBClusterSnapshotsRequest { DBClusterSnapshotIdentifier = "nightly" })).DBClusterSnapshots[0];

    private async Task Loaded(string id)
    {
        await home.CreateDBInstanceAsync(RdsLab.Instance(id));
        await Until(async () => (await RdsLab.Described(home, id)).DBInstanceStatus == "available");
        await Ask(await RdsLab.Described(home, id), "CREATE TABLE item AS SELECT n AS id, repeat('x', 200) || n AS name FROM generate_series(1, 20000) n");
    }

    private async Task CopyOf(string id, string snapshot)
    {
        await home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = id, DBSnapshotIdentifier = snapshot });
        await Until(async () => (await RdsLab.SnapshotOf(home, snapshot)).Status == "available");
        await recovery.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = (await RdsLab.SnapshotOf(home, snapshot)).DBSnapshotArn, TargetDBSnapshotIdentifier = snapshot, SourceRegion = "us-east-1",
        });
        await Until(async () => (await RdsLab.SnapshotOf(recovery, snapshot)).Status == "available");
    }

    private async Task<DBInstance> Restored(string snapshot, string id)
    {
        await recovery.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest { DBInstanceIdentifier = id, DBSnapshotIdentifier = snapshot });
        await Until(async () => (await RdsLab.Described(recovery, id)).DBInstanceStatus == "available");
        return await RdsLab.Described(recovery, id);
    }

    private void Damage(string snapshot)
    {
        var file = new DirectoryInfo(Path.Combine(engine.SnapshotFolder(snapshot), "base")).EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(f => f.Length)!;
        using var stream = file.Open(FileMode.Open, FileAccess.ReadWrite);
        for (var at = 4_000L; at < stream.Length; at += 8_192)
        {
            stream.Position = at;
            var old = stream.ReadByte();
            stream.Position = at;
            stream.WriteByte((byte)(old ^ 1));
        }
    }

    private Task<object?> Ask(DBInstance at, string sql) => Ask(at.Endpoint.Address, at.Endpoint.Port!.Value, sql);

    private async Task<object?> Ask(string host, int port, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = host, Port = port, Database = "shop", Username = "app", Password = password, SslMode = SslMode.VerifyFull, RootCertificate = engine.AuthorityFile, Pooling = false,
        }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
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
