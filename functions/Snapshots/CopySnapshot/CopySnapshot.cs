using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="CopyFrom">The ARN of the snapshot to copy: the night's own, or its shareable re-encryption.</param>
/// <param name="FrozenAt">When the snapshot's data was frozen: the age of the copy in the catalog.</param>
/// <param name="SnapshotSeconds">How long the snapshot took, for the catalog.</param>
/// <param name="Since">When it began to wait for its slot; once the copy is asked for, when that was.</param>
public sealed record CopySnapshotRequest(DatabasePlan Plan, TargetPlan Target, DatabaseLock Lock, string CopyFrom, string FrozenAt, string Since, int? SnapshotSeconds = null);

/// <param name="Since">For the next call.</param>
public sealed record CopySnapshotResult(StepStatus Status, string Reason, int WaitSeconds, string? CopyArn, string Since);

/// <summary>
/// Sees to it that the copy is in its target: waits for a slot, asks for it once, tells how far it is, and notes it in the catalog.
/// Called in the destination Region and account, as RDS wants it.
/// </summary>
[Allow("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", Why = "Asking for a snapshot that is not there yet has no resource to name.")]
[Allow("rds:CopyDBSnapshot", "rds:AddTagsToResource", On = "arn:${Partition}:rds:*:${Account}:snapshot:*")]
[Allow("rds:CopyDBClusterSnapshot", "rds:AddTagsToResource", On = "arn:${Partition}:rds:*:${Account}:cluster-snapshot:*")]
[Allow("kms:DescribeKey", "kms:CreateGrant", On = "arn:${Partition}:kms:*:${Account}:key/*")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
[Allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", On = "${LedgerTable}")]
public sealed class CopySnapshot(AwsClients aws, Ledger ledger, TimeProvider clock)
{
    /// <summary>After this long, a slot whose copy is not under way was left behind by a run that was killed.</summary>
    private static readonly TimeSpan SlotGrace = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan SlotChecks = TimeSpan.FromMinutes(10);

    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<CopySnapshotResult> Handle(CopySnapshotRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (plan, target, where) = (request.Plan, request.Target, request.Target.Location());
        var seen = await SnapshotReader.Find(aws.Rds(where), plan.Kind, plan.Snapshot, deadline.Token).ConfigureAwait(false);
        if (seen is not null && !IsAt(seen.Arn, where))
        {
            return new CopySnapshotResult(StepStatus.Failed, $"Asked for '{plan.Snapshot}' in {where}, RDS answered with {seen.Arn}, which is no copy there.", 0, null, request.Since);
        }

        switch (seen)
        {
            case { UnderWay: true }:
                return Copying(request, request.Since, $"Copy '{plan.Snapshot}' in {where} is {seen.Status} ({seen.Percent} %).");
            case { Available: true }:
                var taken = await ledger.ReleaseCopySlot(where, plan.Kind, plan.Snapshot, deadline.Token).ConfigureAwait(false);
                await ledger.RecordCopy(
                    new CatalogEntry(
                        plan.Database, where, plan.Snapshot, plan.Policy, Instant.Read(request.FrozenAt), null, null, Patience.Took(taken, clock.GetUtcNow()), request.SnapshotSeconds),
                    deadline.Token).ConfigureAwait(false);
                return new CopySnapshotResult(StepStatus.Ready, $"The copy in {where} is available.", 0, seen.Arn, request.Since);
            case not null:
                await ledger.ReleaseCopySlot(where, plan.Kind, plan.Snapshot, deadline.Token).ConfigureAwait(false);
                return new CopySnapshotResult(StepStatus.Failed, $"Copy '{plan.Snapshot}' in {where} is {seen.Status}.", 0, seen.Arn, request.Since);
        }

        var slot = await ledger.TakeCopySlot(where, plan.Kind, plan.Snapshot, deadline.Token).ConfigureAwait(false);
        if (!slot.Taken)
        {
            await FreeAbandoned(slot, where, plan.Kind, deadline.Token).ConfigureAwait(false);
            return Queued(request, $"All {Ledger.CopyQuota(plan.Kind)} copies to {where} that AWS allows at a time are under way; '{plan.Snapshot}' is queued.");
        }

        await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);

        // What the catalog says of a copy of this name is of one that is gone: its proof is not the new one's.
        await ledger.ForgetCopy(plan.Database, where, plan.Snapshot, deadline.Token).ConfigureAwait(false);
        try
        {
            await Copy(plan, target, request.CopyFrom, deadline.Token).ConfigureAwait(false);
            return Copying(request, Instant.Write(clock.GetUtcNow()), $"Copy '{plan.Snapshot}' to {where} was asked for.");
        }
        catch (SnapshotQuotaExceededException quota)
        {
            // Somebody else's copies count too: give the slot back and stay in the queue.
            await ledger.ReleaseCopySlot(where, plan.Kind, plan.Snapshot, deadline.Token).ConfigureAwait(false);
            return Queued(request, $"RDS takes no further snapshot in {where} now: {quota.Message}");
        }
    }

    // The copy has its source's name: only its ARN tells them apart.
    private static bool IsAt(string arn, Location where) => arn.Split(':') is [_, _, _, var region, var account, ..] && region == where.Region && (where.Account ?? account) == account;

    private CopySnapshotResult Copying(CopySnapshotRequest request, string since, string what)
    {
        var (status, reason, seconds) = Patience.Wait(what, since, clock.GetUtcNow(), Patience.Copy, request.Target.Expected());
        return new CopySnapshotResult(status, reason, seconds, null, since);
    }

    private CopySnapshotResult Queued(CopySnapshotRequest request, string what)
    {
        var (status, reason, _) = Patience.Wait(what, request.Since, clock.GetUtcNow(), Patience.Copy);
        return new CopySnapshotResult(status, reason, status == StepStatus.Waiting ? Patience.InQueue(request.Target.Expected()) : 0, null, request.Since);
    }

    private async Task Copy(DatabasePlan plan, TargetPlan target, string copyFrom, CancellationToken stop)
    {
        var rds = aws.Rds(target.Location());
        var elsewhere = target.Region == plan.Region ? null : plan.Region;
        if (plan.Kind == DatabaseKind.Instance)
        {
            var optionGroup = plan.OptionGroup is { } group && !group.StartsWith("default:", StringComparison.Ordinal) ? group : null;
            await rds.CopyDBSnapshotAsync(
                new CopyDBSnapshotRequest
                {
                    SourceDBSnapshotIdentifier = copyFrom,
                    TargetDBSnapshotIdentifier = plan.Snapshot,
                    SourceRegion = elsewhere,
                    KmsKeyId = target.KmsKey,
                    // Tags of a snapshot shared by another account cannot be copied; the marks are given either way.
                    CopyTags = target.Account is null ? true : null,
                    Tags = target.Account is null ? null : Marks.OfSnapshot(plan),
                    OptionGroupName = target.Account is null ? optionGroup : null,
                    CopyOptionGroup = target.Account is not null && optionGroup is not null ? true : null,
                },
                stop).ConfigureAwait(false);
        }
        else
        {
            await rds.CopyDBClusterSnapshotAsync(
                new CopyDBClusterSnapshotRequest
                {
                    SourceDBClusterSnapshotIdentifier = copyFrom,
                    TargetDBClusterSnapshotIdentifier = plan.Snapshot,
                    SourceRegion = elsewhere,
                    // RDS refuses a key for an unencrypted cluster snapshot: Aurora cannot encrypt by copying.
                    KmsKeyId = plan.KmsKeyArn is null ? null : target.KmsKey,
                    CopyTags = target.Account is null ? true : null,
                    Tags = target.Account is null ? null : Marks.OfSnapshot(plan),
                },
                stop).ConfigureAwait(false);
        }
    }

    private async Task FreeAbandoned(CopySlot slots, Location where, DatabaseKind kind, CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var old = slots.Holders.Where(h => now - h.Value >= SlotGrace).Select(h => h.Key).Order(StringComparer.Ordinal).ToList();
        if (old.Count == 0 || now - slots.CheckedAt < SlotChecks || !await ledger.TakeOnSlotCheck(where, kind, SlotChecks, stop).ConfigureAwait(false))
        {
            return;
        }

        foreach (var snapshot in old)
        {
            if (await SnapshotReader.Find(aws.Rds(where), kind, snapshot, stop).ConfigureAwait(false) is not { UnderWay: true })
            {
                await ledger.ReleaseCopySlot(where, kind, snapshot, stop).ConfigureAwait(false);
            }
        }
    }
}
