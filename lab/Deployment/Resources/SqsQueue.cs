using Amazon.SQS.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class SqsQueue() : ResourceType("AWS::SQS::Queue")
{
    private static readonly string[] Attributes = ["MessageRetentionPeriod", "SqsManagedSseEnabled", "KmsMasterKeyId", "VisibilityTimeout"];

    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var request = new CreateQueueRequest { QueueName = properties.Text("QueueName"), Attributes = [] };
        foreach (var attribute in Attributes)
        {
            if (properties.TextOrNull(attribute) is { } value)
            {
                request.Attributes[attribute] = value;
            }
        }

        return async context =>
        {
            context.RefuseChange(Name);
            var made = await context.Invoke<CreateQueueResponse>("sqs", request).ConfigureAwait(false);
            return Made(
                made.QueueUrl, ("QueueUrl", made.QueueUrl), ("QueueName", request.QueueName),
                ("Arn", $"arn:aws:sqs:{context.Region}:{context.Account}:{request.QueueName}"));
        };
    }
}
