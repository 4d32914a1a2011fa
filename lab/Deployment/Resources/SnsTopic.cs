using Amazon.SimpleNotificationService.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class SnsTopic() : ResourceType("AWS::SNS::Topic")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var request = new CreateTopicRequest { Name = properties.Text("TopicName"), Attributes = [] };
        if (properties.TextOrNull("KmsMasterKeyId") is { } key)
        {
            request.Attributes["KmsMasterKeyId"] = key;
        }

        return async context =>
        {
            context.RefuseChange(Name);
            var made = await context.Invoke<CreateTopicResponse>("sns", request).ConfigureAwait(false);
            return Made(made.TopicArn, ("TopicArn", made.TopicArn), ("TopicName", request.Name));
        };
    }
}
