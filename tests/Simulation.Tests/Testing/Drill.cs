using System.Text.Json.Nodes;

using Amazon.DynamoDBv2.Model;
using Amazon.RDS.Model;
using Amazon.Scheduler;
using Amazon.SQS.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Snapshots;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Nights;
using Dbre.Lab.Services.Identity;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Simulation.Tests.Testing;

/// <summary>
/// Three nights in which everything that the automation can do has to be done: one that goes well, one that somebody stops while the copies run
/// for their proof, so that it is cleaned up after and run again, and one for which a quota has no room, so that a database is deferred. In the
/// mornings restores are drilled; the second time somebody stops the drill while it holds the databases.
/// </summary>
internal sealed class Drill : IDisposable
{
    private static readonly DateTimeOffset Evening = new(2026, 11, 20, 21, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset SecondNight = new(2026, 11, 22, 3, 0, 0, TimeSpan.Zero);

    // The night's work begins at 03:00; at noon it is cleaned up in any case.
    private static readonly TimeSpan Morning = TimeSpan.FromHours(10);

    // And at 09:00 restores are drilled.
    private static readonly TimeSpan Drills = TimeSpan.FromHours(6);
    private static readonly DateTimeOffset FirstMorning = SecondNight.AddDays(-1) + Morning;
    private static readonly TimeSpan LongestRestore = TimeSpan.FromMinutes(30);
    /// <summary>The name of the run that an engineer started.</summary>
    public const string EngineersRun = "rerun";

    private static readonly string[] Flows = ["snapshot-copy", "restore-drill", "pitr-restore", "clean-up"];
    private static readonly (string Account, string Region)[] Targets = [(SimulatedCloud.Account, SimulatedCloud.RecoveryRegion), (DrillAssembly.OtherAccount, SimulatedCloud.HomeRegion)];

    private readonly SimulatedCloud cloud;
    private readonly Engineer engineer;

    private Drill(DrillAssembly ground, IEnumerable<HeldPermission> without)
    {
        cloud = SimulatedCloud.Deploy(
            new SimulationGround(1, Evening, ground.Assembly) { Pace = StubPace.OneSecond }, c => new FunctionsInProcess(c, SafetyRules.InForce).Run);
        foreach (var permission in without)
        {
            TakenPermission.Take(cloud.World.Iam, permission);
        }

        engineer = new Engineer(cloud);
        engineer.Canary(ScheduleState.DISABLED);
        DrillDatabases.Make(cloud, engineer);

        // Some minutes tell all: the canary does the same in every other.
        engineer.Canary(ScheduleState.ENABLED);
        cloud.Clock.Advance(TimeSpan.FromMinutes(3));
        engineer.Canary(ScheduleState.DISABLED);
    }

    public void Dispose() => cloud.Dispose();

    /// <param name="without">What roles lack in it.</param>
    /// <param name="enough">Asked in the morning after a night in which something was refused: whether the rest need not be seen.</param>
    public static DrillResult Run(DrillAssembly ground, IEnumerable<HeldPermission> without, Func<DrillResult, bool> enough)
    {
        using var drill = new Drill(ground, without);
        drill.Advance(FirstMorning);
        return drill.Seen(enough) ?? drill.Second(ground.Input, enough) ?? drill.Third();
    }

    private DrillResult? Second(JsonObject input, Func<DrillResult, bool> enough)
    {
        Advance(SecondNight);
        StopOnceRestored();
        Advance(SecondNight.AddHours(2));
        RunAgain(input);
        Advance(SecondNight + Drills);
        StopOnce(SecondNight + Drills, "restore-drill", () => Restored(Targets[0], "dbre-proof-") == 2);
        Advance(SecondNight + Morning);
        return Seen(enough);
    }

    private DrillResult Third()
    {
        cloud.Rds.Quotas = new RdsQuotas(ManualClusterSnapshots: 0);
        Advance(SecondNight.AddDays(1) + Morning);
        return Result();
    }

    private DrillResult? Seen(Func<DrillResult, bool> enough) => cloud.World.Iam.Denials.Count > 0 && Result() is { } result && enough(result) ? result : null;

    private void Advance(DateTimeOffset until) => cloud.Clock.Advance(until - cloud.Clock.GetUtcNow());

    /// <summary>The middle of the night: the restored copies are there, wherever they belong.</summary>
    private void StopOnceRestored() => StopOnce(SecondNight, "snapshot-copy", () => Targets.All(IsRestored));

    private void StopOnce(DateTimeOffset begun, string flow, Func<bool> holds)
    {
        var step = TimeSpan.FromSeconds(10);
        while (cloud.Clock.GetUtcNow() < begun + LongestRestore && !holds())
        {
            cloud.Clock.Advance(step);
        }

        foreach (var run in Executions(flow).Where(e => e.Status == ExecutionStatus.RUNNING))
        {
            engineer.Do<StopExecutionResponse>("states", new StopExecutionRequest { ExecutionArn = run.ExecutionArn, Error = "Stopped", Cause = "Somebody stopped it." });
        }
    }

    /// <summary>An engineer starts the run again. The answer of its first function is lost, so that it is called twice.</summary>
    private void RunAgain(JsonObject input)
    {
        cloud.Weather.Arm(FaultKind.InvokeAfter, 0);
        var again = input.DeepClone();
        again["scheduledTime"] = "2026-11-22T03:00:00Z";
        engineer.Do<StartExecutionResponse>("states", new StartExecutionRequest { StateMachineArn = Machine("snapshot-copy"), Name = EngineersRun, Input = again.ToJsonString() });
    }

    /// <summary>Both proofs' databases are there; the cluster's writer comes last.</summary>
    private bool IsRestored((string Account, string Region) target) => Restored(target, "") == 2;

    private int Restored((string Account, string Region) target, string prefix) =>
        (engineer.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest(), target.Account, target.Region).DBInstances ?? []).Count(i => i.DBInstanceIdentifier.StartsWith(prefix, StringComparison.Ordinal));

