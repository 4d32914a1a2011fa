using System.Text.Json.Nodes;

using Amazon.DynamoDBv2.Model;
using Amazon.RDS.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core.Evidence;
using Dbre.Lab.Nights;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Simulation;

namespace Dbre.Simulation.Tests;

/// <summary>The deployed restore drill in virtual time: databases prove in the morning that they can be restored, at home and from their copies.</summary>
public sealed class RestoreDrillTests
{
    private const string First = "restore-drill-nightly-20261121T090000Z";
    private const string Second = "restore-drill-nightly-20261122T090000Z";

    private static readonly TimeSpan Morning = TimeSpan.FromHours(9);
    private static readonly TimeSpan Afternoon = TimeSpan.FromHours(17);

    [Fact]
    public void A_drill_proves_as_many_databases_as_the_policy_says_and_leaves_nothing()
    {
        using var nights = Nights([0, 3, 4], policy => { });
        nights.Cloud.Clock.Advance(Afternoon);

        var (status, record) = Run(nights, First);

        status.ShouldBe(ExecutionStatus.SUCCEEDED, (string?)record["reason"]);
        ((string?)record["automation"]).ShouldBe("restore-drill");
        ((string?)record["inputs"]!["policy"]).ShouldBe("nightly");
        Drilled(record).ShouldBe(["db-00000", "db-00003"], "never proven: by name");
        foreach (var restore in Restores(record))
        {
            ((string?)restore["outcome"]).ShouldBe("Succeeded");
            ((bool?)restore["removed"]).ShouldBe(true);
            ((double?)restore["rtoSeconds"]).ShouldNotBeNull().ShouldBeGreaterThan(0);
            ((double?)restore["rpoSeconds"]).ShouldNotBeNull().ShouldBeInRange(0, 26 * 3600);
        }

        Restores(record).Select(r => $"{r["from"]} {r["region"]}").ShouldBe(
            [$"log {SimulatedCloud.HomeRegion}", $"copy {SimulatedCloud.RecoveryRegion}", $"log {SimulatedCloud.HomeRegion}", $"copy {SimulatedCloud.RecoveryRegion}"]);
        record["databases"]![0]!["objective"]!.ToJsonString().ShouldBe("""{"rpoSeconds":93600,"rtoSeconds":3600}""");
        ((int?)record["measured"]!["proven"]).ShouldBe(4);
        Restored(nights).ShouldBeEmpty();
        nights.Watch.CheckTheEnd();
        nights.Watch.Violations.ShouldBeEmpty();
    }

    [Fact]
    public void The_next_drill_takes_those_that_waited_longest()
    {
        using var nights = Nights([0, 3, 4], policy => { });
        nights.Cloud.Clock.Advance(Afternoon + TimeSpan.FromDays(1));

        Drilled(Run(nights, Second).Record).ShouldBe(["db-00004", "db-00000"]);
    }

