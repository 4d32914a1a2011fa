using System.Runtime.CompilerServices;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Functions.Core.Steps;

/// <summary>The runs of a state machine in the last days, newest first: as many as a clean-up may still have to do with.</summary>
public static class RecentRuns
{
    private static readonly TimeSpan Recent = TimeSpan.FromDays(7);

    /// <summary>The ARN of another state machine beside one that is known.</summary>
    public static string Beside(string stateMachineArn, string flow) => stateMachineArn[..(stateMachineArn.LastIndexOf(':') + 1)] + flow;

    /// <summary>It ended, and not as it should have.</summary>
    public static bool EndedBadly(ExecutionStatus status) => status == ExecutionStatus.FAILED || status == ExecutionStatus.TIMED_OUT || status == ExecutionStatus.ABORTED;

    public static async IAsyncEnumerable<ExecutionListItem> Of(
        IAmazonStepFunctions flows, string stateMachineArn, TimeProvider clock, [EnumeratorCancellation] CancellationToken stop)
    {
        // Step Functions lists the newest first, so the first old one ends it.
        var oldest = clock.GetUtcNow() - Recent;
        await foreach (var run in flows.Paginators.ListExecutions(new ListExecutionsRequest { StateMachineArn = stateMachineArn, MaxResults = 100 }).Executions.WithCancellation(stop).ConfigureAwait(false))
        {
            if (run.StartDate!.Value.ToUniversalTime() < oldest)
            {
                yield break;
            }

            yield return run;
        }
    }
}