    private DrillResult Result()
    {
        var iam = cloud.World.Iam;
        var used = iam.UsedPermissions.Select(u => new HeldPermission(u.Owner, u.Policy, u.Statement, u.ActionPattern)).ToHashSet();
        return new DrillResult(
            iam.Roles, used, iam.Denials,
            [.. Flows.SelectMany(flow => Executions(flow).Select(e => Describe(flow, e)))],
            DeadLetters(), Flows.SelectMany(Records).ToDictionary(r => r.Run, r => r.Reason), [.. cloud.Faults.Select(f => f.Message)]);
    }

    private static string Machine(string flow) => $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:{flow}";

    private List<ExecutionListItem> Executions(string flow) =>
        engineer.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = Machine(flow), MaxResults = 1000 }).Executions ?? [];

    private DrillRun Describe(string flow, ExecutionListItem execution)
    {
        var described = engineer.Do<DescribeExecutionResponse>("states", new DescribeExecutionRequest { ExecutionArn = execution.ExecutionArn });
        return new DrillRun(flow, execution.Name, described.Status.Value, described.Cause ?? "");
    }

    private List<string> DeadLetters()
    {
        var url = engineer.Do<GetQueueUrlResponse>("sqs", new GetQueueUrlRequest { QueueName = "dbre-undelivered" }).QueueUrl;
        var received = engineer.Do<ReceiveMessageResponse>("sqs", new ReceiveMessageRequest { QueueUrl = url, MaxNumberOfMessages = 10, MessageAttributeNames = ["All"] });
        return [.. (received.Messages ?? []).Select(m => (m.MessageAttributes.GetValueOrDefault("ERROR_MESSAGE") ?? m.MessageAttributes["ErrorMessage"]).StringValue)];
    }

    private IEnumerable<((string Flow, string Name) Run, string Reason)> Records(string flow)
    {
        var table = cloud.World.Service<LambdaService>().Functions.Select(f => f.Environment.GetValueOrDefault("LEDGER_TABLE")).First(t => t is not null);
        var answer = engineer.Do<QueryResponse>("dynamodb", new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :pk AND begins_with(sk, :record)",
            ExpressionAttributeValues = new() { [":pk"] = new($"evidence#{flow}"), [":record"] = new("record#") },
        });
        return (answer.Items ?? []).Select(item => ((flow, item["operationId"].S), item["reason"].S));
    }
}
