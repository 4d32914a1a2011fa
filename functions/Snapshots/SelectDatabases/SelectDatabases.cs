using System.Text.Json;

using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Policies">The whole policy file: overlaps between policies are found here.</param>
/// <param name="OperationId">The run that it selects for; null asks for the plan only.</param>
public sealed record SelectDatabasesRequest(string Policy, JsonElement Policies, string ScheduledTime, string? OperationId = null);

/// <param name="Status">Ready, or Refused when the run as a whole must not start.</param>
/// <param name="Databases">Of a plan, in the order of the queue; a run's are in its files, by <paramref name="OperationId"/>.</param>
/// <param name="Refused">Likewise.</param>
/// <param name="Deferred">Likewise; <paramref name="DeferredCount"/> is told in either case.</param>
/// <param name="Quotas">What defers them.</param>
/// <param name="AnnounceFailure">Why nobody could be told of the deferral at the start: the state machine notes it here, for the evidence.</param>
public sealed record SelectDatabasesResult(
    StepStatus Status, string Reason, IReadOnlyList<string> Problems, IReadOnlyList<DatabasePlan> Databases, IReadOnlyList<RefusedDatabase> Refused,
    IReadOnlyList<DeferredDatabase> Deferred, int DeferredCount, IReadOnlyList<QuotaShortfall> Quotas, string? OperationId = null,
    Failure? AnnounceFailure = null)
{
    public static SelectDatabasesResult Refusal(string reason, IReadOnlyList<string> problems) => new(StepStatus.Refused, reason, problems, [], [], [], 0, []);

    public static SelectDatabasesResult Ready(RunSelection selection)
    {
        var told = new List<string> { $"{Plural.Of(selection.Plans.Count, "database is", "databases are")} selected, {selection.Refused.Count} refused." };
        if (selection.Deferred.Count > 0)
        {
            told.Add($"{Plural.Of(selection.Deferred.Count, "is", "are")} deferred to another night.");
            told.AddRange(selection.Quotas.Select(q => q.Sentence()));
        }

        return new SelectDatabasesResult(
            StepStatus.Ready, string.Join(" ", told), [], selection.Plans, selection.Refused, selection.Deferred, selection.Deferred.Count, selection.Quotas);
    }
}

/// <summary>
/// Reads the fleet, the keys and the catalog, and decides what the run does with each database. It changes nothing, so it is the plan as well;
/// for a run it writes down what it decided.
/// </summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "It reads every database of the Region to select from them.")]
[Allow("rds:DescribeAccountAttributes", Why = "An account's quotas are no resource.")]
[Allow("kms:DescribeKey", On = "arn:${Partition}:kms:*:${Account}:key/*")]
[Allow("dynamodb:Query", On = "${LedgerTable}")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
[Allow("s3:GetObject", "s3:PutObject", On = "arn:${Partition}:s3:::${RunBucket}/runs/*")]
public sealed class SelectDatabases(AwsClients aws, Ledger ledger, RunFiles files, TimeProvider clock)
{
    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<SelectDatabasesResult> Handle(SelectDatabasesRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var file = PolicyFile.Read(request.Policies);
        var policy = file.Policies.FirstOrDefault(p => p.Name == request.Policy);
        IReadOnlyList<string> problems = policy is null && file.Problems.Count == 0
            ? [$"policy is '{request.Policy}'; allowed are {string.Join(", ", file.Policies.Select(p => p.Name))}."]
            : file.Problems;
        if (policy is not null && problems.Count == 0)
        {
            problems = await KeyProblems(policy, deadline.Token).ConfigureAwait(false);
        }

        if (policy is null || problems.Count > 0)
        {
            return SelectDatabasesResult.Refusal(problems[0], problems);
        }

        var fleet = await FleetReader.All(aws.Rds(aws.Home), deadline.Token).ConfigureAwait(false);
        var scheduled = Instant.Read(request.ScheduledTime);
        var candidates = new List<Candidate>();
        var refused = new List<RefusedDatabase>();
        foreach (var database in fleet.Where(d => Selection.Covers(policy, d)).OrderBy(d => d.Id, StringComparer.Ordinal))
        {
            if (Selection.Refusal(policy, file.Policies, database, scheduled) is { } reason)
            {
                refused.Add(new RefusedDatabase(database.Id, reason));
                continue;
            }

            var catalog = await ledger.Copies(database.Id, deadline.Token).ConfigureAwait(false);
            var plan = Selection.Plan(policy, database, aws.Home.Region, scheduled, catalog);
            candidates.Add(new Candidate(plan, Queue.DueAt(plan.Targets, policy.Objectives.RpoHours, catalog), Queue.Frees(plan, scheduled, catalog)));
        }

        if (candidates.Count + refused.Count == 0)
        {
            return SelectDatabasesResult.Refusal($"Policy '{policy.Name}' selects none of the {Plural.Of(fleet.Count, "database", "databases")} of {aws.Home.Region}.", []);
        }

        var rooms = await SnapshotRooms.Read(aws, policy, deadline.Token).ConfigureAwait(false);
        var (admitted, deferred, quotas) = Admission.Decide(Queue.Order(candidates), TimeSpan.FromHours(policy.WindowHours), rooms);
        var selection = new RunSelection(Queue.Spread(admitted), refused, deferred, quotas);
        return request.OperationId is { } operationId
            ? SelectDatabasesResult.Ready(await files.Keep(operationId, selection, deadline.Token).ConfigureAwait(false))
                with { Databases = [], Refused = [], Deferred = [], OperationId = operationId }
            : SelectDatabasesResult.Ready(selection);
    }

    private async Task<IReadOnlyList<string>> KeyProblems(Policy policy, CancellationToken stop)
    {
        var problems = new List<string>();
        foreach (var target in policy.Copies)
        {
            var where = new Location(target.Region, target.Account);
            if (where == aws.Home)
            {
                problems.Add($"Policy '{policy.Name}': a copy to {where} would be where the database is; allowed are other Regions and other accounts.");
                continue;
            }

            try
            {
                var key = (await aws.Kms(where).DescribeKeyAsync(new DescribeKeyRequest { KeyId = target.KmsKey }, stop).ConfigureAwait(false)).KeyMetadata;
                if (key.KeyState != KeyState.Enabled)
                {
                    problems.Add($"Policy '{policy.Name}': kmsKey '{target.KmsKey}' in {where} is {key.KeyState}; it must be Enabled.");
                }
            }
            catch (NotFoundException)
            {
                problems.Add($"Policy '{policy.Name}': kmsKey '{target.KmsKey}' does not exist in {where}; a copy there needs a key of that Region and account.");
            }
        }

        return problems;
    }
}
