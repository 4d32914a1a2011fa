using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

public sealed record RestoreTableRequest(string OperationId, TableRestorePlan Plan, DatabaseLock Lock, string Since);

/// <param name="TableId">What DynamoDB calls the restored table: another one of its name has another.</param>
public sealed record RestoreTableResult(StepStatus Status, string Reason, int WaitSeconds, string? TableId = null);

/// <summary>Sees to it that the restored table is there and carries this operation's mark: one step an invocation, whatever is missing next.</summary>
[Allow("dynamodb:RestoreTableToPointInTime", "dynamodb:DescribeTable", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/*")]
[Allow("dynamodb:RestoreTableFromBackup", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/*/backup/*")]
[Allow("dynamodb:ListTagsOfResource", "dynamodb:TagResource", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
    On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/*-restored*")]
[Allow("dynamodb:ListTagsOfResource", "dynamodb:TagResource", "dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem",
    On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/dbre-drill-*")]
[Allow("kms:DescribeKey", "kms:CreateGrant", On = "arn:${Partition}:kms:${Region}:${Account}:key/*")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class RestoreTable(IAmazonDynamoDB dynamo, Ledger ledger, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<RestoreTableResult> Handle(RestoreTableRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        var table = await RestoredTable.Find(dynamo, plan.As, deadline.Token).ConfigureAwait(false);
        var tags = table?.TableStatus == TableStatus.ACTIVE ? await RestoredTable.Tags(dynamo, table.TableArn, deadline.Token).ConfigureAwait(false) : [];
        if (table is not null && !RestoredTable.IsOurs(table, tags, plan, request.OperationId))
        {
            return new RestoreTableResult(StepStatus.Failed, $"'{plan.As}' is a table that somebody else made since; it is left alone.", 0);
        }

        await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
        switch (table?.TableStatus.Value)
        {
            case null:
                await Restore(plan, deadline.Token).ConfigureAwait(false);
                break;
            case "ACTIVE" when tags.ContainsKey(RestoreMarks.Operation):
                return new RestoreTableResult(StepStatus.Ready, $"'{plan.As}' can be used.", 0, table.TableId);
            case "ACTIVE":
                await dynamo.TagResourceAsync(new TagResourceRequest { ResourceArn = table.TableArn, Tags = RestoreMarks.Of(plan, request.OperationId) }, deadline.Token).ConfigureAwait(false);
                break;
            case "CREATING" or "UPDATING":
                break;
            case var broken:
                return new RestoreTableResult(StepStatus.Failed, $"'{plan.As}' is {broken}.", 0);
        }

        var (status, reason, seconds) = Patience.Wait($"'{plan.As}' is being restored.", request.Since, clock.GetUtcNow(), Patience.Restore);
        return new RestoreTableResult(status, reason, seconds);
    }

    private async Task Restore(TableRestorePlan plan, CancellationToken stop)
    {
        try
        {
            if (plan.Backup is { } backup)
            {
                await dynamo.RestoreTableFromBackupAsync(new RestoreTableFromBackupRequest { BackupArn = backup, TargetTableName = plan.As }, stop).ConfigureAwait(false);
                return;
            }

            await dynamo.RestoreTableToPointInTimeAsync(
                new RestoreTableToPointInTimeRequest
                {
                    SourceTableArn = plan.SourceArn,
                    TargetTableName = plan.As,
                    RestoreDateTime = plan.RestoreTo is { } to ? Instant.Read(to).UtcDateTime : null,
                    UseLatestRestorableTime = plan.RestoreTo is null ? true : null,
                },
                stop).ConfigureAwait(false);
        }
        catch (LimitExceededException)
        {
            // As many tables as an account may restore at a time are being restored: this one's turn comes.
        }
    }
}
