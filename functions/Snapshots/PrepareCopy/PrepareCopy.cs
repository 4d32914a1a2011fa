using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record PrepareCopyRequest(DatabasePlan Plan, TargetPlan Target, DatabaseLock Lock, string SnapshotArn, string Since);

/// <param name="CopyFrom">The ARN to copy from, when it is ready.</param>
public sealed record PrepareCopyResult(StepStatus Status, string Reason, int WaitSeconds, string? CopyFrom);

/// <summary>
/// Makes the snapshot copyable by another account: shares it, after re-encrypting it where its key forbids sharing (a snapshot under the
/// default key aws/rds cannot be shared: Amazon RDS User Guide, "Sharing a DB snapshot"). Within the account there is nothing to do.
/// </summary>
[Allow("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", Why = "Asking for a snapshot that is not there yet has no resource to name.")]
[Allow("rds:DescribeDBSnapshotAttributes", "rds:ModifyDBSnapshotAttribute", "rds:CopyDBSnapshot", "rds:AddTagsToResource", On = "arn:${Partition}:rds:${Region}:${Account}:snapshot:*")]
[Allow("rds:DescribeDBClusterSnapshotAttributes", "rds:ModifyDBClusterSnapshotAttribute", "rds:CopyDBClusterSnapshot", "rds:AddTagsToResource", On = "arn:${Partition}:rds:${Region}:${Account}:cluster-snapshot:*")]
[Allow("kms:DescribeKey", On = "arn:${Partition}:kms:${Region}:${Account}:key/*")]
[Allow("kms:CreateGrant", On = "arn:${Partition}:kms:${Region}:${Account}:key/*")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class PrepareCopy(AwsClients aws, Ledger ledger, TimeProvider clock)
{
    /// <summary>The key that re-encrypted snapshots get: this project's own in the home Region.</summary>
    public const string HomeKey = "alias/dbre";

    /// <summary>What a re-encrypted snapshot is called: its source's name with this behind.</summary>
    public const string ReencryptedSuffix = "-shareable";

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<PrepareCopyResult> Handle(PrepareCopyRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (plan, target) = (request.Plan, request.Target);
        if (target.Account is null)
        {
            return Ready(request.SnapshotArn);
        }

        var shareable = new SharedSnapshot(aws.Rds(plan.Home), plan.Kind, plan.Snapshot);
        if (plan.KmsKeyArn is not null && await IsDefaultKey(plan, deadline.Token).ConfigureAwait(false))
        {
            shareable = shareable with { Id = plan.Snapshot + ReencryptedSuffix };
            switch (await SnapshotReader.Find(aws.Rds(plan.Home), plan.Kind, shareable.Id, deadline.Token).ConfigureAwait(false))
            {
                case null:
                    await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
                    await Reencrypt(plan, shareable.Id, deadline.Token).ConfigureAwait(false);
                    return Wait($"Snapshot '{plan.Snapshot}' is under the default key and is being re-encrypted as '{shareable.Id}'.", request.Since);
                case { UnderWay: true } seen:
                    return Wait($"Snapshot '{seen.Id}' is {seen.Status} ({seen.Percent} %).", request.Since);
                case { Available: false } seen:
                    return new PrepareCopyResult(StepStatus.Failed, $"The re-encrypted snapshot '{seen.Id}' is {seen.Status}.", 0, null);
            }
        }

        if (!await shareable.IsSharedWith(target.Account, deadline.Token).ConfigureAwait(false))
        {
            await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
            await shareable.ShareWith(target.Account, deadline.Token).ConfigureAwait(false);
        }

        return Ready(request.SnapshotArn[..(request.SnapshotArn.LastIndexOf(':') + 1)] + shareable.Id);
    }

    private static PrepareCopyResult Ready(string copyFrom) => new(StepStatus.Ready, "It can be copied.", 0, copyFrom);

    private PrepareCopyResult Wait(string what, string since)
    {
        var (status, reason, seconds) = Patience.Wait(what, since, clock.GetUtcNow(), Patience.Copy);
        return new PrepareCopyResult(status, reason, seconds, null);
    }

    private async Task<bool> IsDefaultKey(DatabasePlan plan, CancellationToken stop) =>
        (await aws.Kms(plan.Home).DescribeKeyAsync(new DescribeKeyRequest { KeyId = plan.KmsKeyArn }, stop).ConfigureAwait(false)).KeyMetadata.KeyManager == KeyManagerType.AWS;

    private async Task Reencrypt(DatabasePlan plan, string id, CancellationToken stop)
    {
        var rds = aws.Rds(plan.Home);
        if (plan.Kind == DatabaseKind.Instance)
        {
            await rds.CopyDBSnapshotAsync(
                new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = plan.Snapshot, TargetDBSnapshotIdentifier = id, KmsKeyId = HomeKey, CopyTags = true }, stop).ConfigureAwait(false);
        }
        else
        {
            await rds.CopyDBClusterSnapshotAsync(
                new CopyDBClusterSnapshotRequest { SourceDBClusterSnapshotIdentifier = plan.Snapshot, TargetDBClusterSnapshotIdentifier = id, KmsKeyId = HomeKey, CopyTags = true }, stop).ConfigureAwait(false);
        }
    }
}
