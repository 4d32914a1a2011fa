using Amazon.EventBridge.Model;

namespace Dbre.Lab.Services.Events;

/// <summary>A target as it was given, and what is read off it once.</summary>
/// <param name="Arn">A function, state machine, topic or queue.</param>
internal sealed record RuleTarget(Target Given, Arn Arn, TargetInput Input)
{
    /// <summary>The kinds of targets that the lab emulates, by the service of their ARN.</summary>
    private static readonly string[] Services = ["lambda", "states", "sns", "sqs"];

    /// <exception cref="FormatException">What is wrong with it; the message names the parameter.</exception>
    internal static RuleTarget Read(Target target)
    {
        Parameters.Refuse(target, nameof(target.Id), nameof(target.Arn), nameof(target.RoleArn), nameof(target.Input), nameof(target.InputPath),
            nameof(target.InputTransformer), nameof(target.SqsParameters), nameof(target.RetryPolicy), nameof(target.DeadLetterConfig));
        if (Arn.TryParse(target.Arn) is not { } arn || !Services.Contains(arn.Service))
        {
            throw new FormatException($"Arn is '{target.Arn}'; the lab emulates the targets {string.Join(", ", Services)}");
        }

        if (target.RoleArn is null && arn.Service == "states")
        {
            throw new FormatException($"RoleArn is required for target {target.Arn}");
        }

        if (target.RoleArn is null && arn.Service == "lambda")
        {
            throw new FormatException($"RoleArn is missing for target {target.Arn}; the lab's functions have no resource policies, so EventBridge invokes them as a role");
        }

        if (arn.Service == "sqs" && arn.Resource.EndsWith(".fifo", StringComparison.Ordinal) != target.SqsParameters is not null)
        {
            throw new FormatException($"SqsParameters.MessageGroupId is required for a FIFO queue and for no other target, and {target.Arn} differs");
        }

        CheckRetries(target.RetryPolicy);
        return target.DeadLetterConfig is { } dead && Arn.TryParse(dead.Arn) is not { Service: "sqs" }
            ? throw new FormatException($"DeadLetterConfig.Arn is '{dead.Arn}'; it must be the ARN of a standard SQS queue")
            : new RuleTarget(target, arn, TargetInput.Read(target));
    }

    private static void CheckRetries(RetryPolicy? policy)
    {
        if (policy?.MaximumRetryAttempts is < 0 or > 185)
        {
            throw new FormatException($"RetryPolicy.MaximumRetryAttempts is {policy.MaximumRetryAttempts}; allowed are 0 to 185");
        }

        if (policy?.MaximumEventAgeInSeconds is < 60 or > 86400)
        {
            throw new FormatException($"RetryPolicy.MaximumEventAgeInSeconds is {policy.MaximumEventAgeInSeconds}; allowed are 60 to 86400 seconds");
        }
    }
}
