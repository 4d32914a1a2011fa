using System.Text.Json;

using Amazon.CloudWatch.Model;
using Amazon.RDS.Model;
using Amazon.SecretsManager.Model;

using Dbre.Functions.Snapshots;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Nights;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;

using Tag = Amazon.RDS.Model.Tag;

namespace Dbre.Functions.Tests.Testing;

/// <summary>
/// Two calm nights of more databases than AWS lets be copied at a time, at AWS's pace: the deployed stacks, functions and state machines in
/// virtual time, with every call written down. Once for all tests that look at them.
/// </summary>
public sealed class RehearsedNights : IDisposable
{
    /// <summary>25 instances and 6 clusters: AWS copies 20 and 5 at a time to one Region.</summary>
    public const int Databases = 31, Nights = 2;

    private const string WithOptions = "db-with-options";
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 21, 0, 0, TimeSpan.Zero);

    private readonly SimulatedCloud cloud;
    private readonly SimulatedFleet fleet;
    private readonly List<ObservedCall> calls = [];
    private readonly List<(string Function, int Calls, string? Error)> invocations = [];

    public RehearsedNights()
    {
        cloud = SimulatedCloud.Deploy(new SimulationGround(1, Start, AssemblyFolder) { Pace = StubPace.AsAws }, c => new FunctionsInProcess(c, SafetyRules.InForce).Run);
        cloud.Rds.Quotas = new RdsQuotas { Instances = 1000, Clusters = 1000 };
        fleet = SimulatedFleet.Make(cloud, [.. Enumerable.Range(0, Databases - 1)]);
        fleet.NeverDrill();
        MakeWithOptions();
        cloud.Called += calls.Add;
        cloud.Weather.Ended += (invocation, answer) => invocations.Add((invocation.Function.Name, invocation.Calls, answer.Error));
        cloud.Clock.Advance(new DateTimeOffset(Start.Date, TimeSpan.Zero).AddDays(1 + Nights) - cloud.Clock.GetUtcNow());
    }

    /// <summary>The templates as they would be deployed.</summary>
    public static string AssemblyFolder { get; } = Path.Combine(Root(), "cdk.out");

    /// <summary>The functions' calls, as the services saw them.</summary>
    public IEnumerable<ObservedCall> Calls => calls.Where(c => c.PrincipalArn.Contains(":assumed-role/dbre-", StringComparison.Ordinal));

    /// <summary>How each invocation ended, and how many calls it made.</summary>
    public IReadOnlyList<(string Function, int Calls, string? Error)> Invocations => invocations;

    public IReadOnlyList<DBSnapshot> InstanceCopies => fleet.Do<DescribeDBSnapshotsResponse>("rds", new DescribeDBSnapshotsRequest(), SimulatedCloud.RecoveryRegion).DBSnapshots;

    public IReadOnlyList<DBClusterSnapshot> ClusterCopies =>
        fleet.Do<DescribeDBClusterSnapshotsResponse>("rds", new DescribeDBClusterSnapshotsRequest(), SimulatedCloud.RecoveryRegion).DBClusterSnapshots;

    /// <summary>The key that copies in the recovery Region are to be under.</summary>
    public string RecoveryKey => fleet.Do<Amazon.KeyManagementService.Model.DescribeKeyResponse>(
        "kms", new Amazon.KeyManagementService.Model.DescribeKeyRequest { KeyId = "alias/dbre" }, SimulatedCloud.RecoveryRegion).KeyMetadata.Arn;

    /// <summary>Names of the alarms that went off, at whatever time.</summary>
    public IReadOnlyList<string> Alarms => [.. fleet.Do<DescribeAlarmsResponse>("monitoring", new DescribeAlarmsRequest()).MetricAlarms.Where(a => a.StateValue == "ALARM").Select(a => a.AlarmName)];

    /// <summary>The copies of the one database that has an option group of its own.</summary>
    public IEnumerable<DBSnapshot> CopiesWithOptions => InstanceCopies.Where(c => c.DBInstanceIdentifier == WithOptions);

    public void Dispose() => cloud.Dispose();

    private void MakeWithOptions()
    {
        foreach (var region in (string[])[SimulatedCloud.HomeRegion, SimulatedCloud.RecoveryRegion])
        {
            fleet.Do<CreateOptionGroupResponse>(
                "rds", new CreateOptionGroupRequest { OptionGroupName = "audited", EngineName = "postgres", MajorEngineVersion = "15", OptionGroupDescription = "of this test" }, region);
        }

        fleet.Do<CreateDBInstanceResponse>("rds", new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = WithOptions, DBInstanceClass = "db.t4g.medium", Engine = "postgres", AllocatedStorage = 20, DBName = "app", MasterUsername = "master",
            MasterUserPassword = "correct-horse-9", StorageEncrypted = true, KmsKeyId = "alias/dbre", BackupRetentionPeriod = 7, OptionGroupName = "audited",
            Tags = [new Tag { Key = "dbre:policy", Value = "nightly" }],
        });
        fleet.Do<CreateSecretResponse>("secretsmanager", new CreateSecretRequest
        {
            Name = "dbre/prover/" + WithOptions,
            SecretString = JsonSerializer.Serialize(new { engine = "postgres", username = "prover", password = "correct-horse-9", dbname = "app" }),
        });
        cloud.Clock.Advance(TimeSpan.FromMinutes(30));
        var port = fleet.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest { DBInstanceIdentifier = WithOptions }).DBInstances[0].Endpoint.Port!.Value;
        cloud.Engine.At(port)!.Write("item", 10);
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Serverless.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run inside the repository: no folder above them has Serverless.sln.");
        }

        return folder.FullName;
    }
}
