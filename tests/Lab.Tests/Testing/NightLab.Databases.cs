using System.Data.Common;
using System.Text.Json;

using Amazon.KeyManagementService;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;

using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines.MariaDb;
using Dbre.Lab.Engines.PostgreSql;
using Dbre.Lab.Services.Rds;

using MySqlConnector;

using Npgsql;

using Tag = Amazon.RDS.Model.Tag;

namespace Dbre.Lab.Tests.Testing;

/// <content>The databases, made as an engineer would make them, and what is there of them.</content>
public sealed partial class NightLab
{
    /// <summary>The rows of each database's one table.</summary>
    public const int Rows = 100;

    private const string Master = "master", MasterPassword = "correct-horse-battery";
    private const string Prover = "prover", ProverPassword = "staple-of-the-prover";
    private const string Canary = "canary", CanaryPassword = "song-of-the-canary";

    public IAmazonRDS Rds(string region = Region, string account = Account) => new AmazonRDSClient(Operator(account), At<AmazonRDSConfig>(region));

    public IAmazonKeyManagementService Kms(string region = Region, string account = Account) =>
        new AmazonKeyManagementServiceClient(Operator(account), At<AmazonKeyManagementServiceConfig>(region));

    /// <summary>An instance with rows, a prover's login, and the tag of the deployed policy.</summary>
    /// <param name="backupDays">Zero is no automated backups.</param>
    /// <param name="kmsKey">Null is the account's default key.</param>
    public async Task Instance(string id, int backupDays = 7, string? kmsKey = "alias/dbre")
    {
        using var rds = Rds();
        await rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = id, DBInstanceClass = "db.t4g.micro", Engine = "postgres", AllocatedStorage = 20, DBName = "app", MasterUsername = Master,
            MasterUserPassword = MasterPassword, StorageEncrypted = true, KmsKeyId = kmsKey, BackupRetentionPeriod = backupDays, Tags = Nightly,
        });
        await Load(await Available(rds, id));
        await Login(id);
    }

    /// <summary>The same on MariaDB.</summary>
    public async Task MariaDb(string id, int backupDays = 7)
    {
        using var rds = Rds();
        await rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = id, DBInstanceClass = "db.t4g.micro", Engine = "mariadb", AllocatedStorage = 20, DBName = "app", MasterUsername = Master,
            MasterUserPassword = MasterPassword, StorageEncrypted = true, KmsKeyId = "alias/dbre", BackupRetentionPeriod = backupDays, Tags = Nightly,
        });
        await Execute(
            await Available(rds, id),
            "CREATE TABLE item (id int AUTO_INCREMENT PRIMARY KEY, name varchar(250) NOT NULL, KEY by_name (name))",
            $"INSERT INTO item (name) SELECT CONCAT(REPEAT('x', 200), seq) FROM seq_1_to_{Rows}",
            $"CREATE USER {Prover}@'%' IDENTIFIED VIA mysql_native_password USING '{NativePassword.Of(ProverPassword)}'",
            $"GRANT SELECT, SHOW VIEW, TRIGGER ON *.* TO {Prover}@'%'");
        await Login(id, "mariadb");
    }

    /// <summary>Gives the canary's function a login that may make its table, and its secret.</summary>
    public async Task LetCanaryIn(string id)
    {
        using var rds = Rds();
        var at = await Described(rds, id);
        await Execute(at, at.Engine == "mariadb"
            ? [$"CREATE USER {Canary}@'%' IDENTIFIED VIA mysql_native_password USING '{NativePassword.Of(CanaryPassword)}'", $"GRANT CREATE, SELECT, INSERT, UPDATE ON dbre.* TO {Canary}@'%'"]
            : [$"CREATE ROLE {Canary} LOGIN PASSWORD '{ScramVerifier.Of(CanaryPassword)}'; GRANT CREATE ON DATABASE app TO {Canary}"]);
        await Keep(DatabaseLogin.CanarySecretOf(id), at.Engine, Canary, CanaryPassword);
    }

    /// <summary>The first sign of life in a database after another, read as a proof reads it.</summary>
    public async Task<DateTimeOffset> NextSign(string id, DateTimeOffset last)
    {
        using var rds = Rds();
        var at = await Described(rds, id);
        var (login, proof) = (new DatabaseLogin(Prover, new Secret(ProverPassword), "app"), new DatabaseMeasurement(host.DatabaseAuthorityFile, TimeProvider.System));
        return (await Until(
            async () => (await proof.Measure(at.Engine, at.Endpoint.Address, at.Endpoint.Port!.Value, login, default)) is { Canary: { } sign } found && sign > last ? found : null,
            $"A sign of life in '{id}' after {last:O}")).Canary!.Value;
    }

    /// <summary>Turns the automated backups of an instance on: from here on it can be restored to each second.</summary>
    public async Task BackUp(string id)
    {
        using var rds = Rds();
        await rds.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = id, BackupRetentionPeriod = 1, ApplyImmediately = true });
        await Until(async () => (await Described(rds, id)) is { DBInstanceStatus: "available", LatestRestorableTime: not null } there ? there : null, $"The first automated backup of '{id}'");
    }

    /// <summary>All that is a bill in both Regions, and would be one if it were left behind.</summary>
    public async Task<IReadOnlyList<string>> Inventory()
    {
        var found = new List<string>();
        foreach (var region in (string[])[Region, RecoveryRegion])
        {
            using var rds = Rds(region);
            found.AddRange(((await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances ?? []).Select(i => i.DBInstanceArn));
            found.AddRange(((await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest())).DBClusters ?? []).Select(c => c.DBClusterArn));
            found.AddRange(((await rds.DescribeDBInstanceAutomatedBackupsAsync(new DescribeDBInstanceAutomatedBackupsRequest())).DBInstanceAutomatedBackups ?? []).Select(b => $"backups of {b.DBInstanceArn}"));
            found.AddRange((await Snapshots(region)).Select(s => $"{s} in {region}"));
        }

        return found;
    }

    /// <summary>A cluster with one instance, with rows, a prover's login, and the tag of the deployed policy.</summary>
    public async Task Cluster(string id, string? kmsKey = "alias/dbre")
    {
        using var rds = Rds();
        await rds.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = id, Engine = "aurora-postgresql", DatabaseName = "app", MasterUsername = Master, MasterUserPassword = MasterPassword,
            StorageEncrypted = true, KmsKeyId = kmsKey, BackupRetentionPeriod = 7, Tags = Nightly,
        });
        await rds.CreateDBInstanceAsync(new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = id + "-1", DBClusterIdentifier = id, DBInstanceClass = "db.r6g.large", Engine = "aurora-postgresql",
        });
        await Load(await Available(rds, id + "-1"));
        await Login(id);
    }

    /// <summary>A read replica of an instance, with a login for the prover and the tag of the deployed policy.</summary>
    public async Task Replica(string source, string id)
    {
        using var rds = Rds();
        await rds.CreateDBInstanceReadReplicaAsync(new CreateDBInstanceReadReplicaRequest { SourceDBInstanceIdentifier = source, DBInstanceIdentifier = id, Tags = Nightly });
        await Available(rds, id);
        await Login(id);
    }

    public async Task StopInstance(string id)
    {
        using var rds = Rds();
        await rds.StopDBInstanceAsync(new StopDBInstanceRequest { DBInstanceIdentifier = id });
        await Until(async () => (await Described(rds, id)).DBInstanceStatus == "stopped" ? "stopped" : null, $"Stopping '{id}'");
    }

    /// <summary>Runs a statement in a database as its master user.</summary>
    public async Task Execute(string id, string sql, string region = Region, string account = Account)
    {
        using var rds = Rds(region, account);
        await Execute(await Described(rds, id), sql);
    }

    /// <summary>The databases that proofs restored and that are still there; each is a bill.</summary>
    public async Task<IReadOnlyList<string>> RestoredCopies(string region = RecoveryRegion, string account = Account)
    {
        using var rds = Rds(region, account);
        return [.. ((await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances ?? []).Select(i => i.DBInstanceIdentifier).Where(id => id.StartsWith("dbre-proof-", StringComparison.Ordinal))];
    }

    /// <summary>The manual snapshots of instances and clusters, by name.</summary>
    public async Task<IReadOnlyList<string>> Snapshots(string region = Region, string account = Account)
    {
        using var rds = Rds(region, account);
        var instances = (await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "manual" })).DBSnapshots ?? [];
        var clusters = (await rds.DescribeDBClusterSnapshotsAsync(new DescribeDBClusterSnapshotsRequest { SnapshotType = "manual" })).DBClusterSnapshots ?? [];
        return [.. instances.Select(s => s.DBSnapshotIdentifier).Concat(clusters.Select(s => s.DBClusterSnapshotIdentifier)).Order(StringComparer.Ordinal)];
    }

    /// <summary>Flips a bit in every page of the largest table of a stored snapshot, as a disk that rots would.</summary>
    public void Damage(string snapshot, string region = RecoveryRegion)
    {
        var folder = Path.Combine(host.Engine.SnapshotFolder(RdsService.StoredSnapshot(Account, region, snapshot)), "base");

        // The table's own file: template databases have larger ones that nobody reads.
        var database = new DirectoryInfo(folder).EnumerateDirectories().MaxBy(d => int.Parse(d.Name, System.Globalization.CultureInfo.InvariantCulture))!;
        foreach (var file in database.EnumerateFiles().Where(f => int.TryParse(f.Name, out var number) && number >= FirstUserObject && f.Length > 0))
        {
            using var stream = file.Open(FileMode.Open, FileAccess.ReadWrite);
            for (var at = PageSize / 2L; at < stream.Length; at += PageSize)
            {
                stream.Position = at;
                var old = stream.ReadByte();
                stream.Position = at;
                stream.WriteByte((byte)(old ^ 1));
            }
        }
    }

    /// <summary>The same of a stored snapshot of MariaDB: every page after those that describe the file.</summary>
    public void DamageMariaDb(string snapshot)
    {
        const int page = 16 * 1024, describing = 3;
        var folder = host.MariaDb.SnapshotFolder(RdsService.StoredSnapshot(Account, RecoveryRegion, snapshot));
        using var stream = File.Open(Path.Combine(folder, "app", "item.ibd"), FileMode.Open, FileAccess.ReadWrite);
        for (var at = (describing * (long)page) + (page / 2); at < stream.Length; at += page)
        {
            stream.Position = at;
            var old = stream.ReadByte();
            stream.Position = at;
            stream.WriteByte((byte)(old ^ 1));
        }
    }

    // PostgreSQL's FirstNormalObjectId and BLCKSZ.
    private const int FirstUserObject = 16384, PageSize = 8192;

    private static List<Tag> Nightly => [new() { Key = "dbre:policy", Value = "nightly" }, new() { Key = "team", Value = "payments" }];

    private static async Task<DBInstance> Described(IAmazonRDS rds, string id) =>
        (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id })).DBInstances[0];

    private static Task<DBInstance> Available(IAmazonRDS rds, string id) => Until(
        async () => await Described(rds, id) is { DBInstanceStatus: "available" } there ? there : null, $"'{id}' being available");

    private async Task Load(DBInstance at) => await Execute(at, $"""
        CREATE TABLE item AS SELECT n AS id, repeat('x', 200) || n AS name FROM generate_series(1, {Rows}) n;
        CREATE ROLE {Prover} LOGIN PASSWORD '{ScramVerifier.Of(ProverPassword)}';
        GRANT pg_read_all_data TO {Prover};
        """);

    private async Task Execute(DBInstance at, params string[] statements)
    {
        var (login, address, port) = (new DatabaseLogin(Master, new Secret(MasterPassword), "app"), at.Endpoint.Address, at.Endpoint.Port!.Value);
        await using DbConnection connection = at.Engine == "mariadb"
            ? new MySqlConnection(login.MySql(address, port, host.DatabaseAuthorityFile).ConnectionString)
            : new NpgsqlConnection(login.PostgreSql(address, port, host.DatabaseAuthorityFile).ConnectionString);
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The tests' own statements.
            command.CommandText = statement;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
    }

    private Task Login(string database, string engine = "postgres") => Keep(DatabaseLogin.SecretOf(database), engine, Prover, ProverPassword);

    private async Task Keep(string secret, string engine, string username, string password)
    {
        using var secrets = new AmazonSecretsManagerClient(Operator(Account), At<AmazonSecretsManagerConfig>(Region));
        var content = new { engine, username, password, dbname = "app" };
        await secrets.CreateSecretAsync(new CreateSecretRequest { Name = secret, SecretString = JsonSerializer.Serialize(content) });
    }
}
