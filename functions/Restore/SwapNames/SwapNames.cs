using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="ResourceId">What RDS calls the restored database.</param>
/// <param name="Back">The old database gets its name again.</param>
public sealed record SwapNamesRequest(string OperationId, RestorePlan Plan, string ResourceId, DatabaseLock Lock, bool Back, string Since);

/// <summary>
/// Sees to it that the restored database has the name that clients use and the old one is kept under another; or that all is as before. One
/// renaming an invocation, and forward only with an approval in the ledger of somebody who did not ask for it.
/// </summary>
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "A name that nobody has is no resource.")]
[Allow("rds:ModifyDBInstance", "rds:ModifyDBCluster", On = "arn:${Partition}:rds:${Region}:${Account}:*:*")]
[Allow("dynamodb:GetItem", On = "${LedgerTable}")]
public sealed class SwapNames(AwsClients aws, Ledger ledger, RestoreRules rules, TimeProvider clock)
{
    [LambdaFunction(Timeout = 60, MemorySize = 512)]
    public async Task<StepResult> Handle(SwapNamesRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        if (!request.Back && !rules.MaySwap(await ledger.ReadApproval(request.OperationId, deadline.Token).ConfigureAwait(false), plan.RequestedBy))
        {
            return new StepResult(StepStatus.Refused, $"The ledger has no approval of '{request.OperationId}' by anybody but {plan.RequestedBy}, who asked for it; no name was changed.");
        }

        var rds = aws.Rds(aws.Home);
        var now = await Names(rds, plan, request.ResourceId, deadline.Token).ConfigureAwait(false);
        var step = request.Back ? rules.Back(now) : rules.Next(now);
        switch (step)
        {
            case SwapStep.Done:
                return new StepResult(StepStatus.Ready, request.Back ? $"'{plan.Source}' is the old database, as before." : $"'{plan.Source}' is the restored database; the old one is kept as '{plan.KeptAs}'.");
            case SwapStep.Stuck:
                return new StepResult(StepStatus.Failed, $"The names cannot be swapped: {Told(plan, now)}");
            case SwapStep.Wait:
                break;
            default:
                await ledger.RequireCurrent(request.Lock, deadline.Token).ConfigureAwait(false);
                var (from, to) = Renaming(step, plan);
                await Rename(rds, plan.Kind, from, to, deadline.Token).ConfigureAwait(false);
                break;
        }

        var (status, reason, seconds) = Patience.Wait("The names are being swapped.", request.Since, clock.GetUtcNow(), Patience.Removal);
        return new StepResult(status, reason, Math.Min(seconds, Swap.LongestPause));
    }

    internal static (string From, string To) Renaming(SwapStep step, RestorePlan plan) => step switch
    {
        SwapStep.SetOldAside => (plan.Source, plan.KeptAs),
        SwapStep.GiveNameToRestored => (plan.As, plan.Source),
        SwapStep.TakeNameFromRestored => (plan.Source, plan.As),
        SwapStep.GiveNameToOld => (plan.KeptAs, plan.Source),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, "It renames nothing."),
    };

    internal static async Task<NamesNow> Names(IAmazonRDS rds, RestorePlan plan, string restored, CancellationToken stop) => new(
        plan.SourceResourceId, restored,
        await RestoredDatabase.Find(rds, plan.Kind, plan.Source, stop).ConfigureAwait(false),
        await RestoredDatabase.Find(rds, plan.Kind, plan.As, stop).ConfigureAwait(false),
        await RestoredDatabase.Find(rds, plan.Kind, plan.KeptAs, stop).ConfigureAwait(false));

    internal static Task Rename(IAmazonRDS rds, DatabaseKind kind, string from, string to, CancellationToken stop) => kind == DatabaseKind.Instance
        ? rds.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = from, NewDBInstanceIdentifier = to, ApplyImmediately = true }, stop)
        : rds.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = from, NewDBClusterIdentifier = to, ApplyImmediately = true }, stop);

    private static string Told(RestorePlan plan, NamesNow now) =>
        $"'{plan.Source}' is {Told(now, now.OnSource)}, '{plan.As}' is {Told(now, now.OnAs)}, '{plan.KeptAs}' is {Told(now, now.OnKept)}.";

    private static string Told(NamesNow now, NamedDatabase? named) =>
        named is null ? "nobody's" : named.ResourceId == now.Old ? "the old database" : named.ResourceId == now.Restored ? "the restored database" : "some other database";
}
