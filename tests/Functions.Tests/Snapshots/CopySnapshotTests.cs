using Amazon.Lambda.Core;
using Amazon.RDS.Model;
using Amazon.Runtime;

using AwsCompat.Server;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;

using Moq;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class CopySnapshotTests
{
    private const string Account = "111111111111";

    /// <summary>A copy has its source's name. Calls that go to the wrong Region find the source there, and would take it for its own copy.</summary>
    [Fact]
    public async Task A_snapshot_elsewhere_is_not_taken_for_the_copy()
    {
        var clock = new VirtualClock(new DateTimeOffset(2026, 11, 21, 3, 0, 0, TimeSpan.Zero));
        var world = new World(clock, seed: 1);
        var user = world.Iam.CreateUser(Account, "lab", "lab", "lab");
        world.Add(new RdsService(world, new StubEngine(clock, 1, StubPace.OneSecond)));
        var engineer = world.Iam.ContextForUser(user.Arn, "us-east-1");
        await world.Invoke(engineer, "rds", new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = "orders", DBInstanceClass = "db.t4g.micro", Engine = "postgres", AllocatedStorage = 20, MasterUsername = "app", MasterUserPassword = "correct-horse-9",
        });
        clock.Advance(TimeSpan.FromSeconds(10));
        await world.Invoke(engineer, "rds", new CreateDBSnapshotRequest { DBInstanceIdentifier = "orders", DBSnapshotIdentifier = "orders-nightly" });
        clock.Advance(TimeSpan.FromSeconds(10));
        var http = new InMemoryHttp(new ServiceGateway(world, ServiceWires.All, signingClock: TimeProvider.System));
        var misled = new AwsClients("us-east-1", new BasicAWSCredentials("lab", "lab"), config =>
        {
            (config.ServiceURL, config.AuthenticationRegion, config.HttpClientFactory) = ("http://lab.internal", "us-east-1", http);
        });

        var answer = await new CopySnapshot(misled, ledger: null!, clock).Handle(
            new CopySnapshotRequest(Plan(), Plan().Targets[0], new("orders", "run", 1), "arn", "2026-11-21T03:00:00Z", "2026-11-21T03:00:00Z"),
            Mock.Of<ILambdaContext>(c => c.RemainingTime == TimeSpan.FromMinutes(1)));

        (answer.Status, answer.Reason).ShouldBe((StepStatus.Failed,
            $"Asked for 'orders-nightly' in eu-west-1, RDS answered with arn:aws:rds:us-east-1:{Account}:snapshot:orders-nightly, which is no copy there."));
    }

    private static DatabasePlan Plan() => new(
        "orders", DatabaseKind.Instance, "postgres", "arn", "us-east-1", "nightly", "orders-nightly", "2026-11-21T03:00:00Z", null, null, "db.t4g.micro", "127.0.0.1", 5432, true,
        new Retention(7, 0, 0, 0), [new TargetPlan("eu-west-1", null, "alias/dbre", true, null, null)], new Dictionary<string, string>());
}
