using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

public sealed record ConfigureTableRequest(string OperationId, TableRestorePlan Plan, DatabaseLock Lock, string Since);

/// <summary>Sees to it that the restored table has the recovery, time to live, stream and protection that its source had.</summary>
[Allow("dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive", "dynamodb:UpdateTable", "dynamodb:UpdateContinuousBackups", "dynamodb:UpdateTimeToLive",
    On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/*-restored*")]
[Allow("dynamodb:DescribeTable", "dynamodb:DescribeContinuousBackups", "dynamodb:DescribeTimeToLive", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/dbre-drill-*")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class ConfigureTable(IAmazonDynamoDB dynamo, Ledger ledger, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<StepResult> Handle(ConfigureTableRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
        var plan = request.Plan;
        var found = await RestoredTable.Find(dynamo, plan.As, deadline.Token).ConfigureAwait(false) ?? throw new InvalidOperationException($"'{plan.As}' is gone: somebody deleted it.");
        if (found.TableStatus == TableStatus.ACTIVE && !await Change(plan, found, deadline.Token).ConfigureAwait(false))
        {
            return new StepResult(StepStatus.Ready, $"'{plan.As}' is configured as '{plan.Source}' was.");
        }

        var (status, reason, seconds) = Patience.Wait($"'{plan.As}' is being configured.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new StepResult(status, reason, seconds);
    }

    /// <returns>Whether something was missing.</returns>
    private async Task<bool> Change(TableRestorePlan plan, TableDescription found, CancellationToken stop)
    {
        var recovery = await dynamo.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = plan.As }, stop).ConfigureAwait(false);
        var live = await dynamo.DescribeTimeToLiveAsync(plan.As, stop).ConfigureAwait(false);
        switch (TableConfiguration.Next(plan, found, recovery.ContinuousBackupsDescription?.PointInTimeRecoveryDescription, live.TimeToLiveDescription))
        {
            case TableChange.Recovery:
                await dynamo.UpdateContinuousBackupsAsync(
                    new UpdateContinuousBackupsRequest
                    {
                        TableName = plan.As, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = true, RecoveryPeriodInDays = plan.Settings.RecoveryDays },
                    },
                    stop).ConfigureAwait(false);
                return true;
            case TableChange.TimeToLive:
                await dynamo.UpdateTimeToLiveAsync(
                    new UpdateTimeToLiveRequest { TableName = plan.As, TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = plan.Settings.TimeToLive, Enabled = true } }, stop).ConfigureAwait(false);
                return true;
            case TableChange.StreamAndProtection:
                var stream = plan.Settings.Stream is { } view && found.StreamSpecification is not { StreamEnabled: true }
                    ? new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.FindValue(view) }
                    : null;
                await dynamo.UpdateTableAsync(new UpdateTableRequest { TableName = plan.As, DeletionProtectionEnabled = plan.Settings.DeletionProtection, StreamSpecification = stream }, stop).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }
}
