using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Amazon.SecretsManager.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core.Proof;
using Dbre.Lab.Host;

using Npgsql;

namespace Dbre.Bench;

/// <summary>
/// From the wish to have a database of 520,000 rows, about 100 MB, back as it was at a second, to a restored one whose every row was read: the deployed flow in the
/// lab, and PostgreSQL's own commands typed by somebody who has them all in his fingers. Both replay the log of all rows onto a backup of an empty database.
/// </summary>
internal static class RestoreToProven
{
    private const int Rounds = 5;
    private const string Region = "us-east-1";
    private const string Password = "correct-horse-battery";
    private const string Sum = "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM item t";
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly string[] Parts = ["preflight", "restore", "configure", "prove"];

    public static async Task Run()
    {
        Report.Heading("Restore to a second, proven");
        var state = Path.Combine(Path.GetTempPath(), $"dbre-bench-{Environment.ProcessId}");
        var lab = await LabHost.Start(new LabOptions(0, state, "cdk.out"), TimeProvider.System, CancellationToken.None).ConfigureAwait(false);
        await using var disposeLab = lab.ConfigureAwait(false);
        var raw = new RawPostgreSql();
        await using var disposeRaw = raw.ConfigureAwait(false);
        var second = await Fill(lab).ConfigureAwait(false);
        await raw.Make("SELECT 1").ConfigureAwait(false);
        await raw.Snapshot("empty").ConfigureAwait(false);
        await raw.Execute(DatabaseWork.Load).ConfigureAwait(false);
        var rawSecond = TimeProvider.System.GetUtcNow();
        await raw.Execute("CREATE TABLE later AS SELECT 1").ConfigureAwait(false);
        await raw.CloseLog().ConfigureAwait(false);

        var (ours, theirs, parts) = (new Samples(), new Samples(), Parts.ToDictionary(p => p, _ => new Samples()));
        for (var round = 0; round < Rounds; round++)
        {
            var name = $"orders-{round}";
            await ours.Add(async () =>
            {
                var rto = await Restore(lab, name, second).ConfigureAwait(false);
                parts.ToList().ForEach(part => part.Value.Add((double?)rto[part.Key] ?? 0));
            }).ConfigureAwait(false);
            await Ask<DeleteDBInstanceResponse>(lab, "rds", new DeleteDBInstanceRequest { DBInstanceIdentifier = name, SkipFinalSnapshot = true }).ConfigureAwait(false);
            await theirs.Add(() => raw.RestoreToTime("empty", rawSecond, "restored", Sum)).ConfigureAwait(false);
            await raw.Clear("restored").ConfigureAwait(false);
        }

        Report.Line("the flow, from its start to its evidence", ours);
        foreach (var (part, samples) in parts)
        {
            Report.Line($"    {part}", samples);
        }

        Report.Line("raw commands", theirs);
        Report.Ratio("the flow to raw commands", ours.Median, theirs.Median);
    }

    /// <returns>The second after all rows were there.</returns>
    private static async Task<DateTimeOffset> Fill(LabHost lab)
    {
        await Ask<CreateDBInstanceResponse>(lab, "rds", new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = "orders", DBInstanceClass = "db.t4g.medium", Engine = "postgres", AllocatedStorage = 20, DBName = "app", MasterUsername = "master",
            MasterUserPassword = Password, BackupRetentionPeriod = 7,
        }).ConfigureAwait(false);
        var made = await Until(() => Described(lab), i => i.DBInstanceStatus == "available" && i.LatestRestorableTime is not null).ConfigureAwait(false);
        await Ask<CreateSecretResponse>(lab, "secretsmanager", new CreateSecretRequest
        {
            Name = "dbre/prover/orders", SecretString = new JsonObject { ["engine"] = "postgres", ["username"] = "master", ["password"] = Password, ["dbname"] = "app" }.ToJsonString(),
        }).ConfigureAwait(false);
        using var connection = new NpgsqlConnection(new DatabaseLogin("master", new Secret(Password), "app").PostgreSql(made.Endpoint.Address, made.Endpoint.Port!.Value, lab.DatabaseAuthorityFile).ConnectionString);
        await connection.OpenAsync().ConfigureAwait(false);
        using var load = new NpgsqlCommand(DatabaseWork.Load, connection) { CommandTimeout = 300 };
        await load.ExecuteNonQueryAsync().ConfigureAwait(false);
        var now = TimeProvider.System.GetUtcNow();
        var second = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        await Until(() => Described(lab), i => i.LatestRestorableTime > second.UtcDateTime).ConfigureAwait(false);
        return second;
    }

    private static async Task<JsonNode> Restore(LabHost lab, string name, DateTimeOffset second)
    {
        var machine = $"arn:aws:states:{Region}:111111111111:stateMachine:pitr-restore";
        var input = new JsonObject
        {
            ["source"] = "orders", ["to"] = second.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["as"] = name, ["purpose"] = "beside", ["requestedBy"] = "bench",
        };
        var started = await Ask<StartExecutionResponse>(lab, "states", new StartExecutionRequest { StateMachineArn = machine, Name = name, Input = input.ToJsonString() }).ConfigureAwait(false);
        var ended = await Until(
            () => Ask<DescribeExecutionResponse>(lab, "states", new DescribeExecutionRequest { ExecutionArn = started.ExecutionArn }), e => e.Status != ExecutionStatus.RUNNING).ConfigureAwait(false);
        return ended.Status == ExecutionStatus.SUCCEEDED
            ? (await Evidence(lab, name).ConfigureAwait(false))["measured"]!["rto"]!
            : throw new InvalidOperationException($"The restore ended {ended.Status}: {ended.Cause}");
    }

    private static async Task<JsonNode> Evidence(LabHost lab, string name)
    {
        var bucket = $"dbre-evidence-111111111111-{Region}";
        using var objects = new AmazonS3Client(
            new BasicAWSCredentials("lab", "lab"), new AmazonS3Config { ServiceURL = lab.Address.ToString(), AuthenticationRegion = Region, ForcePathStyle = true });
        var found = await objects.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket, Prefix = $"evidence/pitr-restore/{name}/" }).ConfigureAwait(false);
        using var stored = await objects.GetObjectAsync(bucket, found.S3Objects[0].Key).ConfigureAwait(false);
        return (await JsonNode.ParseAsync(stored.ResponseStream).ConfigureAwait(false))!;
    }

    private static async Task<DBInstance> Described(LabHost lab) =>
        (await Ask<DescribeDBInstancesResponse>(lab, "rds", new DescribeDBInstancesRequest { DBInstanceIdentifier = "orders" }).ConfigureAwait(false)).DBInstances[0];

    private static async Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> holds)
    {
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        for (var found = await look().ConfigureAwait(false); ; found = await look().ConfigureAwait(false))
        {
            if (holds(found))
            {
                return found;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token).ConfigureAwait(false);
        }
    }

    private static async Task<T> Ask<T>(LabHost lab, string service, AmazonWebServiceRequest request) where T : AmazonWebServiceResponse =>
        (T)await lab.World.Invoke(lab.World.Iam.ContextForUser("arn:aws:iam::111111111111:user/operator", Region), service, request).ConfigureAwait(false);
}
