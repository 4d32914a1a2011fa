using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="OperationId">The drill that it selects for; null asks for the plan of the one that the schedule would start.</param>
public sealed record SelectDrillsRequest(string Policy, JsonElement Policies, string ScheduledTime, string? OperationId = null);

/// <param name="Status">Ready, or Refused when the drill must not start.</param>
/// <param name="Drills">What is restored.</param>
/// <param name="Refused">Databases of the policy that could not be restored now, and why; others take their place.</param>
/// <param name="Objectives">What the restores are held to.</param>
public sealed record SelectDrillsResult(
    StepStatus Status, string Reason, IReadOnlyList<string> Problems, IReadOnlyList<DrillPlan> Drills, IReadOnlyList<RefusedDatabase> Refused, Objectives? Objectives)
{
    public static SelectDrillsResult Refusal(string reason, IReadOnlyList<string> problems) => new(StepStatus.Refused, reason, problems, [], [], null);
}

/// <summary>Picks the databases of a policy whose restore was proven longest ago, and decides what each is restored to. It changes nothing, so it is the plan as well.</summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "It reads every database of the Region to select from them.")]
[Allow("rds:DescribeDBInstanceAutomatedBackups", Why = "A database without automated backups has none to name.")]
[Allow("dynamodb:Query", On = "${LedgerTable}")]
public sealed class SelectDrills(AwsClients aws, Ledger ledger, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<SelectDrillsResult> Handle(SelectDrillsRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var file = PolicyFile.Read(request.Policies);
        if (file.Problems.Count > 0)
        {
            return SelectDrillsResult.Refusal(file.Problems[0], file.Problems);
        }

        if (file.Policies.FirstOrDefault(p => p.Name == request.Policy) is not { } policy)
        {
            return SelectDrillsResult.Refusal($"policy is '{request.Policy}'; allowed are {string.Join(", ", file.Policies.Select(p => p.Name))}.", []);
        }

        if (policy.Drill is not { } rule)
        {
            return SelectDrillsResult.Refusal($"Policy '{policy.Name}' has no section 'drill'; give it one with perNight (1 to {DrillRule.MostPerNight}) and schedule.", []);
        }

        var scheduled = Instant.Read(request.ScheduledTime);
        var operationId = request.OperationId ?? StartNightlyRun.OperationId(StartNightlyRun.RestoreDrill, policy.Name, scheduled);
        var fleet = await FleetReader.All(aws.Rds(aws.Home), deadline.Token).ConfigureAwait(false);
        var drills = new List<DrillPlan>();
        var refused = new List<RefusedDatabase>();
        var covered = fleet.Where(d => Selection.Covers(policy, d));
        foreach (var database in DrillChoice.Order(covered, await ledger.DrillProofs(deadline.Token).ConfigureAwait(false)))
        {
            if (drills.Count == rule.PerNight)
            {
                break;
            }

            if (Selection.Refusal(policy, file.Policies, database, scheduled) is { } reason)
            {
                refused.Add(new RefusedDatabase(database.Id, reason));
            }
            else if (await RestorableWindow.Read(aws.Rds(aws.Home), database, deadline.Token).ConfigureAwait(false) is not { } window)
            {
                refused.Add(new RefusedDatabase(database.Id, $"Database '{database.Id}' cannot be restored to a second: it has no automated backup."));
            }
            else
            {
                drills.Add(await Plan(policy, database, window, scheduled, operationId, deadline.Token).ConfigureAwait(false));
            }
        }

        return drills.Count == 0
            ? SelectDrillsResult.Refusal(refused.Count == 0 ? $"Policy '{policy.Name}' selects none of the {Plural.Of(fleet.Count, "database", "databases")} of {aws.Home.Region}." : refused[0].Reason, []) with { Refused = refused }
            : new SelectDrillsResult(StepStatus.Ready, string.Join(" ", drills.Select(Sentence)), [], drills, refused, policy.Objectives);
    }

    private async Task<DrillPlan> Plan(Policy policy, Database database, RestorableWindow window, DateTimeOffset scheduled, string operationId, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var catalog = await ledger.Copies(database.Id, stop).ConfigureAwait(false);
        DrillCopy? copy = null;
        if (DrillChoice.Copy(policy, aws.Home.Region, catalog) is { } entry)
        {
            var plan = Selection.Plan(policy, database, aws.Home.Region, scheduled, catalog) with { Snapshot = entry.Snapshot };
            var target = plan.Targets.First(t => t.Location() == entry.Location);
            copy = new DrillCopy(plan with { Targets = [target] }, target, ArnOf(entry, database), entry.ProvenBy!, Seconds(now - entry.CreatedAt));
        }

        return new DrillPlan(
            database.Id, database.Kind, database.Engine, aws.Home.Region, DrillChoice.Name(operationId, database.Id),
            Instant.Write(DrillChoice.Second(operationId, database.Id, scheduled, database.BackupRetentionDays, window)), Seconds(now - window.Latest), copy);
    }

    private static string Sentence(DrillPlan drill) =>
        $"'{drill.Database}' is restored to {drill.RestoreTo} in {drill.Region}{(drill.Copy is { } copy ? $" and from its copy '{copy.Plan.Snapshot}' in {copy.Target.Location()}" : ", and has no proven copy")}.";

    // The account stands in the ARN of the source: arn, partition, service, Region, account.
    private static string ArnOf(CatalogEntry copy, Database database) =>
        $"arn:{database.Arn.Split(':')[1]}:rds:{copy.Location.Region}:{copy.Location.Account ?? database.Arn.Split(':')[4]}:{(database.Kind == DatabaseKind.Cluster ? "cluster-snapshot" : "snapshot")}:{copy.Snapshot}";

    private static double Seconds(TimeSpan span) => Math.Round(Math.Max(span.TotalSeconds, 0), 3);
}
