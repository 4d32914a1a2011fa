using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="OperationId">The run that measured the source.</param>
/// <param name="ProvenBefore">It was proven by that run already, and is restored once more for a drill: the catalog keeps the proof that it has.</param>
public sealed record ProveCopyRequest(string OperationId, DatabasePlan Plan, TargetPlan Target, string Address, int Port, int? RestoreSeconds = null, bool ProvenBefore = false);

/// <param name="Status">Ready when the copy is proven, Failed when it is not.</param>
public sealed record ProveCopyResult(StepStatus Status, string Reason, ProofResult? Proof);

/// <summary>
/// Has the restored copy measured inside its own Region, compares it with what the source held, and notes a proof in the catalog.
/// A copy that cannot be read is not proven, and the reason is what the database said.
/// </summary>
[Allow("lambda:InvokeFunction", On = "arn:${Partition}:lambda:*:${Account}:function:dbre-measure-database")]
[Allow("s3:GetObject", On = "arn:${Partition}:s3:::${EvidenceBucket}/measurements/*")]
[Allow("dynamodb:UpdateItem", On = "${LedgerTable}")]
[Allow("rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", Why = "Asking for a copy that somebody deleted has no resource to name.")]
[Allow("sts:AssumeRole", On = "arn:${Partition}:iam::*:role/dbre-copy-target")]
public sealed class ProveCopy(AwsClients aws, RegionalMeasurement regional, MeasurementStore store, Ledger ledger, SafetyRules rules, TimeProvider clock)
{
    [LambdaFunction(Timeout = 900, MemorySize = 512)]
    public async Task<ProveCopyResult> Handle(ProveCopyRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var (plan, target) = (request.Plan, request.Target);
        var before = await store.Load(request.OperationId, plan.Database, SourceMoment.Before, deadline.Token).ConfigureAwait(false);
        var after = await store.Load(request.OperationId, plan.Database, SourceMoment.After, deadline.Token).ConfigureAwait(false);

        // The prover of the target's Region is this account's: its network must reach the restored copy, also that of another account.
        var (restored, unreadable) = await regional.Measure(
            target.Region,
            new MeasureDatabaseRequest(plan.Engine, request.Address, request.Port, DatabaseLogin.SecretOf(plan.Database), plan.Region, [.. after.Tables.Where(t => t.Sampled).Select(t => t.Table)]),
            deadline.Token).ConfigureAwait(false);
        if (restored is null)
        {
            return new ProveCopyResult(StepStatus.Failed, $"The restored copy could not be read: {unreadable}", null);
        }

        var proof = rules.Compare(before, after, restored);
        if (proof.Proven && await SnapshotReader.Find(aws.Rds(target.Location()), plan.Kind, plan.Snapshot, deadline.Token).ConfigureAwait(false) is not { Available: true })
        {
            return new ProveCopyResult(StepStatus.Failed, $"Copy '{plan.Snapshot}' in {target.Location()} is gone: somebody deleted it while its restored copy was compared.", null);
        }

        if (proof.Proven && !request.ProvenBefore)
        {
            await ledger.RecordProof(plan.Database, target.Location(), plan.Snapshot, request.OperationId, request.RestoreSeconds, deadline.Token).ConfigureAwait(false);
        }

        return new ProveCopyResult(proof.Proven ? StepStatus.Ready : StepStatus.Failed, proof.Reason, proof);
    }
}
