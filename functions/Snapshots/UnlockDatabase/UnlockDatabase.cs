using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record UnlockDatabaseRequest(DatabaseLock Lock);

/// <summary>Gives the database back.</summary>
[Allow("dynamodb:UpdateItem", On = "${LedgerTable}")]
public sealed class UnlockDatabase(Ledger ledger, TimeProvider clock)
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<StepResult> Handle(UnlockDatabaseRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        await ledger.ReleaseLock(request.Lock, deadline.Token).ConfigureAwait(false);
        return new StepResult(StepStatus.Ready, "Given back.");
    }
}
