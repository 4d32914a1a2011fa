using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record NotifyOutcomeRequest(string OperationId, WrittenEvidence Evidence);

/// <summary>Tells the topic how the run ended, in one sentence, and where its evidence is.</summary>
[Allow("sns:Publish", On = "${Topic}")]
public sealed class NotifyOutcome(IAmazonSimpleNotificationService sns, Settings settings, TimeProvider clock)
{
    // SNS allows 100 characters in a subject (Amazon SNS API Reference, Publish).
    private const int LongestSubject = 100;

    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<StepResult> Handle(NotifyOutcomeRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var subject = $"{request.Evidence.Outcome}: {request.OperationId}";
        await sns.PublishAsync(
            new PublishRequest
            {
                TopicArn = settings.TopicArn,
                Subject = subject[..Math.Min(subject.Length, LongestSubject)],
                Message = $"{request.Evidence.Reason}\n\nEvidence: s3://{settings.EvidenceBucket}/{request.Evidence.Key}\nSHA-256: {request.Evidence.Hash}\n",
            },
            deadline.Token).ConfigureAwait(false);
        return new StepResult(StepStatus.Ready, "Told.");
    }
}
