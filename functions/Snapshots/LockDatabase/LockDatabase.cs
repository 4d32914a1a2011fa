using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Flow">The state machine that asks, whose execution is named as the operation.</param>
public sealed record LockDatabaseRequest(string Flow, string OperationId, string Database, string Since);

public sealed record LockDatabaseResult(StepStatus Status, string Reason, int WaitSeconds, DatabaseLock? Lock);

/// <summary>Safety rule 2: takes the database for this operation. A holder whose execution has ended gave up its hold with it.</summary>
[Allow("dynamodb:GetItem", "dynamodb:UpdateItem", On = "${LedgerTable}")]
[Allow("states:DescribeExecution", On = "${Executions:snapshot-copy}")]
[Allow("states:DescribeExecution", On = "${Executions:pitr-restore}")]
[Allow("states:DescribeExecution", On = "${Executions:restore-drill}")]
[Allow("states:DescribeExecution", On = "${Executions:table-restore}")]
public sealed class LockDatabase(Ledger ledger, IAmazonStepFunctions flows, Settings settings, SafetyRules rules, TimeProvider clock)
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<LockDatabaseResult> Handle(LockDatabaseRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var holder = $"{request.Flow}:{request.OperationId}";
        var seen = await ledger.ReadLock(request.Database, deadline.Token).ConfigureAwait(false);
        if (seen?.Holder == holder)
        {
            return new LockDatabaseResult(StepStatus.Ready, "It was already held.", 0, seen);
        }

        if (seen is { Holder.Length: > 0 } && rules.HolderStillRuns(await Runs(seen.Holder, deadline.Token).ConfigureAwait(false)))
        {
            return Wait($"Database '{seen.Database}' is held by '{seen.Holder}'.", request.Since);
        }

        var taken = await ledger.TakeLock(request.Database, holder, seen, deadline.Token).ConfigureAwait(false);
        return taken is null
            ? Wait($"Database '{request.Database}' was just taken by another operation.", request.Since)
            : new LockDatabaseResult(StepStatus.Ready, $"Held with token {taken.Token}.", 0, taken);
    }

    private LockDatabaseResult Wait(string what, string since)
    {
        var (status, reason, seconds) = Patience.Wait(what, since, clock.GetUtcNow(), Patience.Lock);
        return new LockDatabaseResult(status, reason, seconds, null);
    }

    /// <param name="holder">Flow and execution, as they stand in the execution's ARN.</param>
    private async Task<bool> Runs(string holder, CancellationToken stop)
    {
        var flow = settings.StateMachineArn.IndexOf(":stateMachine:", StringComparison.Ordinal);
        var arn = $"{settings.StateMachineArn[..flow]}:execution:{holder}";
        try
        {
            var execution = await flows.DescribeExecutionAsync(new DescribeExecutionRequest { ExecutionArn = arn }, stop).ConfigureAwait(false);
            return execution.Status == ExecutionStatus.RUNNING;
        }
        catch (ExecutionDoesNotExistException)
        {
            return false;
        }
    }
}
