using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record RestoreCopyRequest(string OperationId, DatabasePlan Plan, TargetPlan Target, DatabaseLock Lock, string CopyArn, string Since);

/// <param name="TookSeconds">How long it took; null when that tells nothing.</param>
public sealed record RestoreCopyResult(StepStatus Status, string Reason, int WaitSeconds, string? Address, int Port, int? TookSeconds = null);

/// <summary>Sees to it that the copy runs as a database of its own in its target: one step an invocation, whatever is missing next.</summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "Asking for a database that is not there yet has no resource to name.")]
[Allow("rds:RestoreDBInstanceFromDBSnapshot", On = "arn:${Partition}:rds:*:${Account}:snapshot:*")]
[Allow("rds:RestoreDBInstanceFromDBSnapshot", "rds:CreateDBInstance", "rds:AddTagsToResource", On = "arn:${Partition}:rds:*:${Account}:db:dbre-proof-*")]
[Allow("rds:RestoreDBClusterFromSnapshot", On = "arn:${Partition}:rds:*:${Account}:cluster-snapshot:*")]
[Allow("rds:RestoreDBClusterFromSnapshot", "rds:CreateDBInstance", "rds:AddTagsToResource", On = "arn:${Partition}:rds:*:${Account}:cluster:dbre-proof-*")]
[Allow("kms:DescribeKey", "kms:CreateGrant", On = "arn:${Partition}:kms:*:${Account}:key/*")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class RestoreCopy(AwsClients aws, Ledger ledger, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<RestoreCopyResult> Handle(RestoreCopyRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var rds = aws.Rds(request.Target.Location());
        var id = RestoredCopy.Id(request.Plan, request.Target);
        var cluster = request.Plan.Kind == DatabaseKind.Cluster ? await RestoredCopy.Cluster(rds, id, deadline.Token).ConfigureAwait(false) : null;
        var instance = await RestoredCopy.Instance(rds, request.Plan.Kind == DatabaseKind.Cluster ? RestoredCopy.WriterId(id) : id, deadline.Token).ConfigureAwait(false);
        var step = Next(request.Plan.Kind, cluster, instance);
        switch (step)
        {
            case RestoreStep.Done:
                var (address, port) = cluster is null ? (instance!.Address, instance.Port) : (cluster.Address, cluster.Port);
                return new RestoreCopyResult(StepStatus.Ready, $"The copy runs as '{id}'.", 0, address, port, Patience.Took(Instant.Read(request.Since), clock.GetUtcNow()));
            case RestoreStep.Broken:
                return new RestoreCopyResult(StepStatus.Failed, $"The restored copy '{id}' is {(cluster is { Status: not "available" } ? cluster.Status : instance?.Status)}.", 0, null, 0);
        }

        // Others' databases fill the quota as well, so the room cannot be reckoned beforehand: who finds none waits for it.
        var room = step == RestoreStep.Wait || await Act(step, rds, request, id, deadline.Token).ConfigureAwait(false);
        var (status, reason, seconds) = Patience.Wait(
            room ? $"The copy is being restored as '{id}'." : $"The quota of databases in {request.Target.Location()} is used up, so the copy waits to be restored as '{id}'.",
            request.Since, clock.GetUtcNow(), Patience.Restore, Patience.Expecting(request.Target.ExpectedRestoreSeconds));
        return new RestoreCopyResult(status, reason, seconds, null, 0);
    }

    internal enum RestoreStep
    {
        RestoreInstance,
        RestoreCluster,
        AddWriter,
        Wait,
        Done,
        Broken,
    }

    /// <summary>What is missing next. A cluster serves nothing until it has an instance.</summary>
    internal static RestoreStep Next(DatabaseKind kind, RestoredPart? cluster, RestoredPart? instance) => (kind, cluster?.Status, instance?.Status) switch
    {
        (DatabaseKind.Instance, _, null) => RestoreStep.RestoreInstance,
        (DatabaseKind.Instance, _, "available") => RestoreStep.Done,
        (DatabaseKind.Cluster, null, _) => RestoreStep.RestoreCluster,
        (DatabaseKind.Cluster, "available", null) => RestoreStep.AddWriter,
        (DatabaseKind.Cluster, "available", "available") => RestoreStep.Done,
        (_, "failed" or "inaccessible-encryption-credentials" or "deleting", _) => RestoreStep.Broken,
        (_, _, "failed" or "incompatible-restore" or "restore-error" or "inaccessible-encryption-credentials" or "incompatible-parameters" or "deleting") => RestoreStep.Broken,
        _ => RestoreStep.Wait,
    };

    /// <returns>False when a quota of the account leaves no room for it.</returns>
    private async Task<bool> Act(RestoreStep step, IAmazonRDS rds, RestoreCopyRequest request, string id, CancellationToken stop)
    {
        await ledger.RequireCurrent(request.Lock, stop).ConfigureAwait(false);
        try
        {
            await (step switch
            {
                RestoreStep.RestoreInstance => RestoreInstance(rds, request, id, stop),
                RestoreStep.RestoreCluster => RestoreCluster(rds, request, id, stop),
                _ => AddWriter(rds, request, id, stop),
            }).ConfigureAwait(false);
            return true;
        }
        catch (Exception full) when (full is InstanceQuotaExceededException or DBClusterQuotaExceededException or StorageQuotaExceededException)
        {
            return false;
        }
    }

    private static List<Tag> Marking(RestoreCopyRequest request) =>
        [new() { Key = Marks.ProofOf, Value = request.CopyArn }, new() { Key = Marks.Operation, Value = request.OperationId }];

    private static List<string>? SecurityGroups(TargetPlan target) => target.SecurityGroups is { Count: > 0 } groups ? [.. groups] : null;

    private static Task RestoreInstance(IAmazonRDS rds, RestoreCopyRequest request, string id, CancellationToken stop) => rds.RestoreDBInstanceFromDBSnapshotAsync(
        new RestoreDBInstanceFromDBSnapshotRequest
        {
            DBInstanceIdentifier = id,
            DBSnapshotIdentifier = request.Plan.Snapshot,
            DBInstanceClass = request.Plan.InstanceClass,
            DBSubnetGroupName = request.Target.SubnetGroup,
            VpcSecurityGroupIds = SecurityGroups(request.Target),
            PubliclyAccessible = false,
            MultiAZ = false,
            DeletionProtection = false,
            // A proof needs no backups of its own: with them, RDS would take a snapshot first.
            BackupRetentionPeriod = 0,
            Tags = Marking(request),
        },
        stop);

    private static Task RestoreCluster(IAmazonRDS rds, RestoreCopyRequest request, string id, CancellationToken stop) => rds.RestoreDBClusterFromSnapshotAsync(
        new RestoreDBClusterFromSnapshotRequest
        {
            DBClusterIdentifier = id,
            SnapshotIdentifier = request.Plan.Snapshot,
            Engine = request.Plan.Engine,
            DBSubnetGroupName = request.Target.SubnetGroup,
            VpcSecurityGroupIds = SecurityGroups(request.Target),
            DeletionProtection = false,
            Tags = Marking(request),
        },
        stop);

    private static Task AddWriter(IAmazonRDS rds, RestoreCopyRequest request, string id, CancellationToken stop) => rds.CreateDBInstanceAsync(
        new CreateDBInstanceRequest
        {
            DBInstanceIdentifier = RestoredCopy.WriterId(id),
            DBClusterIdentifier = id,
            DBInstanceClass = request.Plan.InstanceClass,
            Engine = request.Plan.Engine,
            PubliclyAccessible = false,
            Tags = Marking(request),
        },
        stop);
}
