using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;

using AwsCompat.Server;

using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Restore;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;

namespace Dbre.Functions.Tests.Restore;

/// <summary>What a restore needs besides backups: classes that are sold and groups that are there.</summary>
public sealed class NeededBesideTheSourceTests
{
    private static readonly RestoreSettings Nothing = new([], null, [], null, null, 7, false, false, false, false, false, [], new Dictionary<string, string>(), []);

    private readonly RdsService service;
    private readonly AmazonRDSClient rds;

    public NeededBesideTheSourceTests()
    {
        var clock = new VirtualClock(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
        var world = new World(clock, seed: 1);
        world.Iam.CreateUser("111111111111", "lab", "lab", "lab");
        world.Add(new KmsService(world));
        world.Add(service = new RdsService(world, new StubEngine(clock, 7, StubPace.OneSecond)));
        rds = new AmazonRDSClient(new BasicAWSCredentials("lab", "lab"), new AmazonRDSConfig
        {
            ServiceURL = "http://lab.internal", AuthenticationRegion = "us-east-1", MaxErrorRetry = 0,
            HttpClientFactory = new InMemoryHttp(new ServiceGateway(world, ServiceWires.All, signingClock: TimeProvider.System)),
        });
    }

    [Fact]
    public async Task Groups_that_are_not_there_are_named_and_default_ones_always_are()
    {
        await rds.CreateDBParameterGroupAsync(new CreateDBParameterGroupRequest { DBParameterGroupName = "tuned", DBParameterGroupFamily = "postgres16", Description = "d" });

        (await Missing(DatabaseKind.Instance, Nothing)).ShouldBeEmpty();
        (await Missing(DatabaseKind.Instance, Nothing with { SubnetGroup = "default", ParameterGroup = "tuned", OptionGroup = "default:postgres-16" })).ShouldBeEmpty();
        (await Missing(DatabaseKind.Instance, Nothing with { SubnetGroup = "private", ParameterGroup = "slow", OptionGroup = "audit" }))
            .ShouldBe(["the DB subnet group 'private'", "the DB parameter group 'slow'", "the option group 'audit'"]);
        (await Missing(DatabaseKind.Cluster, Nothing with { ParameterGroup = "tuned" })).ShouldBe(["the DB cluster parameter group 'tuned'"]);
        (await Missing(DatabaseKind.Cluster, Nothing with { ParameterGroup = "default.aurora-postgresql16" })).ShouldBeEmpty();
    }

    [Fact]
    public async Task Classes_that_are_not_sold_for_the_engine_are_named()
    {
        service.EndedClasses.Add("db.r5.large");

        (await Orderable.NotAmong(rds, "postgres", null, ["db.t4g.medium", "db.r5.large", "db.m1.small", "db.r5.large"], default)).ShouldBe(["db.r5.large", "db.m1.small"]);
        (await Orderable.NotAmong(rds, "aurora-postgresql", null, ["db.t4g.micro", "db.r6g.large"], default)).ShouldBe(["db.t4g.micro"]);
    }

    private Task<IReadOnlyList<string>> Missing(DatabaseKind kind, RestoreSettings settings) => NamedGroups.Missing(rds, kind, settings, default);
}
