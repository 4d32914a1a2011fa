using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record RemoveRestoredCopyRequest(DatabasePlan Plan, TargetPlan Target, string Since);

/// <summary>Sees to it that the database restored for the proof is gone. It removes what carries the proof's name and mark, and nothing else.</summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "Asking for a database that is gone has no resource to name.")]
[Allow("rds:DeleteDBInstance", On = "arn:${Partition}:rds:*:${Account}:db:dbre-proof-*")]
[Allow("rds:DeleteDBCluster", On = "arn:${Partition}:rds:*:${Account}:cluster:dbre-proof-*")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
public sealed class RemoveRestoredCopy(AwsClients aws, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<StepResult> Handle(RemoveRestoredCopyRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var rds = aws.Rds(request.Target.Location());
        var id = RestoredCopy.Id(request.Plan, request.Target);
        var cluster = request.Plan.Kind == DatabaseKind.Cluster ? await RestoredCopy.Cluster(rds, id, deadline.Token).ConfigureAwait(false) : null;
        var instanceId = request.Plan.Kind == DatabaseKind.Cluster ? RestoredCopy.WriterId(id) : id;
        var instance = await RestoredCopy.Instance(rds, instanceId, deadline.Token).ConfigureAwait(false);
        if (cluster is null && instance is null)
        {
            return new StepResult(StepStatus.Ready, $"'{id}' is gone.");
        }

        if ((instance ?? cluster) is { Marked: false })
        {
            return new StepResult(StepStatus.Refused, $"'{id}' has no tag '{Marks.ProofOf}': it was not restored by this project, so it stays.");
        }

        await RemoveNext(rds, id, cluster, instanceId, instance, deadline.Token).ConfigureAwait(false);
        var (status, reason, seconds) = Patience.Wait($"'{id}' is being removed.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new StepResult(status, reason, seconds);
    }

    /// <summary>The instance goes before its cluster. What RDS is still busy with is looked at again later.</summary>
    private static async Task RemoveNext(IAmazonRDS rds, string id, RestoredPart? cluster, string instanceId, RestoredPart? instance, CancellationToken stop)
    {
        try
        {
            if (instance is { Status: not "deleting" })
            {
                var request = new DeleteDBInstanceRequest { DBInstanceIdentifier = instanceId };
                if (cluster is null)
                {
                    (request.SkipFinalSnapshot, request.DeleteAutomatedBackups) = (true, true);
                }

                await rds.DeleteDBInstanceAsync(request, stop).ConfigureAwait(false);
            }
            else if (instance is null && cluster is { Status: not "deleting" })
            {
                await rds.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = id, SkipFinalSnapshot = true }, stop).ConfigureAwait(false);
            }
        }
        catch (AmazonRDSException busy) when (busy is InvalidDBInstanceStateException or InvalidDBClusterStateException)
        {
            // Still being created: it can be removed once it is there.
        }
    }
}
