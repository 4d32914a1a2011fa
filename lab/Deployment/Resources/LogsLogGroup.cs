using Amazon.CloudWatchLogs.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class LogsLogGroup() : ResourceType("AWS::Logs::LogGroup")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var name = properties.Text("LogGroupName");
        var days = properties.Number("RetentionInDays");
        return async context =>
        {
            if (context.Before is null)
            {
                await context.Invoke("logs", new CreateLogGroupRequest { LogGroupName = name }).ConfigureAwait(false);
            }

            if (days is not null)
            {
                await context.Invoke("logs", new PutRetentionPolicyRequest { LogGroupName = name, RetentionInDays = days }).ConfigureAwait(false);
            }

            return Made(name, ("Arn", $"arn:aws:logs:{context.Region}:{context.Account}:log-group:{name}:*"));
        };
    }
}
