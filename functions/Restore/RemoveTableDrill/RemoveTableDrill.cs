using Amazon.DynamoDBv2;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

public sealed record RemoveTableDrillRequest(string OperationId, TableRestorePlan Plan, string Since);

/// <summary>Sees to it that a drill's table is gone. It removes what carries the drill's name and was restored by this operation, and nothing else.</summary>
[Allow("dynamodb:DescribeTable", "dynamodb:ListTagsOfResource", "dynamodb:DeleteTable", On = "arn:${Partition}:dynamodb:${Region}:${Account}:table/dbre-drill-*")]
public sealed class RemoveTableDrill(IAmazonDynamoDB dynamo, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<StepResult> Handle(RemoveTableDrillRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        if (plan.Purpose != RestorePurpose.Drill || !plan.As.StartsWith(TableRestorePlan.DrillPrefix, StringComparison.Ordinal))
        {
            return new StepResult(StepStatus.Refused, $"'{plan.As}' was not restored for a drill, so it stays.");
        }

        if (await RestoredTable.Find(dynamo, plan.As, deadline.Token).ConfigureAwait(false) is not { } table)
        {
            return new StepResult(StepStatus.Ready, $"'{plan.As}' is gone.");
        }

        // While it is being restored it can neither be asked for its tags nor be deleted.
        if (table.TableStatus == TableStatus.ACTIVE)
        {
            if (!RestoredTable.IsOurs(table, await RestoredTable.Tags(dynamo, table.TableArn, deadline.Token).ConfigureAwait(false), plan, request.OperationId))
            {
                return new StepResult(StepStatus.Refused, $"'{plan.As}' was not restored by '{request.OperationId}', so it stays.");
            }

            await RestoredTable.Remove(dynamo, plan.As, deadline.Token).ConfigureAwait(false);
        }

        var (status, reason, seconds) = Patience.Wait($"'{plan.As}' is being removed.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new StepResult(status, reason, seconds);
    }
}
