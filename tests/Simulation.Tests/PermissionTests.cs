using System.Collections.Concurrent;

using Dbre.Lab.Services.Identity;
using Dbre.Simulation.Tests.Testing;

using Xunit.Abstractions;

namespace Dbre.Simulation.Tests;

/// <summary>The roles hold what the nights need, and no more: every permission is used, and none could be missing without being named.</summary>
public sealed class PermissionTests(DrillAssembly ground, ITestOutputHelper output) : IClassFixture<DrillAssembly>
{
    /// <summary>What only AWS itself does in the name of a role that a service has. Each role of the service holds it once, and nothing here uses it.</summary>
    private static readonly (string Service, string[] Actions, string Why)[] OnlyOnAws =
    [
        ("lambda", ["logs:CreateLogStream", "logs:PutLogEvents"], "Lambda writes a function's log as its role; the lab's Lambda hands the lines over itself."),
        ("lambda", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "The lab has no X-Ray."),
        ("states", ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"], "The lab has no X-Ray."),
        ("states",
            ["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries",
                "logs:PutResourcePolicy", "logs:UpdateLogDelivery"],
            "Step Functions sets up vended log delivery as the role; the lab's writes to the log group itself."),
    ];

    /// <summary>The roles that start flows, with the (first) permission to; without it the flow never starts, and the dead letter tells why.</summary>
    private static readonly (string Role, string Action, string Flow)[] Starts =
    [
        ("dbre-schedules", "lambda:InvokeFunction", "snapshot-copy"),
        ("dbre-start-nightly-run", "states:StartExecution", "snapshot-copy"),
        ("dbre-write-canary", "rds:DescribeDBInstances", "write-canary"),
        ("dbre-clean-up-starter", "states:StartExecution", "clean-up"),
    ];

    /// <summary>What is missed without being named, and why that cannot be otherwise.</summary>
    private static readonly (string Role, string Action, string Why)[] NeverTold =
    [
        ("dbre-flow-snapshot-copy", "states:StopExecution",
            "Asked for when somebody stops a run or it runs out of time: its executions then go on to their own end, and there is no run left that could fail for it."),
        .. Starts.Select(start => (start.Role, "sqs:SendMessage", "What the dead-letter queue refuses is gone, in AWS as here; the alarm flow-not-run tells that nothing started.")),
    ];

    /// <summary>The last functions of the flows: why they fail cannot be in the record, which was written before or is not written. The execution's own end says it.</summary>
    private static readonly string[] AfterTheRecord = ["dbre-notify-outcome", "dbre-record-clean-up"];

    [Fact]
    public void Every_permission_is_used()
    {
        var calm = Calm();
        var used = calm.Used.Concat(Starts.SelectMany(start => Drill.Run(ground, [Held(calm, start.Role, start.Action)], _ => false).Used))
            .Concat(RestoreScenarios.All.SelectMany(scenario => RestoreScenarios.Run(ground, scenario, []).Used)).ToHashSet();

        var unused = calm.Held.Where(permission => !used.Contains(permission)).Select(permission => $"{permission.Role()} {permission.ActionPattern}").Order(StringComparer.Ordinal).ToList();
        var onAws = OnlyOnAws.SelectMany(known => calm.Roles.Where(role => role.Trust.Statements.Any(s => s.Principals!.Services.Contains($"{known.Service}.amazonaws.com")))
            .SelectMany(role => known.Actions.Select(action => $"{role.Name} {action}"))).Order(StringComparer.Ordinal).ToList();
        output.WriteLine($"{calm.Held.Count()} permissions are held by {calm.Roles.Count} roles, {used.Count} of them used; {onAws.Count} are for AWS alone.");
        unused.Except(onAws).ShouldBeEmpty("Nothing uses these permissions: take them from [Allow] or from infra/.");
        onAws.Except(unused).ShouldBeEmpty("These are used, or held no more: take them off the list of what only AWS uses.");
        unused.ShouldBe(onAws, "A role holds one of these twice.");
    }

    [Fact]
    public void A_permission_taken_away_fails_the_night_and_is_named()
    {
        var calm = Calm();
        HeldPermission[] letters = [.. Starts.Select(start => Held(calm, start.Role, "sqs:SendMessage"))];
        var cases = calm.Held.Where(permission => calm.Used.Contains(permission) || letters.Contains(permission)).ToList();
        var offences = new ConcurrentBag<string>();
        Parallel.ForEach(cases, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, permission =>
        {
            // A dead letter is sent only where a start was refused.
            var start = Starts.FirstOrDefault(start => Held(calm, start.Role, start.Action) == permission || (letters.Contains(permission) && start.Role == permission.Role()));
            IEnumerable<HeldPermission> without = letters.Contains(permission) ? [permission, Held(calm, start.Role, start.Action)] : [permission];
            var night = Drill.Run(ground, without, result => result.Tells(permission));
            foreach (var offence in Offences(night, permission, start.Flow))
            {
                offences.Add($"{permission.Role()}, statement {permission.Statement}, {permission.ActionPattern}: {offence}");
            }
        });

        output.WriteLine($"{cases.Count} permissions were taken away, each in a night of its own; {NeverTold.Length} of them are never told.");
        offences.Order(StringComparer.Ordinal).ShouldBeEmpty();
        NeverTold.Where(known => !cases.Any(permission => permission.Role() == known.Role && permission.ActionPattern == known.Action)).ShouldBeEmpty("No role holds and uses these.");
    }

    [Fact]
    public void A_permission_taken_away_fails_the_restore_and_is_named()
    {
        var nights = Calm().Used;
        var scenarios = RestoreScenarios.All.Select(scenario => (Name: scenario, Calm: RestoreScenarios.Run(ground, scenario, []))).ToList();
        foreach (var (name, calm) in scenarios)
        {
            calm.Denials.ShouldBeEmpty(name);
            calm.LabFaults.ShouldBeEmpty(name);
        }

        var cases = scenarios.SelectMany(s => s.Calm.Used.Where(u => !nights.Contains(u) && u.Owner.Contains(":role/", StringComparison.Ordinal)).Select(permission => (Permission: permission, Scenario: s.Name))).DistinctBy(c => c.Permission).ToList();
        var offences = new ConcurrentBag<string>();
        Parallel.ForEach(cases, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, taken =>
        {
            var restore = RestoreScenarios.Run(ground, taken.Scenario, [taken.Permission]);
            foreach (var offence in Offences(restore, taken.Permission, neverStarted: null))
            {
                offences.Add($"{taken.Scenario}: {taken.Permission.Role()}, statement {taken.Permission.Statement}, {taken.Permission.ActionPattern}: {offence}");
            }
        });

        output.WriteLine($"{cases.Count} permissions were taken away, each in a restore of its own.");
        cases.ShouldNotBeEmpty();
        offences.Order(StringComparer.Ordinal).ShouldBeEmpty();
    }

    private static IEnumerable<string> Offences(DrillResult night, HeldPermission permission, string? neverStarted)
    {
        if (!night.Refused(permission))
        {
            yield return "nothing was refused without it, so it is not needed";
        }

        var expected = !NeverTold.Any(known => known.Role == permission.Role() && known.Action == permission.ActionPattern);
        if (night.Tells(permission) != expected)
        {
            yield return expected
                ? $"it was refused, and neither a failed execution nor a dead letter says so; they say: {string.Join(" | ", night.Runs.Select(run => run.Cause).Concat(night.DeadLetters))}"
                : "it is told: take it off the list of what is never told";
        }

        if (neverStarted is not null && night.Runs.FirstOrDefault(run => run.Flow == neverStarted && run.Name != Drill.EngineersRun) is { } started)
        {
            yield return $"{neverStarted} was started without it: {started.Name}";
        }

        foreach (var run in night.FailedFor(permission).Where(run => !night.IsRecorded(run, permission) && !AfterTheRecord.Any(last => run.Cause.Contains(last, StringComparison.Ordinal))))
        {
            yield return $"the evidence of {run.Name} does not name it";
        }

        foreach (var fault in night.LabFaults)
        {
            yield return $"the lab itself failed: {fault}";
        }
    }

    /// <summary>The drill with all permissions: nothing is refused in it, and only what is meant to goes wrong.</summary>
    private DrillResult Calm()
    {
        var calm = Drill.Run(ground, [], _ => false);
        calm.Denials.ShouldBeEmpty();
        calm.LabFaults.ShouldBeEmpty();
        // The night that defers a database, the two runs that somebody stops, and the drill that finds the deferred one's copy too old.
        calm.Runs.Where(run => run.Status != "SUCCEEDED").Select(run => run.Cause[..14]).ShouldBe(["1 database was", "Somebody stopp", "'ledger' would", "Somebody stopp"]);
        return calm;
    }

    private static HeldPermission Held(DrillResult calm, string role, string action) =>
        calm.Held.Where(permission => permission.Role() == role && permission.ActionPattern == action).MinBy(permission => permission.Statement)!;
}
