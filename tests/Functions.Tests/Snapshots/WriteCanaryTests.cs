using System.Data.Common;
using System.Text.Json;

using Amazon.Lambda.Core;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SecretsManager.Model;

using AwsCompat.Server;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Services.SecretsManager;
using Dbre.Lab.Simulation;

using Moq;

namespace Dbre.Functions.Tests.Snapshots;

/// <summary>A fleet's signs of life in virtual time: a bounded number at once, and no database hinders another.</summary>
public sealed class WriteCanaryTests
{
    private const string Account = "111111111111", Region = "us-east-1";
    private const int Databases = WriteCanary.MostAtOnce + 40;

    private readonly VirtualClock clock = new(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
    private readonly World world;
    private readonly CallContext engineer;
    private readonly SlowServers servers;

    public WriteCanaryTests()
    {
        world = new World(clock, seed: 1);
        engineer = world.Iam.ContextForUser(world.Iam.CreateUser(Account, "lab", "lab", "lab").Arn, Region);
        servers = new SlowServers(clock);
        world.Add(new KmsService(world));
        world.Add(new SecretsManagerService(world));
        world.Add(new RdsService(world, new StubEngine(clock, 1, StubPace.OneSecond)) { Quotas = new RdsQuotas { Instances = 1000 } });
        foreach (var number in Enumerable.Range(0, Databases))
        {
            Do("rds", new CreateDBInstanceRequest
            {
                DBInstanceIdentifier = Name(number), DBInstanceClass = "db.t4g.micro", Engine = "postgres", AllocatedStorage = 20, MasterUsername = "app", MasterUserPassword = "correct-horse-9",
            });
            Do("secretsmanager", new CreateSecretRequest { Name = DatabaseLogin.CanarySecretOf(Name(number)), SecretString = $$"""{ "username": "{{Name(number)}}", "password": "x" }""" });
        }

        clock.Advance(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Many_are_written_and_no_more_than_a_fixed_number_at_once()
    {
        var answer = await Run();

        answer.ShouldBe(new WriteCanaryResult(StepStatus.Ready, $"{Databases} databases have a sign of life.", Databases));
        servers.Written.Count.ShouldBe(Databases);
        servers.MostAtOnce.ShouldBe(WriteCanary.MostAtOnce);
    }

    [Fact]
    public async Task Those_that_cannot_be_written_hinder_no_other_and_each_is_named()
    {
        Do("secretsmanager", new DeleteSecretRequest { SecretId = DatabaseLogin.CanarySecretOf(Name(1)), ForceDeleteWithoutRecovery = true });
        Do("secretsmanager", new PutSecretValueRequest { SecretId = DatabaseLogin.CanarySecretOf(Name(2)), SecretString = "no JSON" });
        servers.Refusing.Add(Name(3));
        servers.Hanging.Add(Name(4));

        var told = (await Should.ThrowAsync<InvalidOperationException>(Run())).Message;

        servers.Written.Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, Databases).Select(Name).Except([Name(1), Name(2), Name(3), Name(4)]));
        told.ShouldStartWith($"4 of {Databases} databases have no sign of life. 'db-001': The secret 'dbre/canary/db-001' is not there; it must be JSON with username, password and dbname, as RDS writes it.");
        told.ShouldContain("'db-002': The secret 'dbre/canary/db-002' is no JSON; it must be");
        told.ShouldContain("'db-003': Connection refused.");
        told.ShouldEndWith("'db-004': it did not answer in 10 s.");
    }

    [Fact]
    public async Task When_the_time_is_over_each_that_waited_is_named()
    {
        servers.Hanging.UnionWith(Enumerable.Range(0, Databases).Select(Name));

        var told = (await Should.ThrowAsync<InvalidOperationException>(Run(seconds: 16))).Message;

        told.ShouldStartWith($"{Databases} of {Databases} databases have no sign of life. ");
        told.Split("it did not answer in 10 s.").Length.ShouldBe(WriteCanary.MostAtOnce + 1);
        told.Split("there was no time left for it.").Length.ShouldBe(Databases - WriteCanary.MostAtOnce + 1);
    }

    private static string Name(int number) => $"db-{number:000}";

    // In virtual time what waits goes on where the clock is advanced, and not where the test runner would have it.
    private Task<WriteCanaryResult> Run(int seconds = 50) => Task.Run(() => RunInVirtualTime(seconds));

    private async Task<WriteCanaryResult> RunInVirtualTime(int seconds)
    {
        var http = new InMemoryHttp(new ServiceGateway(world, ServiceWires.All, signingClock: TimeProvider.System));
        var clients = new AwsClients(Region, new BasicAWSCredentials("lab", "lab"), config =>
        {
            (config.ServiceURL, config.HttpClientFactory, config.MaxErrorRetry) = ("http://lab.internal", http, 0);
        });
        using var policies = JsonDocument.Parse("""
            { "policies": [ { "name": "nightly", "select": { "names": ["db-*"] }, "schedule": { "cron": "cron(0 3 * * ? *)", "timeZone": "UTC" },
              "copies": [ { "region": "eu-west-1", "kmsKey": "alias/dbre" } ], "retention": { "daily": 7 }, "proof": { "everyDays": 1 },
              "objectives": { "rpoHours": 26, "rtoMinutes": 60 }, "canary": true } ] }
            """);
        var answer = new WriteCanary(clients, servers, clock).Handle(
            new WriteCanaryRequest("nightly", policies.RootElement), Mock.Of<ILambdaContext>(c => c.RemainingTime == TimeSpan.FromSeconds(seconds)));
        for (var second = 0; second < seconds && !answer.IsCompleted; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        answer.IsCompleted.ShouldBeTrue("it goes on for longer than its time");
        return await answer;
    }

    private void Do(string service, Amazon.Runtime.AmazonWebServiceRequest request) => world.Invoke(engineer, service, request).GetAwaiter().GetResult();

    /// <summary>Servers that answer after a second; by their login they are known.</summary>
    private sealed class SlowServers(TimeProvider clock) : ICanary
    {
        private int open;

        public HashSet<string> Refusing { get; } = [];

        public HashSet<string> Hanging { get; } = [];

        public List<string> Written { get; } = [];

        public int MostAtOnce { get; private set; }

        public async Task Write(string engine, string address, int port, DatabaseLogin login, CancellationToken stop)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++open);
            try
            {
                if (Hanging.Contains(login.Username))
                {
                    // A cancelled Task.Delay would go on on another thread.
                    var never = new TaskCompletionSource();
                    await using var cancelled = stop.Register(() => never.TrySetCanceled(stop));
                    await never.Task;
                }

                await Task.Delay(TimeSpan.FromSeconds(1), clock, CancellationToken.None);
                Written.Add(Refusing.Contains(login.Username) ? throw new RefusedException() : login.Username);
            }
            finally
            {
                open--;
            }
        }

        private sealed class RefusedException() : DbException("Connection refused.");
    }
}
