using Amazon.SimpleNotificationService.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class SnsSubscription() : ResourceType("AWS::SNS::Subscription")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var request = new SubscribeRequest
        {
            TopicArn = properties.Text("TopicArn"), Protocol = properties.Text("Protocol"), Endpoint = properties.Text("Endpoint"),
        };
        return async context =>
        {
            context.RefuseChange(Name);
            var made = await context.Invoke<SubscribeResponse>("sns", request).ConfigureAwait(false);
            return Made(made.SubscriptionArn, ("Arn", made.SubscriptionArn));
        };
    }
}
