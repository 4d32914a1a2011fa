using System.Text.Json;

using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;

using Dbre.Lab.Simulation;

using Tag = Amazon.RDS.Model.Tag;

namespace Dbre.Simulation.Tests.Testing;

/// <summary>The drill's databases: an instance and a cluster, both under the default key, which no other account can use.</summary>
internal static class DrillDatabases
{
    private const string Instance = "orders";
    private const string Cluster = "ledger";

    private static readonly TimeSpan LongestBirth = TimeSpan.FromHours(1);

    public static void Make(SimulatedCloud cloud, Engineer engineer)
    {
        var tags = new List<Tag> { new() { Key = "dbre:policy", Value = "nightly" } };
        engineer.Do<CreateDBInstanceResponse>("rds", new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = Instance, DBInstanceClass = "db.t4g.medium", Engine = "postgres", AllocatedStorage = 20, DBName = "app", MasterUsername = "master",
            MasterUserPassword = "master-password", StorageEncrypted = true, BackupRetentionPeriod = 7, Tags = tags,
        });
        engineer.Do<CreateDBClusterResponse>("rds", new CreateDBClusterRequest
        {
            DBClusterIdentifier = Cluster, Engine = "aurora-postgresql", DatabaseName = "app", MasterUsername = "master", MasterUserPassword = "master-password",
            StorageEncrypted = true, BackupRetentionPeriod = 7, Tags = tags,
        });
        engineer.Do<CreateDBInstanceResponse>("rds", new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = Cluster + "-1", DBClusterIdentifier = Cluster, DBInstanceClass = "db.r6g.large", Engine = "aurora-postgresql",
        });
        cloud.Clock.Advance(LongestBirth);
        Fill(cloud, Instance, engineer.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest { DBInstanceIdentifier = Instance }).DBInstances[0].Endpoint.Port!.Value, engineer);
        Fill(cloud, Cluster, engineer.Do<DescribeDBClustersResponse>("rds", new DescribeDBClustersRequest { DBClusterIdentifier = Cluster }).DBClusters[0].Port!.Value, engineer);
    }

    private static void Fill(SimulatedCloud cloud, string database, int port, Engineer engineer)
    {
        cloud.Engine.At(port)!.Write("account", 1000);
        foreach (var user in (string[])["prover", "canary"])
        {
            engineer.Do<CreateSecretResponse>("secretsmanager", new CreateSecretRequest
            {
                Name = $"dbre/{user}/{database}", SecretString = JsonSerializer.Serialize(new { engine = "postgres", username = user, password = $"{user}-password", dbname = "app" }),
            });
        }
    }
}
