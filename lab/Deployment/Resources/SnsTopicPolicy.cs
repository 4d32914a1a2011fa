using Amazon.SimpleNotificationService.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class SnsTopicPolicy() : ResourceType("AWS::SNS::TopicPolicy")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var policy = properties.Document("PolicyDocument");
        var topics = properties.Texts("Topics");
        return async context =>
        {
            foreach (var topic in topics)
            {
                await context.Invoke("sns", new SetTopicAttributesRequest { TopicArn = topic, AttributeName = "Policy", AttributeValue = policy }).ConfigureAwait(false);
            }

            return Made(context.LogicalId);
        };
    }
}