    [Fact]
    public void A_missed_objective_fails_the_drill_and_names_database_measured_and_allowed()
    {
        using var nights = Nights([3], policy => policy["objectives"] = new JsonObject { ["rpoHours"] = 1, ["rtoMinutes"] = 1 });
        nights.Cloud.Clock.Advance(Afternoon);

        var (status, record) = Run(nights, First);

        status.ShouldBe(ExecutionStatus.FAILED);
        ((string?)record["outcome"]).ShouldBe("Failed");
        ((string?)record["reason"]).ShouldNotBeNull().ShouldMatch(@"'db-00003' would have lost \d\.\d\d h, restored from its copy in eu-west-1; the policy allows 1 h\.");
        ((string?)record["reason"]).ShouldNotBeNull().ShouldMatch(@"'db-00003' took \d+\.\d min to restore from its log in us-east-1; the policy allows 1 min\.");
        Restored(nights).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("objectives", "policies[0].objectives is missing; it is required.")]
    [InlineData("drill", "Policy 'nightly' has no section 'drill'; give it one with perNight (1 to 5) and schedule.")]
    public void A_policy_without_what_a_drill_needs_is_refused_and_nothing_is_changed(string section, string sentence)
    {
        using var nights = Nights([3], policy => { });
        nights.Cloud.Clock.Advance(Morning - TimeSpan.FromMinutes(1));
        nights.RerunDrill(policy => policy.Remove(section));
        nights.Cloud.Clock.Advance(TimeSpan.FromSeconds(50));

        var (status, record) = Run(nights, SimulatedNights.RerunOf("restore-drill"));

        status.ShouldBe(ExecutionStatus.FAILED);
        ((string?)record["outcome"]).ShouldBe("Refused");
        ((string?)record["reason"]).ShouldBe(sentence);
        Restored(nights).ShouldBeEmpty();
        (nights.Fleet.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = SimulatedNights.Machine("pitr-restore") }).Executions ?? []).ShouldBeEmpty();
    }

    [Fact]
    public void A_damaged_copy_fails_the_drill()
    {
        using var nights = Nights([3], policy => { });
        nights.Cloud.Clock.Advance(Morning - TimeSpan.FromMinutes(10));
        nights.Cloud.Engine.Damage(nights.Cloud.Rds.SnapshotsOf(SimulatedCloud.Account, SimulatedCloud.RecoveryRegion).ShouldHaveSingleItem().Stored, "account", 1);
        nights.Cloud.Clock.Advance(Afternoon - Morning);

        var (status, record) = Run(nights, First);

        status.ShouldBe(ExecutionStatus.FAILED);
        ((string?)record["reason"]).ShouldNotBeNull().ShouldStartWith("'db-00003' was not proven from its copy in eu-west-1: ");
        Restored(nights).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_a_killed_drill_left_is_removed(bool fromCopy)
    {
        using var nights = Nights([3], policy => policy["drill"]!["perNight"] = 1);
        nights.Cloud.Clock.Advance(Morning);
        Until(nights, () => Restored(nights).Any(name => name.StartsWith(fromCopy ? "dbre-proof-" : "dbre-drill-", StringComparison.Ordinal)));
        foreach (var flow in (string[])["restore-drill", "pitr-restore"])
        {
            foreach (var run in nights.Fleet.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = SimulatedNights.Machine(flow), StatusFilter = ExecutionStatus.RUNNING }).Executions ?? [])
            {
                nights.Fleet.Do<StopExecutionResponse>("states", new StopExecutionRequest { ExecutionArn = run.ExecutionArn, Error = "Stopped", Cause = "Somebody stopped it." });
            }
        }

        nights.Cloud.Clock.Advance(TimeSpan.FromHours(2));

        Restored(nights).ShouldBeEmpty();
        ((string?)Run(nights, First).Record["reason"]).ShouldBe("Stopped: Somebody stopped it.");
        nights.RerunDrill();
        nights.Cloud.Clock.Advance(TimeSpan.FromHours(6));
        Run(nights, SimulatedNights.RerunOf("restore-drill")).Status.ShouldBe(ExecutionStatus.SUCCEEDED);
        nights.Watch.CheckTheEnd();
        nights.Watch.Violations.ShouldBeEmpty();
    }

    private static SimulatedNights Nights(IReadOnlyList<int> databases, Action<JsonObject> policy) =>
        new(new NightOptions(1, 1, 1, CloudAssemblyFolder.Path) { Only = databases, Drills = policy });

    private static void Until(SimulatedNights nights, Func<bool> holds)
    {
        var end = nights.Cloud.Clock.GetUtcNow().AddHours(5);
        while (!holds())
        {
            nights.Cloud.Clock.GetUtcNow().ShouldBeLessThan(end, "it never came");
            nights.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));
        }
    }

    private static IEnumerable<string> Drilled(JsonObject record) => record["databases"]!.AsArray().Select(d => (string)d!["database"]!);

    private static IEnumerable<JsonNode> Restores(JsonObject record) => record["databases"]!.AsArray().SelectMany(d => d!["restores"]!.AsArray()).Select(r => r!);

    /// <summary>Whatever is there that a restore made.</summary>
    private static IEnumerable<string> Restored(SimulatedNights nights) => ((string[])[SimulatedCloud.HomeRegion, SimulatedCloud.RecoveryRegion]).SelectMany(region =>
        (nights.Fleet.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest(), region).DBInstances ?? []).Select(i => i.DBInstanceIdentifier)
            .Concat((nights.Fleet.Do<DescribeDBClustersResponse>("rds", new DescribeDBClustersRequest(), region).DBClusters ?? []).Select(c => c.DBClusterIdentifier)))
        .Where(name => name.StartsWith("dbre-", StringComparison.Ordinal)).ToList();

    private static (ExecutionStatus Status, JsonObject Record) Run(SimulatedNights nights, string name)
    {
        const string flow = "restore-drill";
        var arn = $"{SimulatedNights.Machine(flow).Replace(":stateMachine:", ":execution:", StringComparison.Ordinal)}:{name}";
        var status = nights.Fleet.Do<DescribeExecutionResponse>("states", new DescribeExecutionRequest { ExecutionArn = arn }).Status;
        var hash = nights.Fleet.Do<GetItemResponse>("dynamodb", new GetItemRequest
        {
            TableName = "dbre-ledger", Key = new() { ["pk"] = new($"evidence#{flow}"), ["sk"] = new($"record#{name}") },
        }).Item.ShouldNotBeNull()["hash"].S;
        var stored = nights.Cloud.World.Service<S3Service>().Read($"dbre-evidence-{SimulatedCloud.Account}-{SimulatedCloud.HomeRegion}", EvidenceStore.KeyOf(flow, name, hash));
        return (status, JsonNode.Parse(stored!.Value.Span)!.AsObject());
    }
}
