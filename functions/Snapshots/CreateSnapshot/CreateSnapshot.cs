using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record CreateSnapshotRequest(DatabasePlan Plan, DatabaseLock Lock, string Since);

/// <param name="FrozenAt">When the data was frozen; its copies are as old as this.</param>
/// <param name="TookSeconds">How long it took; null when that tells nothing.</param>
public sealed record CreateSnapshotResult(StepStatus Status, string Reason, int WaitSeconds, string? SnapshotArn, string? FrozenAt, int? TookSeconds = null);

/// <summary>Sees to it that tonight's snapshot is there: asks for it once, then tells how far it is. RDS has no event for a failed snapshot, so it is looked at.</summary>
[Allow("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", Why = "Asking for a snapshot that is not there yet has no resource to name.")]
[Allow("rds:CreateDBSnapshot", On = "arn:${Partition}:rds:${Region}:${Account}:db:*")]
[Allow("rds:CreateDBSnapshot", "rds:AddTagsToResource", On = "arn:${Partition}:rds:${Region}:${Account}:snapshot:*")]
[Allow("rds:CreateDBClusterSnapshot", On = "arn:${Partition}:rds:${Region}:${Account}:cluster:*")]
[Allow("rds:CreateDBClusterSnapshot", "rds:AddTagsToResource", On = "arn:${Partition}:rds:${Region}:${Account}:cluster-snapshot:*")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class CreateSnapshot(AwsClients aws, Ledger ledger, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<CreateSnapshotResult> Handle(CreateSnapshotRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        var seen = await SnapshotReader.Find(aws.Rds(plan.Home), plan.Kind, plan.Snapshot, deadline.Token).ConfigureAwait(false);
        switch (seen)
        {
            case { Available: true }:
                return new CreateSnapshotResult(StepStatus.Ready, "The snapshot is available.", 0, seen.Arn, Instant.Write(seen.CreatedAt ?? clock.GetUtcNow()),
                    Patience.Took(Instant.Read(request.Since), clock.GetUtcNow()));
            case { UnderWay: true }:
                return Wait($"Snapshot '{plan.Snapshot}' is {seen.Status} ({seen.Percent} %).", request);
            case not null:
                return new CreateSnapshotResult(StepStatus.Failed, $"Snapshot '{plan.Snapshot}' is {seen.Status}.", 0, seen.Arn, null);
            default:
                await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
                await Create(plan, deadline.Token).ConfigureAwait(false);
                return Wait($"Snapshot '{plan.Snapshot}' was asked for.", request);
        }
    }

    private CreateSnapshotResult Wait(string what, CreateSnapshotRequest request)
    {
        var (status, reason, seconds) = Patience.Wait(
            what, request.Since, clock.GetUtcNow(), Patience.Snapshot, Patience.Expecting(request.Plan.ExpectedSnapshotSeconds));
        return new CreateSnapshotResult(status, reason, seconds, null, null);
    }

    private async Task Create(DatabasePlan plan, CancellationToken stop)
    {
        var rds = aws.Rds(plan.Home);
        if (plan.Kind == DatabaseKind.Instance)
        {
            await rds.CreateDBSnapshotAsync(
                new CreateDBSnapshotRequest { DBInstanceIdentifier = plan.Database, DBSnapshotIdentifier = plan.Snapshot, Tags = Marks.OfSnapshot(plan) }, stop).ConfigureAwait(false);
        }
        else
        {
            await rds.CreateDBClusterSnapshotAsync(
                new CreateDBClusterSnapshotRequest { DBClusterIdentifier = plan.Database, DBClusterSnapshotIdentifier = plan.Snapshot, Tags = Marks.OfSnapshot(plan) }, stop).ConfigureAwait(false);
        }
    }
}
