using Amazon.Runtime;
using AwsCompat.Server;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Sts;
using Dbre.Lab.Simulation;

namespace Dbre.Services.Tests.Testing;

/// <summary>The emulated cloud in memory, with real SDK clients in front: every test call goes through signature, wire format and permissions.</summary>
internal sealed class EmulatedCloud
{
    internal const string Account = "111111111111", OtherAccount = "222222222222", Region = "us-east-1", OtherRegion = "eu-west-1";
    internal static readonly AWSCredentials Operator = new BasicAWSCredentials("lab", "lab");
    internal static readonly AWSCredentials OtherOperator = new BasicAWSCredentials("lab2", "lab2");

    private readonly InMemoryHttp http;

    internal EmulatedCloud()
    {
        Clock = new VirtualClock(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
        World = new World(Clock, seed: 1);
        World.Iam.CreateUser(Account, "lab", "lab", "lab");
        World.Iam.CreateUser(OtherAccount, "lab2", "lab2", "lab2");
        // The SDK signs by the machine's clock, the emulated world goes by the virtual one.
        Gateway = new ServiceGateway(World, ServiceWires.All, (_, e) => Faults.Add(e), TimeProvider.System) { Observe = Calls.Add };
        http = new InMemoryHttp(Gateway);
        World.Add(new KmsService(World));
        World.Add(new StsService(World));
    }

    internal VirtualClock Clock { get; }
    internal World World { get; }
    internal ServiceGateway Gateway { get; }

    /// <summary>Exceptions that no service meant to throw.</summary>
    internal List<Exception> Faults { get; } = [];

    internal List<ObservedCall> Calls { get; } = [];

    internal EmulatedCloud With(Func<World, EmulatedService> service)
    {
        World.Add(service(World));
        return this;
    }

    /// <summary>Settings of a client of this cloud: no retries, so that each test call is one request.</summary>
    internal TConfig Config<TConfig>(string region = Region) where TConfig : ClientConfig, new() => new()
    {
        ServiceURL = "http://lab.internal",
        AuthenticationRegion = region,
        HttpClientFactory = http,
        MaxErrorRetry = 0,
    };

    /// <summary>A role with one inline policy, and credentials of a session of it.</summary>
    internal SessionAWSCredentials Role(string name, string policy)
    {
        var role = World.Iam.CreateRole(Account, name,
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}""");
        World.Iam.PutRolePolicy(role.Arn, "work", policy);
        var key = World.Iam.IssueCredentials(role.Arn, "session", TimeSpan.FromHours(1));
        return new SessionAWSCredentials(key.AccessKeyId, key.Secret, key.SessionToken);
    }

    internal static string Allow(string action, string resource) =>
        $$"""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"{{action}}","Resource":"{{resource}}"} }""";
}
