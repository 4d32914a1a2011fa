using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Core;

namespace Dbre.Cli.Runs;

/// <summary>The decision of an operation that waits for one: it is final, and never the requester's own.</summary>
internal static class Decision
{
    public const string LedgerTable = "dbre-ledger";

    /// <param name="ledger">Where it is asked.</param>
    /// <param name="flows">Where it is waited for.</param>
    /// <param name="operation">The operation's name.</param>
    /// <param name="caller">Who decides.</param>
    /// <param name="why">Null approves; a rejection says why.</param>
    /// <param name="stop">Ends the wait.</param>
    /// <exception cref="BadInputException">It cannot be decided, or not by this caller; nothing was changed.</exception>
    public static async Task<Approval> Make(Ledger ledger, IAmazonStepFunctions flows, string operation, string caller, string? why, CancellationToken stop)
    {
        var open = await ledger.ReadApproval(operation, stop).ConfigureAwait(false)
            ?? throw new BadInputException($"operation is '{operation}'; no operation of that name has asked for an approval.");
        if (Refusal(open, caller) is { } refusal)
        {
            throw new BadInputException(refusal);
        }

        // The ledger first: it decides who was first, and nothing is swapped without it.
        if (!await ledger.Decide(open, why is null ? ApprovalDecision.Approved : ApprovalDecision.Rejected, caller, why, stop).ConfigureAwait(false))
        {
            throw new BadInputException($"operation is '{operation}', which somebody else decided just now.");
        }

        try
        {
            if (why is null)
            {
                await flows.SendTaskSuccessAsync(new SendTaskSuccessRequest { TaskToken = open.Token, Output = new JsonObject { ["approvedBy"] = caller }.ToJsonString() }, stop).ConfigureAwait(false);
            }
            else
            {
                await flows.SendTaskFailureAsync(new SendTaskFailureRequest { TaskToken = open.Token, Error = "Rejected", Cause = why }, stop).ConfigureAwait(false);
            }
        }
        catch (Exception late) when (late is TaskTimedOutException or TaskDoesNotExistException)
        {
            throw new BadInputException($"operation is '{operation}', which does not wait any more: the decision came too late, and nothing was changed.");
        }

        return open;
    }

    private static string? Refusal(Approval open, string caller) => open switch
    {
        { Decision: not ApprovalDecision.Open } => $"operation is '{open.OperationId}', which was {open.Decision.ToString().ToLowerInvariant()} by {open.DecidedBy} at {open.DecidedAt}; a decision is final.",
        _ when open.RequestedBy == caller => $"operation is '{open.OperationId}', which you ({caller}) asked for yourself; somebody else has to decide it.",
        _ => null,
    };
}
