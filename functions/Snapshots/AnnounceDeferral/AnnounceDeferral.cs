using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

public sealed record AnnounceDeferralRequest(string OperationId);

/// <summary>Tells the topic at the start of a run which databases it cannot carry, and which quotas would: the night need not be over to ask AWS for more.</summary>
[Allow("s3:GetObject", On = "arn:${Partition}:s3:::${RunBucket}/runs/*")]
[Allow("sns:Publish", On = "${Topic}")]
public sealed class AnnounceDeferral(IAmazonSimpleNotificationService sns, RunFiles files, Settings settings, TimeProvider clock)
{
    // A message has 256 KB at most; nobody reads more names than these at night.
    private const int MostNamed = 200;

    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<StepResult> Handle(AnnounceDeferralRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var selection = await files.Selection(request.OperationId, deadline.Token).ConfigureAwait(false);
        await sns.PublishAsync(
            new PublishRequest { TopicArn = settings.TopicArn, Subject = $"{Plural.Of(selection.Deferred.Count, "database is", "databases are")} deferred", Message = Message(request.OperationId, selection) },
            deadline.Token).ConfigureAwait(false);
        return new StepResult(StepStatus.Ready, "Told.");
    }

    public static string Message(string operationId, RunSelection selection)
    {
        var total = selection.Plans.Count + selection.Deferred.Count;
        var more = selection.Deferred.Count > MostNamed ? $"\n… and {selection.Deferred.Count - MostNamed} more" : "";
        return $"{operationId} carries {selection.Plans.Count} of {Plural.Of(total, "database", "databases")}. {string.Join(" ", selection.Quotas.Select(q => q.Sentence()))}\n\nDeferred to another night:\n"
            + string.Join("\n", selection.Deferred.Take(MostNamed).Select(d => d.Database)) + more + "\n";
    }
}
