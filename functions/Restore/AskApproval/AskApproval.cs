using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Restore;

/// <param name="Proof">What proving the restored database showed.</param>
/// <param name="ResourceId">What RDS calls the restored database.</param>
/// <param name="Token">Step Functions' task token.</param>
public sealed record AskApprovalRequest(string OperationId, RestorePlan Plan, string Proof, string ResourceId, string Token);

/// <summary>What is approved: enough to take it back without the run that it belongs to.</summary>
public sealed record SwapSubject(RestorePlan Plan, string ResourceId);

/// <summary>Asks for the approval of a swap: notes that it is waited for, and tells the topic how to decide. The state machine waits for the token.</summary>
[Allow("dynamodb:PutItem", On = "${LedgerTable}")]
[Allow("sns:Publish", On = "${Topic}")]
public sealed class AskApproval(Ledger ledger, IAmazonSimpleNotificationService sns, Settings settings, TimeProvider clock)
{
    // SNS allows 100 characters in a subject (Amazon SNS API Reference, Publish).
    private const int LongestSubject = 100;

    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<StepResult> Handle(AskApprovalRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var plan = request.Plan;
        var question = $"Shall '{plan.As}' take the name '{plan.Source}'? {request.Proof} The old database is kept as '{plan.KeptAs}'; what was written to it after {plan.RestoreTo ?? "the restored time"} is only there.";
        if (!await ledger.AskApproval(request.OperationId, question, plan.RequestedBy, request.Token, JsonSerializer.Serialize(new SwapSubject(plan, request.ResourceId), FunctionJson.Options), deadline.Token).ConfigureAwait(false))
        {
            // The state machine waits for a token, not for an answer: only an error ends the wait.
            throw new InvalidOperationException($"'{request.OperationId}' was decided while it was asked again, so the decision reached nobody; ask for the restore again.");
        }

        var subject = $"Approval needed: {request.OperationId}";
        await sns.PublishAsync(
            new PublishRequest
            {
                TopicArn = settings.TopicArn,
                Subject = subject[..Math.Min(subject.Length, LongestSubject)],
                Message = $"{question}\n\nAsked by {plan.RequestedBy}; somebody else decides:\n./dbre approve {request.OperationId}\n./dbre approve {request.OperationId} --reject \"why\"\n",
            },
            deadline.Token).ConfigureAwait(false);
        return new StepResult(StepStatus.Ready, "Asked.");
    }
}
