using Amazon.SQS.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class SqsQueuePolicy() : ResourceType("AWS::SQS::QueuePolicy")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var policy = properties.Document("PolicyDocument")!;
        var queues = properties.Texts("Queues");
        return async context =>
        {
            foreach (var queue in queues)
            {
                await context.Invoke("sqs", new SetQueueAttributesRequest { QueueUrl = queue, Attributes = new() { ["Policy"] = policy } }).ConfigureAwait(false);
            }

            return Made(context.LogicalId);
        };
    }
}
