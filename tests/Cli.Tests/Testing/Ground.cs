using System.Text;
using System.Text.Json.Nodes;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.StepFunctions.Model;

using AwsCompat.Server;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Logs;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Services.States;
using Dbre.Lab.Services.Sts;
using Dbre.Lab.Simulation;

namespace Dbre.Cli.Tests.Testing;

/// <summary>An emulated account in virtual time that holds what the command talks to: the flow, two of its functions, the ledger, the evidence bucket.</summary>
internal sealed class Ground : IDisposable
{
    internal const string Number = "111111111111", Region = "us-east-1", Bucket = "dbre-evidence-111111111111-us-east-1";

    private readonly CallContext user;
    private readonly string role;
    private readonly EvidenceStore store;

    private Ground()
    {
        World = new World(Clock, seed: 1);
        World.Iam.CreateUser(Number, "lab", "lab", "lab");
        user = World.Iam.ContextForUser($"arn:aws:iam::{Number}:user/lab", Region);
        role = World.Iam.CreateRole(Number, "worker", """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["lambda.amazonaws.com","states.amazonaws.com"]},"Action":"sts:AssumeRole"}]}
            """).Arn;
        World.Iam.PutRolePolicy(role, "functions", """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"lambda:InvokeFunction","Resource":"*"}]}""");
        World.Add(new KmsService(World));
        World.Add(new StsService(World));
        World.Add(new LogsService(World));
        World.Add(new CloudWatchService(World));
        World.Add(new DynamoDbService(World));
        World.Add(new S3Service(World));
        World.Add(new RdsService(World, new StubEngine(Clock, 7, StubPace.OneSecond)));
        World.Add(new LambdaService(World, new InProcessFunctionHost(Answer)));
        World.Add(new StepFunctionsService(World));

        // The SDK signs by the machine's clock, the emulated world goes by the virtual one.
        var http = new InMemoryHttp(new ServiceGateway(World, ServiceWires.All, (_, e) => Faults.Add(e), TimeProvider.System));
        Account = new Account(Number, Region, new BasicAWSCredentials("lab", "lab"), config =>
        {
            config.ServiceURL = "http://lab.internal";
            config.HttpClientFactory = http;
            config.MaxErrorRetry = 0;
            if (config is AmazonS3Config objects)
            {
                objects.ForcePathStyle = true;
            }
        }, $"arn:aws:iam::{Number}:user/lab");
        store = new EvidenceStore(Account.Objects, Bucket, new Ledger(Account.Tables, "dbre-ledger", Clock));
        Caller = new Caller(_ => Task.FromResult(Account), Clock);
    }

    internal VirtualClock Clock { get; } = new(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));

    internal World World { get; }

    internal Account Account { get; }

    internal Caller Caller { get; }

    /// <summary>Exceptions that no service meant to throw.</summary>
    internal List<Exception> Faults { get; } = [];

    /// <summary>What the functions were called with.</summary>
    internal List<(string Function, JsonObject Event)> Calls { get; } = [];

    /// <summary>A function's name to its answer.</summary>
    internal Dictionary<string, Func<JsonObject, Task<JsonNode>>> Functions { get; } = new(StringComparer.Ordinal);

    /// <summary>An account with a bucket and a ledger, and nothing in them.</summary>
    internal static async Task<Ground> WithLedger()
    {
        var ground = new Ground();
        await ground.Account.Objects.PutBucketAsync(Bucket);
        await ground.Account.Tables.CreateTableAsync(new CreateTableRequest
        {
            TableName = "dbre-ledger",
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("pk", "S"), new("sk", "S")],
            KeySchema = [new("pk", "HASH"), new("sk", "RANGE")],
        });
        return ground;
    }

    /// <summary>An account in which nothing is deployed.</summary>
    internal static Ground Bare() => new();

    /// <summary>Deploys a flow of this definition.</summary>
    internal async Task<string> DeployFlow(string name, string definition) => (await Ask<CreateStateMachineResponse>(
        "states", new CreateStateMachineRequest { Name = name, Definition = definition, RoleArn = role })).StateMachineArn;

    /// <summary>Deploys a function that answers so.</summary>
    internal async Task Deploy(string function, Func<JsonObject, Task<JsonNode>> answer)
    {
        Functions[function] = answer;
        World.Artifacts.Publish("assets", function, Caller.Folder);
        await Ask<CreateFunctionResponse>("lambda", new CreateFunctionRequest
        {
            FunctionName = function, Runtime = Runtime.FindValue("dotnet10"), Handler = function, Role = role, Timeout = 30, MemorySize = 512,
            Code = new FunctionCode { S3Bucket = "assets", S3Key = function },
        });
    }

    internal Task<StartExecutionResponse> Start(string machine, string name, string input = "{}") =>
        Ask<StartExecutionResponse>("states", new StartExecutionRequest { StateMachineArn = machine, Name = name, Input = input });

    /// <summary>Writes a record as <c>WriteEvidence</c> does, and gives its key.</summary>
    internal async Task<string> Append(JsonObject record) =>
        (await store.Append((string)record["automation"]!, (string)record["operationId"]!, record, CancellationToken.None)).Key;

    internal async Task<string> Read(string key)
    {
        using var found = await Account.Objects.GetObjectAsync(Bucket, key);
        using var reader = new StreamReader(found.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    internal Task Overwrite(string key, string content) =>
        Account.Objects.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = content });

    public void Dispose()
    {
        Caller.Dispose();
        Faults.ShouldBeEmpty();
    }

    private async Task<T> Ask<T>(string service, AmazonWebServiceRequest request) where T : AmazonWebServiceResponse => (T)await World.Invoke(user, service, request);

    private async Task<ReadOnlyMemory<byte>> Answer(LambdaFunction function, ReadOnlyMemory<byte> payload, string requestId)
    {
        var given = JsonNode.Parse(payload.Span)!.AsObject();
        Calls.Add((function.Name, given));
        return Encoding.UTF8.GetBytes((await Functions[function.Name](given)).ToJsonString());
    }
}
