using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="Returned">What earlier invocations of this clean-up gave back.</param>
public sealed record ReturnNamesRequest(IReadOnlyList<string> Returned, string Since);

/// <param name="Status">Waiting while a name leads nowhere.</param>
public sealed record ReturnNamesResult(StepStatus Status, string Reason, int WaitSeconds, IReadOnlyList<string> Returned);

/// <summary>
/// After a restore that was stopped while names were swapped: a name that leads to no database is given back to the old one, which has the newest
/// data. Where the restored database has the name already it stays: it was proven before, and clients may have written to it since.
/// </summary>
[Allow("states:ListExecutions", On = "${StateMachine:pitr-restore}")]
[Allow("rds:DescribeDBInstances", "rds:DescribeDBClusters", Why = "A name that nobody has is no resource.")]
[Allow("rds:ModifyDBInstance", "rds:ModifyDBCluster", On = "arn:${Partition}:rds:${Region}:${Account}:*:*")]
[Allow("dynamodb:GetItem", "dynamodb:UpdateItem", On = "${LedgerTable}")]
public sealed class ReturnNames(AwsClients aws, IAmazonStepFunctions flows, Ledger ledger, RestoreRules rules, Settings settings, TimeProvider clock)
{
    private const string Flow = "pitr-restore";

    [LambdaFunction(Timeout = 120, MemorySize = 512)]
    public async Task<ReturnNamesResult> Handle(ReturnNamesRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        await foreach (var run in RecentRuns.Of(flows, settings.StateMachineArn, clock, deadline.Token).ConfigureAwait(false))
        {
            if (RecentRuns.EndedBadly(run.Status)
                && await ledger.ReadApproval(run.Name, deadline.Token).ConfigureAwait(false) is { Decision: ApprovalDecision.Approved } approval
                && await Return(run.Name, JsonSerializer.Deserialize<SwapSubject>(approval.Subject, FunctionJson.Options)!, deadline.Token).ConfigureAwait(false) is { } source)
            {
                var (status, reason, seconds) = Patience.Wait($"'{source}' is being given its name again.", request.Since, clock.GetUtcNow(), Patience.Removal);
                return new ReturnNamesResult(status, reason, Math.Min(seconds, Swap.LongestPause), request.Returned.Contains(source) ? request.Returned : [.. request.Returned, source]);
            }
        }

        return new ReturnNamesResult(StepStatus.Ready, $"{Plural.Of(request.Returned.Count, "name was", "names were")} given back.", 0, request.Returned);
    }

    /// <returns>The name, while it leads nowhere; null when there is nothing to do.</returns>
    private async Task<string?> Return(string operationId, SwapSubject swap, CancellationToken stop)
    {
        var (plan, rds) = (swap.Plan, aws.Rds(aws.Home));
        var now = await SwapNames.Names(rds, plan, swap.ResourceId, stop).ConfigureAwait(false);
        if (!LeadsNowhere(now))
        {
            return null;
        }

        if (rules.Back(now) == SwapStep.GiveNameToOld && await Take(plan.Source, operationId, stop).ConfigureAwait(false) is { } held)
        {
            await ledger.RequireCurrent(held, stop).ConfigureAwait(false);
            var (from, to) = SwapNames.Renaming(SwapStep.GiveNameToOld, plan);
            await SwapNames.Rename(rds, plan.Kind, from, to, stop).ConfigureAwait(false);
            await ledger.ReleaseLock(held, stop).ConfigureAwait(false);
        }

        return plan.Source;
    }

    /// <summary>Nobody has the name, or somebody is just getting or giving it.</summary>
    internal static bool LeadsNowhere(NamesNow now) =>
        now.OnKept?.ResourceId == now.Old && (now.OnSource is null || (now.OnSource.ResourceId == now.Restored && !now.OnSource.Available))
        || (now.OnSource?.ResourceId == now.Old && now.OnSource.Status == "renaming");

    // The dead run may hold the database still; the next token fences whatever of it may yet act. Anybody else's hold is left to them.
    private async Task<DatabaseLock?> Take(string database, string operationId, CancellationToken stop)
    {
        var holder = $"{Flow}:{operationId}";
        var seen = await ledger.ReadLock(database, stop).ConfigureAwait(false);
        return seen is null or { Holder: "" } || seen.Holder == holder ? await ledger.TakeLock(database, holder, seen, stop).ConfigureAwait(false) : null;
    }
}
