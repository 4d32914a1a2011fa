using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Snapshots;
using Dbre.Lab.Nights;
using Dbre.Lab.Simulation;

namespace Dbre.Simulation.Tests;

/// <summary>What a night costs in calls: so many for each database whatever the fleet, and a few for the run.</summary>
public sealed class CallsPerDatabaseTests
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 20, 21, 0, 0, TimeSpan.Zero);

    // Of each database: what is done to it, what is read of it once, and how often at most it is looked at while something lasts.
    private static readonly (string Call, int Each)[] Exactly =
    [
        ("rds:CreateDBSnapshot rds:CreateDBClusterSnapshot", 1), ("rds:CopyDBSnapshot rds:CopyDBClusterSnapshot", 1),
        ("rds:RestoreDBInstanceFromDBSnapshot rds:RestoreDBClusterFromSnapshot", 1), ("lambda:Invoke", 1), ("dynamodb:Query", 2), ("secretsmanager:GetSecretValue", 3),
    ];

    // Once a night, whatever the fleet: the key and the quotas of the one target and of home, the history of the run, its start and its end.
    private static readonly (string Call, int Run)[] Once =
        [("kms:DescribeKey", 1), ("rds:DescribeAccountAttributes", 2), ("states:StartExecution", 1), ("sns:Publish", 1), ("dynamodb:TransactWriteItems", 1)];

    private const int MostLooks = 110;
    private const int MostLedgerCalls = 25;

    [Fact]
    public void Calls_of_a_database_do_not_grow_with_the_fleet()
    {
        var (few, many) = (Night(4), Night(24));

        foreach (var (databases, calls) in new[] { (4, few), (24, many) })
        {
            int Of(string names) => names.Split(' ').Sum(name => calls.GetValueOrDefault(name));
            foreach (var (call, each) in Exactly)
            {
                Of(call).ShouldBe(each * databases, call);
            }

            foreach (var (call, run) in Once)
            {
                Of(call).ShouldBe(run, call);
            }

            // Each execution's own history, and the run's.
            Of("states:GetExecutionHistory").ShouldBe(databases + 1);
            var looks = calls.Where(c => c.Key.StartsWith("rds:Describe", StringComparison.Ordinal)).Sum(c => c.Value);
            looks.ShouldBeLessThan(MostLooks * databases);
            calls.Where(c => c.Key.StartsWith("dynamodb:", StringComparison.Ordinal)).Sum(c => c.Value).ShouldBeLessThan(MostLedgerCalls * databases);
        }
    }

    private static Dictionary<string, int> Night(int databases)
    {
        using var cloud = SimulatedCloud.Deploy(new SimulationGround(1, Evening, CloudAssemblyFolder.Path), c => new FunctionsInProcess(c, SafetyRules.InForce).Run);
        var fleet = SimulatedFleet.Make(cloud, [.. Enumerable.Range(0, databases)]);
        fleet.NeverDrill();
        cloud.Clock.Advance(new DateTimeOffset(2026, 11, 21, 2, 59, 0, TimeSpan.Zero) - cloud.Clock.GetUtcNow());
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        cloud.Called += call =>
        {
            if (Invocation.Current?.Function.Name is { } function && function is not ("dbre-record-lost-runs" or "dbre-remove-leftovers" or "dbre-record-clean-up"))
            {
                var name = $"{call.Service}:{call.Operation}";
                calls[name] = calls.GetValueOrDefault(name) + 1;
            }
        };
        cloud.Clock.Advance(TimeSpan.FromHours(8));
        var runs = fleet.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = "arn:aws:states:us-east-1:111111111111:stateMachine:snapshot-copy" });
        runs.Executions.ShouldHaveSingleItem().Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        return calls;
    }
}
