using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;

using Dbre.Functions.Core.Proof;

using Tag = Amazon.RDS.Model.Tag;

namespace Dbre.Cli.Drill;

/// <summary>Makes the drill's databases as an engineer would: through the RDS API, over TLS, with a read-only login for the prover.</summary>
internal sealed class DrillFleet(LabClients clients, string region, string authorityFile, TimeProvider clock)
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Makes a database, fills it, and gives the rows it holds.</summary>
    public async Task<long> Make(DrillDatabase database, CancellationToken stop) => (await MakeLoaded(database, stop).ConfigureAwait(false)).Rows;

    /// <summary>The same, and how its application logs in.</summary>
    public async Task<LoadedDatabase> MakeLoaded(DrillDatabase database, CancellationToken stop)
    {
        var (master, prover) = (NewPassword(), NewPassword());
        await Create(database, master, stop).ConfigureAwait(false);
        var (address, port) = await Available(database, stop).ConfigureAwait(false);
        var made = new LoadedDatabase(database.Engine, new DatabaseLogin("master", master, "app"), address, port, 0, authorityFile);
        await made.Execute(database.Load.Select(l => l.Replace("{rows}", database.Rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)).Concat(database.Engine.Prover(prover.Value)), stop).ConfigureAwait(false);
        await Keep(database, prover, address, port, stop).ConfigureAwait(false);
        return made with { Rows = await made.Count(stop).ConfigureAwait(false) };
    }

    private async Task Create(DrillDatabase database, Secret master, CancellationToken stop)
    {
        using var rds = clients.Rds(region);
        List<Tag> tags = [new() { Key = "dbre:policy", Value = "nightly" }, new() { Key = "team", Value = "payments" }];
        if (!database.Cluster)
        {
            await rds.CreateDBInstanceAsync(
                new CreateDBInstanceRequest
                {
                    DBInstanceIdentifier = database.Id, DBInstanceClass = "db.t4g.medium", Engine = database.Engine.Name, AllocatedStorage = 20, DBName = "app",
                    MasterUsername = "master", MasterUserPassword = master.Value, StorageEncrypted = true, KmsKeyId = "alias/dbre", BackupRetentionPeriod = 7, Tags = tags,
                },
                stop).ConfigureAwait(false);
            return;
        }

        await rds.CreateDBClusterAsync(
            new CreateDBClusterRequest
            {
                DBClusterIdentifier = database.Id, Engine = "aurora-postgresql", DatabaseName = "app", MasterUsername = "master", MasterUserPassword = master.Value,
                StorageEncrypted = true, KmsKeyId = "alias/dbre", BackupRetentionPeriod = 7, Tags = tags,
            },
            stop).ConfigureAwait(false);
        await rds.CreateDBInstanceAsync(
            new CreateDBInstanceRequest { DBInstanceIdentifier = database.Id + "-1", DBClusterIdentifier = database.Id, DBInstanceClass = "db.r6g.large", Engine = "aurora-postgresql" }, stop).ConfigureAwait(false);
    }

    private async Task<(string Address, int Port)> Available(DrillDatabase database, CancellationToken stop)
    {
        using var rds = clients.Rds(region);
        var give = clock.GetUtcNow() + LongestStart;
        var instanceId = database.Cluster ? database.Id + "-1" : database.Id;
        while (true)
        {
            var instance = (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = instanceId }, stop).ConfigureAwait(false)).DBInstances[0];
            if (instance.DBInstanceStatus == "available" && !database.Cluster)
            {
                return (instance.Endpoint.Address, instance.Endpoint.Port!.Value);
            }

            if (instance.DBInstanceStatus == "available")
            {
                var cluster = (await rds.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = database.Id }, stop).ConfigureAwait(false)).DBClusters[0];
                return (cluster.Endpoint, cluster.Port!.Value);
            }

            if (clock.GetUtcNow() > give || instance.DBInstanceStatus is "failed")
            {
                throw new DrillException($"Database '{database.Id}' is {instance.DBInstanceStatus} and not available after {LongestStart.TotalSeconds:0} s.");
            }

            await Task.Delay(Look, clock, stop).ConfigureAwait(false);
        }
    }

    private async Task Keep(DrillDatabase database, Secret password, string address, int port, CancellationToken stop)
    {
        using var secrets = clients.Secrets(region);
        var content = new { engine = database.Engine.Name, host = address, port, username = "prover", password = password.Value, dbname = "app" };
        await secrets.CreateSecretAsync(new CreateSecretRequest { Name = DatabaseLogin.SecretOf(database.Id), SecretString = JsonSerializer.Serialize(content) }, stop).ConfigureAwait(false);
    }

    private static Secret NewPassword() => new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
}
