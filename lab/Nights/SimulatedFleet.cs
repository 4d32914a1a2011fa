using System.Globalization;
using System.Text.Json;

using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.Scheduler.Model;
using Amazon.SecretsManager.Model;

using Dbre.Lab.Services;
using Dbre.Lab.Simulation;

using Tag = Amazon.RDS.Model.Tag;

namespace Dbre.Lab.Nights;

/// <summary>
/// The databases of a simulated account, made as an engineer would: most are instances, one in five an Aurora cluster; some are not encrypted,
/// some under the default key, one in nine a read replica; a third have a table that grows all the time.
/// </summary>
public sealed class SimulatedFleet
{
    /// <summary>In every password, so that one that gets out is found.</summary>
    public const string PasswordMark = "hush-hush";

    private static readonly TimeSpan LongestBirth = TimeSpan.FromHours(1);

    private readonly SimulatedCloud cloud;
    private readonly CallContext engineer;

    private SimulatedFleet(SimulatedCloud cloud)
    {
        this.cloud = cloud;
        engineer = cloud.World.Iam.ContextForUser(cloud.World.Iam.CreateUser(SimulatedCloud.Account, "engineer", "AKIAENGINEER", "engineer").Arn, SimulatedCloud.HomeRegion);
    }

    /// <summary>Their identifiers.</summary>
    public IReadOnlyList<string> Databases { get; private init; } = [];

    /// <summary>Makes the databases and lets the time pass until they are there.</summary>
    /// <param name="numbers">Which kinds there are follows from the numbers.</param>
    public static SimulatedFleet Make(SimulatedCloud cloud, IReadOnlyList<int> numbers)
    {
        var fleet = new SimulatedFleet(cloud) { Databases = [.. numbers.Select(Name)] };
        foreach (var i in numbers)
        {
            fleet.Create(i);
        }

        cloud.Clock.Advance(LongestBirth);
        foreach (var i in numbers)
        {
            fleet.FillAndTell(i);
        }

        // Replicas need their sources' backups, so they come last.
        foreach (var i in numbers.Where(IsReplica))
        {
            fleet.Do<CreateDBInstanceReadReplicaResponse>("rds", new CreateDBInstanceReadReplicaRequest { DBInstanceIdentifier = Name(i), SourceDBInstanceIdentifier = Name(0), Tags = Tags });
        }

        cloud.Clock.Advance(LongestBirth);
        return fleet;
    }

    /// <summary>Restores are not drilled: for worlds in which something else is looked at.</summary>
    public void NeverDrill() => Do<DeleteScheduleResponse>("scheduler", new DeleteScheduleRequest { GroupName = "dbre", Name = "restore-drill-nightly" });

    /// <summary>Does something as a person with all permissions would.</summary>
    public T Do<T>(string service, AmazonWebServiceRequest request, string region = SimulatedCloud.HomeRegion) where T : AmazonWebServiceResponse =>
        cloud.Clock.Run(Ask<T>(service, request, region), TimeSpan.FromMinutes(1));

    private async Task<T> Ask<T>(string service, AmazonWebServiceRequest request, string region) where T : AmazonWebServiceResponse =>
        (T)await cloud.World.Invoke(engineer with { Region = region }, service, request).ConfigureAwait(false);

    private static List<Tag> Tags => [new() { Key = "dbre:policy", Value = "nightly" }, new() { Key = "team", Value = "payments" }];

    private static string Name(int i) => string.Create(CultureInfo.InvariantCulture, $"db-{i:D5}");

    private static bool IsCluster(int i) => i % 5 == 4;

    private static bool IsReplica(int i) => i % 9 == 8 && !IsCluster(i);

    private void Create(int i)
    {
        var key = (i % 4) switch { 1 => null, 2 => "alias/aws/rds", _ => "alias/dbre" };
        if (IsReplica(i))
        {
            return;
        }

        if (!IsCluster(i))
        {
            Do<CreateDBInstanceResponse>("rds", new CreateDBInstanceRequest
            {
                DBInstanceIdentifier = Name(i), DBInstanceClass = "db.t4g.medium", Engine = "postgres", AllocatedStorage = 20, DBName = "app", MasterUsername = "master",
                MasterUserPassword = $"{PasswordMark}-master-{i}", StorageEncrypted = key is not null, KmsKeyId = key, BackupRetentionPeriod = 7, Tags = Tags,
            });
            return;
        }

        Do<CreateDBClusterResponse>("rds", new CreateDBClusterRequest
        {
            DBClusterIdentifier = Name(i), Engine = "aurora-postgresql", DatabaseName = "app", MasterUsername = "master", MasterUserPassword = $"{PasswordMark}-master-{i}",
            StorageEncrypted = true, KmsKeyId = "alias/dbre", BackupRetentionPeriod = 7, Tags = Tags,
        });
        Do<CreateDBInstanceResponse>("rds", new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = Name(i) + "-1", DBClusterIdentifier = Name(i), DBInstanceClass = "db.r6g.large", Engine = "aurora-postgresql",
        });
    }

    private void FillAndTell(int i)
    {
        Do<CreateSecretResponse>("secretsmanager", new CreateSecretRequest
        {
            Name = $"dbre/prover/{Name(i)}",
            SecretString = JsonSerializer.Serialize(new { engine = "postgres", username = "prover", password = $"{PasswordMark}-prover-{i}", dbname = "app" }),
        });
        if (IsReplica(i))
        {
            return;
        }

        var database = cloud.Engine.At(PortOf(i))!;
        database.Write("account", 1000 + i);
        database.Write("item", 200);
        if (i % 3 == 0)
        {
            database.Grow("event", 3600);
        }
    }

    private int PortOf(int i) => IsCluster(i)
        ? Do<DescribeDBClustersResponse>("rds", new DescribeDBClustersRequest { DBClusterIdentifier = Name(i) }).DBClusters[0].Port!.Value
        : Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest { DBInstanceIdentifier = Name(i) }).DBInstances[0].Endpoint.Port!.Value;
}
