using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;

using AwsCompat.Server;

using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Restore;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Ec2;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;

namespace Dbre.Functions.Tests.Restore;

/// <summary>What a restore needs besides backups: classes that are sold and groups that are there.</summary>
public sealed class NeededBesideTheSourceTests
{
    private static readonly RestoreSettings Nothing = new([], null, [], null, null, 7, false, false, false, false, false, [], new Dictionary<string, string>(), []);

    private readonly RdsService service;
    private readonly Ec2Service network;
    private readonly AmazonRDSClient rds;
    private readonly AmazonEC2Client ec2;

    public NeededBesideTheSourceTests()
    {
        var clock = new VirtualClock(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
        var world = new World(clock, seed: 1);
        world.Iam.CreateUser("111111111111", "lab", "lab", "lab");
        world.Add(new KmsService(world));
        world.Add(service = new RdsService(world, new StubEngine(clock, 7, StubPace.OneSecond)));
        world.Add(network = new Ec2Service(world));
        var http = new InMemoryHttp(new ServiceGateway(world, ServiceWires.All, signingClock: TimeProvider.System));
        var keys = new BasicAWSCredentials("lab", "lab");
        rds = new AmazonRDSClient(keys, new AmazonRDSConfig { ServiceURL = "http://lab.internal", AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, HttpClientFactory = http });
        ec2 = new AmazonEC2Client(keys, new AmazonEC2Config { ServiceURL = "http://lab.internal", AuthenticationRegion = "us-east-1", MaxErrorRetry = 0, HttpClientFactory = http });
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
    public async Task Security_groups_that_are_not_there_are_named_each()
    {
        var orders = await SecurityGroup("orders");

        (await Missing(DatabaseKind.Instance, Nothing with { SecurityGroups = [orders] })).ShouldBeEmpty();
        (await Missing(DatabaseKind.Cluster, Nothing with { SubnetGroup = "private", SecurityGroups = ["sg-1", orders, "sg-2"], OptionGroup = "audit" }))
            .ShouldBe(["the DB subnet group 'private'", "the security group 'sg-1'", "the security group 'sg-2'", "the option group 'audit'"]);
        (await Missing(DatabaseKind.Instance, Nothing with { SecurityGroups = ["sg-*"] })).ShouldBe(["the security group 'sg-*'"]);
    }

    [Fact]
    public async Task Security_groups_of_another_VPC_than_the_subnet_group_are_told_apart()
    {
        network.AddVpc("111111111111", "us-east-1", "vpc-other");
        var (here, there) = (await SecurityGroup("here"), await SecurityGroup("there", "vpc-other"));
        var settings = Nothing with { SubnetGroup = "default", SecurityGroups = [here, there] };

        (await Groups(DatabaseKind.Instance, settings)).Apart.ShouldBe([new GroupApart(there, "vpc-other", "default", "vpc-us-east-1")]);
        (await Groups(DatabaseKind.Instance, settings with { SecurityGroups = [here] })).Apart.ShouldBeEmpty();
        (await Groups(DatabaseKind.Instance, settings with { SubnetGroup = null })).Apart.ShouldBeEmpty();
    }

    [Fact]
    public async Task Classes_that_are_not_sold_for_the_engine_are_named()
    {
        service.EndedClasses.Add("db.r5.large");

        (await Orderable.NotAmong(rds, "postgres", null, ["db.t4g.medium", "db.r5.large", "db.m1.small", "db.r5.large"], default)).ShouldBe(["db.r5.large", "db.m1.small"]);
        (await Orderable.NotAmong(rds, "aurora-postgresql", null, ["db.t4g.micro", "db.r6g.large"], default)).ShouldBe(["db.t4g.micro"]);
    }

    private async Task<string> SecurityGroup(string name, string? vpc = null) =>
        (await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = name, Description = "d", VpcId = vpc })).GroupId;

    private async Task<IReadOnlyList<string>> Missing(DatabaseKind kind, RestoreSettings settings) => (await Groups(kind, settings)).Missing;

    private Task<FoundGroups> Groups(DatabaseKind kind, RestoreSettings settings) => NamedGroups.Find(rds, ec2, kind, settings, default);
}
