using Amazon.DynamoDBv2.Model;
using Amazon.Scheduler;
using Amazon.StepFunctions.Model;

using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Nights;
using Dbre.Lab.Services.Identity;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Simulation;

namespace Dbre.Simulation.Tests.Testing;

/// <summary>Restores in which everything that the restore flow can do has to be done, each in a world of its own.</summary>
internal static class RestoreScenarios
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(16);
    private static readonly string[] Flows = ["pitr-restore", "table-restore", "snapshot-copy", "clean-up"];

    public static readonly IReadOnlyList<string> All =
    [
        .. from cluster in (string[])["instance", "cluster"] from what in (string[])["snapshot", "replace", "drill", "stopped drill", "stopped swap", "twice", "gone", "elsewhere"] select $"{cluster}, {what}",
        .. from what in (string[])["backup", "drill", "stopped drill", "twice"] select $"{Tables}{what}",
    ];

    private const string Tables = "table, ";

    public static DrillResult Run(DrillAssembly ground, string scenario, IEnumerable<HeldPermission> without) =>
        scenario.StartsWith(Tables, StringComparison.Ordinal) ? OfTable(ground, scenario[Tables.Length..], without) : OfDatabase(ground, scenario, without);

    private static DrillResult OfDatabase(DrillAssembly ground, string scenario, IEnumerable<HeldPermission> without)
    {
        var (cluster, what) = (scenario.StartsWith("cluster", StringComparison.Ordinal), scenario[(scenario.IndexOf(',', StringComparison.Ordinal) + 2)..]);
        var purpose = what switch { "replace" or "stopped swap" => "replace", "drill" or "stopped drill" => "drill", _ => "beside" };
        using var restore = new SimulatedRestore(new RestoreOptions(1, ground.Assembly, cluster, purpose)
        {
            Pace = StubPace.OneSecond, FromSnapshot = what == "snapshot" || (cluster && what == "elsewhere"), Elsewhere = what == "elsewhere", Gone = what == "gone",
            InstanceClass = what == "gone" ? "db.r6g.large" : null, StoppedAtRenaming = what == "stopped swap" ? 1 : 0, Prepare = cloud => Prepare(cloud, without),
        });
        restore.Ask("op");
        if (what == "twice")
        {
            restore.Ask("second", "second");
        }

        if (what == "stopped drill" && restore.Until(() => restore.Holder(restore.As) is { Available: true }))
        {
            restore.Stop("op");
        }

        restore.Cloud.Clock.Advance(Long);
        return Result(restore);
    }

    private static DrillResult OfTable(DrillAssembly ground, string what, IEnumerable<HeldPermission> without)
    {
        using var restore = new SimulatedTableRestore(new TableRestoreOptions(ground.Assembly, what is "drill" or "stopped drill" ? "drill" : "beside") { FromBackup = what == "backup", Prepare = cloud => Prepare(cloud, without) });
        restore.Ask("op");
        if (what == "twice")
        {
            restore.Ask("second", "second");
        }
        else if (what == "stopped drill")
        {
            restore.Cloud.Clock.Advance(TimeSpan.FromMinutes(1));
            restore.Stop("op");

            // The clean-up finds it, and one beside it that is not to be touched while it runs.
            restore.Ask("second", "second");
        }

        restore.Cloud.Clock.Advance(Long);
        return Result(restore);
    }

    private static void Prepare(SimulatedCloud cloud, IEnumerable<HeldPermission> permissions)
    {
        // The canary is no part of a restore, and nine tenths of the work of its day: the drill has what it needs.
        new Engineer(cloud).Canary(ScheduleState.DISABLED);
        foreach (var permission in permissions)
        {
            TakenPermission.Take(cloud.World.Iam, permission);
        }
    }

    private static DrillResult Result(ISimulatedAccount restore)
    {
        var iam = restore.Cloud.World.Iam;
        return new DrillResult(
            iam.Roles, iam.UsedPermissions.Select(u => new HeldPermission(u.Owner, u.Policy, u.Statement, u.ActionPattern)).ToHashSet(), iam.Denials,
            [.. Flows.SelectMany(flow => Executions(restore, flow).Select(e => Described(restore, flow, e)))], [],
            Flows.SelectMany(flow => Records(restore, flow)).ToDictionary(r => r.Run, r => r.Reason), [.. restore.Cloud.Faults.Select(f => f.Message)]);
    }

    private static string Machine(string flow) => $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:{flow}";

    private static List<ExecutionListItem> Executions(ISimulatedAccount restore, string flow) =>
        restore.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = Machine(flow), MaxResults = 1000 }).Executions ?? [];

    private static DrillRun Described(ISimulatedAccount restore, string flow, ExecutionListItem execution)
    {
        var described = restore.Do<DescribeExecutionResponse>("states", new DescribeExecutionRequest { ExecutionArn = execution.ExecutionArn });
        return new DrillRun(flow, execution.Name, described.Status.Value, described.Cause ?? "");
    }

    private static IEnumerable<((string Flow, string Name) Run, string Reason)> Records(ISimulatedAccount restore, string flow)
    {
        var table = restore.Cloud.World.Service<LambdaService>().Functions.Select(f => f.Environment.GetValueOrDefault("LEDGER_TABLE")).First(t => t is not null);
        var answer = restore.Do<QueryResponse>("dynamodb", new QueryRequest
        {
            TableName = table,
            KeyConditionExpression = "pk = :pk AND begins_with(sk, :record)",
            ExpressionAttributeValues = new() { [":pk"] = new($"evidence#{flow}"), [":record"] = new("record#") },
        });
        return (answer.Items ?? []).Select(item => ((flow, item["operationId"].S), item["reason"].S));
    }
}
