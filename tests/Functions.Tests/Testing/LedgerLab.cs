using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Amazon.S3;

using AwsCompat.Server;

using Dbre.Functions.Core;
using Dbre.Functions.Runtime;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Services;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.S3;

namespace Dbre.Functions.Tests.Testing;

/// <summary>The ledger and the run files on the emulated services, with every call counted.</summary>
internal sealed class LedgerLab
{
    private const string Account = "111111111111";

    internal LedgerLab()
    {
        var world = new World(Clock, seed: 1);
        world.Iam.CreateUser(Account, "lab", "lab", "lab");
        world.Add(new DynamoDbService(world));
        world.Add(new S3Service(world));
        var gateway = new ServiceGateway(world, ServiceWires.All, null, TimeProvider.System) { Observe = call => Calls.Add($"{call.Service}:{call.Operation}{(call.Error is null ? "" : " " + call.Error)}") };
        var http = new InMemoryHttp(gateway);
        var credentials = new BasicAWSCredentials("lab", "lab");
        var dynamo = new AmazonDynamoDBClient(credentials, Config<AmazonDynamoDBConfig>(http));
        dynamo.CreateTableAsync(new CreateTableRequest
        {
            TableName = "dbre-ledger",
            KeySchema = [new("pk", KeyType.HASH), new("sk", KeyType.RANGE)],
            AttributeDefinitions = [new("pk", ScalarAttributeType.S), new("sk", ScalarAttributeType.S)],
            BillingMode = BillingMode.PAY_PER_REQUEST,
        }).GetAwaiter().GetResult();
        Ledger = new Ledger(dynamo, "dbre-ledger", Clock);
        var config = Config<AmazonS3Config>(http);
        config.ForcePathStyle = true;
        Objects = new AmazonS3Client(credentials, config);
        Objects.PutBucketAsync("runs").GetAwaiter().GetResult();
        Files = new RunFiles(Objects, new Settings("Test", "us-east-1", "dbre-ledger", "evidence", "runs", "", "", "", []));
        Calls.Clear();
    }

    internal SetClock Clock { get; } = new();
    internal Ledger Ledger { get; }
    internal RunFiles Files { get; }
    internal AmazonS3Client Objects { get; }

    /// <summary>Every call since the lab was made: service, operation, and the error if there was one.</summary>
    internal List<string> Calls { get; } = [];

    private static TConfig Config<TConfig>(InMemoryHttp http) where TConfig : ClientConfig, new() =>
        new() { ServiceURL = "http://lab.internal", AuthenticationRegion = "us-east-1", HttpClientFactory = http, MaxErrorRetry = 0 };

    /// <summary>A clock that a test sets.</summary>
    internal sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
