using System.Text.RegularExpressions;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed partial class StepFunctionsStateMachine() : ResourceType("AWS::StepFunctions::StateMachine")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var logging = properties.Object("LoggingConfiguration");
        var request = new CreateStateMachineRequest
        {
            Name = properties.Text("StateMachineName"),
            Type = StateMachineType.FindValue(properties.TextOrNull("StateMachineType") ?? "STANDARD"),
            RoleArn = properties.Text("RoleArn"),
            Definition = Substitute(properties.Text("DefinitionString"), properties.Map("DefinitionSubstitutions")),
            LoggingConfiguration = logging is null ? null : new LoggingConfiguration
            {
                Level = LogLevel.FindValue(logging.Text("Level")),
                IncludeExecutionData = logging.Flag("IncludeExecutionData"),
                Destinations =
                [
                    .. logging.Objects("Destinations").Select(destination => new LogDestination
                    {
                        CloudWatchLogsLogGroup = new CloudWatchLogsLogGroup { LogGroupArn = destination.Object("CloudWatchLogsLogGroup")!.Text("LogGroupArn") },
                    }),
                ],
            },
            TracingConfiguration = properties.Object("TracingConfiguration") is { } tracing ? new TracingConfiguration { Enabled = tracing.Flag("Enabled") } : null,
        };
        return async context =>
        {
            if (context.Before is { } before)
            {
                await context.Invoke("states", new UpdateStateMachineRequest
                {
                    StateMachineArn = before.PhysicalId, Definition = request.Definition, RoleArn = request.RoleArn,
                    LoggingConfiguration = request.LoggingConfiguration, TracingConfiguration = request.TracingConfiguration,
                }).ConfigureAwait(false);
                return before;
            }

            var made = await context.Invoke<CreateStateMachineResponse>("states", request).ConfigureAwait(false);
            return Made(made.StateMachineArn, ("Arn", made.StateMachineArn), ("Name", request.Name));
        };
    }

    /// <summary>As CloudFormation does: a placeholder without a substitution stays as it is.</summary>
    private static string Substitute(string definition, Dictionary<string, string> substitutions) =>
        Placeholder().Replace(definition, match => substitutions.GetValueOrDefault(match.Groups[1].Value, match.Value));

    [GeneratedRegex(@"\$\{([^}]*)\}")]
    private static partial Regex Placeholder();
}
