using Amazon.EventBridge;
using Amazon.EventBridge.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class EventsRule() : ResourceType("AWS::Events::Rule")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var rule = new PutRuleRequest
        {
            Name = properties.Text("Name"),
            Description = properties.TextOrNull("Description"),
            EventPattern = properties.Document("EventPattern"),
            State = RuleState.FindValue(properties.TextOrNull("State") ?? "ENABLED"),
        };
        var targets = properties.Objects("Targets").Select(Target).ToList();
        return async context =>
        {
            // Both replace what is there under the name.
            var made = await context.Invoke<PutRuleResponse>("events", rule).ConfigureAwait(false);
            await context.Invoke("events", new PutTargetsRequest { Rule = rule.Name, Targets = targets }).ConfigureAwait(false);
            return Made(rule.Name, ("Arn", made.RuleArn));
        };
    }

    private static Target Target(Properties target)
    {
        var retry = target.Object("RetryPolicy");
        return new Target
        {
            Id = target.Text("Id"),
            Arn = target.Text("Arn"),
            RoleArn = target.TextOrNull("RoleArn"),
            Input = target.TextOrNull("Input"),
            RetryPolicy = retry is null ? null : new RetryPolicy
            {
                MaximumEventAgeInSeconds = retry.Number("MaximumEventAgeInSeconds"),
                MaximumRetryAttempts = retry.Number("MaximumRetryAttempts"),
            },
            DeadLetterConfig = target.Object("DeadLetterConfig") is { } undelivered ? new DeadLetterConfig { Arn = undelivered.Text("Arn") } : null,
        };
    }
}
