using System.Text.Json;

using Amazon.DynamoDBv2;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="OperationId">The execution's name; a plan that is only shown has one too.</param>
/// <param name="Input">What the execution was started with.</param>
public sealed record PlanTableRestoreRequest(string OperationId, JsonElement Input);

/// <param name="Problems">Every reason against it.</param>
/// <param name="Lock">What the ledger calls the table.</param>
public sealed record PlanTableRestoreResult(StepStatus Status, string Reason, IReadOnlyList<string> Problems, TableRestorePlan? Plan, string? Lock);

/// <summary>Looks at everything that a restore of a table needs before anything is changed, and tells all that is wrong at once.</summary>
[Allow("dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive", "dynamodb:ListTagsOfResource", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/*")]
[Allow("dynamodb:ListBackups", Why = "A list of backups has no resource to name.")]
[Allow("kms:DescribeKey", On = "arn:${Partition}:kms:${Region}:${Account}:key/*")]
public sealed class PlanTableRestore(IAmazonDynamoDB dynamo, AwsClients aws, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<PlanTableRestoreResult> Handle(PlanTableRestoreRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var problems = new List<string>();
        if (RestoreInput.Read(request.Input, problems) is not { } input)
        {
            return Refused(problems);
        }

        var source = !TablePreflight.MayBeAName(input.Source) ? null : await TableReader.Find(dynamo, input.Source, deadline.Token).ConfigureAwait(false);
        var target = TablePreflight.MayBeAName(input.As) ? await RestoredTable.Find(dynamo, input.As, deadline.Token).ConfigureAwait(false) : null;
        var known = new KnownTables(source, target?.TableStatus.Value, source?.Key is { } key ? await SourceKey.State(aws.Kms(aws.Home), key, deadline.Token).ConfigureAwait(false) : null);
        problems.AddRange(TablePreflight.Problems(input, known, aws.Home.Region, clock.GetUtcNow()));
        return problems.Count > 0 ? Refused(problems) : Ready(Plan(input, source!));
    }

    private TableRestorePlan Plan(RestoreInput input, SourceTable source) => new(
        source.Name, source.Arn, TablePreflight.Backup(input, source)?.Arn, input.To is { } to ? Instant.Write(to) : null, input.As, input.Purpose, input.RequestedBy,
        Instant.Write(clock.GetUtcNow()), source.Settings, input.Expected);

    private static PlanTableRestoreResult Ready(TableRestorePlan plan)
    {
        var what = plan.Backup is { } backup ? $"from backup '{backup}'" : plan.RestoreTo is { } to ? $"to {to}" : "to the latest second that can be restored";
        var then = plan.Purpose == RestorePurpose.Drill ? "it is removed once it is proven" : "the live table is not touched";
        return new PlanTableRestoreResult(StepStatus.Ready, $"Table '{plan.Source}' is restored {what} as '{plan.As}'; {then}.", [], plan, TableRestorePlan.LockName(plan.Source));
    }

    private static PlanTableRestoreResult Refused(List<string> problems) => new(StepStatus.Refused, string.Join(" ", problems), problems, null, null);
}
