using System.Data.Common;
using System.Text.Json.Nodes;

using Amazon.EventBridge.Model;
using Amazon.Scheduler.Model;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core.Proof;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Nights;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

using Microsoft.Extensions.DependencyInjection;

using Xunit.Abstractions;

namespace Dbre.Simulation.Tests;

/// <summary>A checker that cannot fail proves nothing: each safety rule is taken out in turn, and the simulation must miss it and say what it takes.</summary>
public sealed class MissingRuleTests(ITestOutputHelper output)
{
    private const int MostSeeds = 30;
    private static readonly NightOptions Nights = new(1, 5, 2, CloudAssemblyFolder.Path);

    [Fact]
    public void Rule_1_deleting_what_retention_lets_go_without_asking_for_its_copy() =>
        Missed(Nights with { Rules = SafetyRules.InForce with { Prune = (s, c, r) => [.. Pruning.Decide(s, c, r).Select(d => d with { Delete = true })] } }, "safety rule 1",
            FaultKind.CopyDamaged, FaultKind.CopyStuck);

    [Fact]
    public void Rule_1_believing_a_copy_without_comparing_it() =>
        Missed(Nights with { Rules = SafetyRules.InForce with { Compare = (_, after, _) => new ProofResult(true, "equal", after.Rows, after.Rows, true, after.Tables.Count, 0, []) } },
            "a proof must be true", FaultKind.CopyDamaged, FaultKind.CopyAltered);

    [Fact]
    public void Rule_2_taking_a_database_that_another_run_holds_and_acting_under_a_lock_that_is_lost() =>
        Missed(Nights with { Rules = SafetyRules.InForce with { HolderStillRuns = _ => false, ActsUnder = (_, _) => true } }, "safety rule 2", FaultKind.ManualRun);

    [Fact]
    public void Rule_5_telling_a_password() =>
        Missed(Nights with { Compose = services => services.AddSingleton<IDatabaseMeasurement>(new Chatterbox()) }, "safety rule 5");

    [Fact]
    public void Rule_6_ending_without_evidence() => Missed(Nights, "safety rule 6", cloud =>
    {
        var machine = Do<DescribeStateMachineResponse>(cloud, "states", new DescribeStateMachineRequest { StateMachineArn = Arn("snapshot-copy") });
        var definition = JsonNode.Parse(machine.Definition)!;
        definition["States"]!["Write the evidence"] = new JsonObject { ["Type"] = "Pass", ["Result"] = new JsonObject { ["outcome"] = "Succeeded", ["reason"] = "" }, ["ResultPath"] = "$.evidence.answer", ["Next"] = "How did it end?" };
        Do<UpdateStateMachineResponse>(cloud, "states", new UpdateStateMachineRequest { StateMachineArn = Arn("snapshot-copy"), Definition = definition.ToJsonString() });
    });

    [Fact]
    public void Rule_7_relying_on_an_event_that_may_be_lost() => Missed(Nights, "safety rule 6", cloud =>
        Do<DeleteScheduleResponse>(cloud, "scheduler", new DeleteScheduleRequest { GroupName = "default", Name = "clean-up-daily" }), FaultKind.ManualStop, FaultKind.EventLost);

    [Fact]
    public void Rule_7_leaving_copies_behind_when_nobody_tells_of_a_bad_end() => Missed(Nights, "nothing is left behind", cloud =>
    {
        Do<DisableRuleResponse>(cloud, "events", new DisableRuleRequest { Name = "dbre-run-ended-badly" });
        Do<DeleteScheduleResponse>(cloud, "scheduler", new DeleteScheduleRequest { GroupName = "default", Name = "clean-up-daily" });
    }, FaultKind.ManualStop);

    private void Missed(NightOptions without, string rule, params FaultKind[] kinds) => Missed(without, rule, _ => { }, kinds);

    private void Missed(NightOptions without, string rule, Action<SimulatedCloud> takeOut, params FaultKind[] kinds)
    {
        var simulated = new SeededNights(without, takeOut);
        for (var seed = 1; seed <= MostSeeds; seed++)
        {
            var found = simulated.Run(seed, simulated.Plan(seed, kinds), keepLog: false);
            if (found.Violations.Any(v => v.Rule.StartsWith(rule, StringComparison.Ordinal)))
            {
                var shortest = SeedSweep.Shortest(simulated, found, rule);
                output.WriteLine($"Seed {seed}: {shortest.Violations.First(v => v.Rule.StartsWith(rule, StringComparison.Ordinal))} It takes: {string.Join(", ", shortest.Plan.Faults)}.");
                shortest.Plan.Faults.Count.ShouldBeLessThanOrEqualTo(2);
                return;
            }
        }

        Assert.Fail($"{MostSeeds} seeds did not miss it.");
    }

    private static string Arn(string machine) => $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:{machine}";

    private static T Do<T>(SimulatedCloud cloud, string service, Amazon.Runtime.AmazonWebServiceRequest request) where T : Amazon.Runtime.AmazonWebServiceResponse =>
        (T)cloud.World.Invoke(cloud.World.Iam.ContextForUser($"arn:aws:iam::{SimulatedCloud.Account}:user/engineer", SimulatedCloud.HomeRegion), service, request).GetAwaiter().GetResult();

    /// <summary>A database driver whose error tells the login it was given.</summary>
    private sealed class Chatterbox : IDatabaseMeasurement
    {
        public Task<Measurement> Measure(string engine, string address, int port, DatabaseLogin login, CancellationToken stop) =>
            throw new TellingException($"Login failed for {login.Username} with {login.Password.Value}.");

        private sealed class TellingException(string message) : DbException(message);
    }
}
