using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

public sealed record RemoveDrillRequest(string OperationId, RestorePlan Plan, string Since);

/// <summary>Sees to it that a drill's database is gone. It removes what carries the drill's name and this operation's mark, and nothing else.</summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "Asking for a database that is gone has no resource to name.")]
[Allow("rds:DeleteDBInstance", On = "arn:${Partition}:rds:*:${Account}:db:dbre-drill-*")]
[Allow("rds:DeleteDBCluster", On = "arn:${Partition}:rds:*:${Account}:cluster:dbre-drill-*")]
public sealed class RemoveDrill(AwsClients aws, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<StepResult> Handle(RemoveDrillRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (plan, rds) = (request.Plan, aws.Rds(request.Plan.Location()));
        if (plan.Purpose != RestorePurpose.Drill || !plan.As.StartsWith(RestorePlan.DrillPrefix, StringComparison.Ordinal))
        {
            return new StepResult(StepStatus.Refused, $"'{plan.As}' was not restored for a drill, so it stays.");
        }

        var database = await RestoredDatabase.Find(rds, plan.Kind, plan.As, deadline.Token).ConfigureAwait(false);
        var member = plan.Members > 0 ? await RestoredDatabase.Find(rds, DatabaseKind.Instance, plan.Member(1), deadline.Token).ConfigureAwait(false) : null;
        if (database is null && member is null)
        {
            return new StepResult(StepStatus.Ready, $"'{plan.As}' is gone.");
        }

        if ((database ?? member)!.Operation != request.OperationId)
        {
            return new StepResult(StepStatus.Refused, $"'{plan.As}' was not restored by '{request.OperationId}', so it stays.");
        }

        await RemoveNext(rds, plan, database, member, deadline.Token).ConfigureAwait(false);
        var (status, reason, seconds) = Patience.Wait($"'{plan.As}' is being removed.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new StepResult(status, reason, seconds);
    }

    /// <summary>The instance goes before its cluster. What RDS is still busy with is looked at again later.</summary>
    private static async Task RemoveNext(IAmazonRDS rds, RestorePlan plan, NamedDatabase? database, NamedDatabase? member, CancellationToken stop)
    {
        try
        {
            if (member is { Status: not "deleting" })
            {
                await rds.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = member.Id }, stop).ConfigureAwait(false);
            }
            else if (member is null && plan.Kind == DatabaseKind.Cluster && database is { Status: not "deleting" })
            {
                await rds.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = plan.As, SkipFinalSnapshot = true }, stop).ConfigureAwait(false);
            }
            else if (plan.Kind == DatabaseKind.Instance && database is { Status: not "deleting" })
            {
                await rds.DeleteDBInstanceAsync(
                    new DeleteDBInstanceRequest { DBInstanceIdentifier = plan.As, SkipFinalSnapshot = true, DeleteAutomatedBackups = true }, stop).ConfigureAwait(false);
            }
        }
        catch (AmazonRDSException busy) when (busy is InvalidDBInstanceStateException or InvalidDBClusterStateException)
        {
            // Still being created: it can be removed once it is there.
        }
    }
}
