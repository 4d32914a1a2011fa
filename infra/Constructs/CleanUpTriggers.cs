using Amazon.CDK.AWS.Events;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.SQS;

using Constructs;

namespace Dbre.Infra.Constructs;

/// <summary>
/// Starts the clean-up when a nightly run ended badly, and once a day in any case, since an event may be lost. It finds by itself what there is
/// to do, so it matters not how often it is started.
/// </summary>
public sealed class CleanUpTriggers : Construct
{
    /// <summary>The state machine that is started.</summary>
    public const string Flow = "clean-up";

    // When the nights' runs are over.
    private const string Daily = "cron(0 12 * * ? *)";

    /// <param name="scope">The parent.</param>
    /// <param name="id">The construct's id.</param>
    /// <param name="flowArn">The clean-up's state machine.</param>
    /// <param name="watchedArns">The state machines whose runs are cleaned up after.</param>
    /// <param name="undelivered">Takes starts that could not be delivered.</param>
    public CleanUpTriggers(Construct scope, string id, string flowArn, IReadOnlyList<string> watchedArns, IQueue undelivered) : base(scope, id)
    {
        var starter = new RoleWithReasons(this, "Role", "dbre-clean-up-starter", new CompositePrincipal(
            new ServicePrincipal("events.amazonaws.com"), new ServicePrincipal("scheduler.amazonaws.com")),
        [
            new(["states:StartExecution"], flowArn, Why: null),
            new(["sqs:SendMessage"], undelivered.QueueArn, Why: null),
        ]);
        var rule = new CfnRule(this, "RunEndedBadly", new CfnRuleProps
        {
            Name = "dbre-run-ended-badly",
            Description = "A run failed, timed out or was stopped.",
            State = "ENABLED",
            EventPattern = new Dictionary<string, object>
            {
                ["source"] = new[] { "aws.states" },
                ["detail-type"] = new[] { "Step Functions Execution Status Change" },
                ["detail"] = new Dictionary<string, object>
                {
                    ["stateMachineArn"] = watchedArns.ToArray(),
                    ["status"] = new[] { "FAILED", "TIMED_OUT", "ABORTED" },
                },
            },
            Targets = new object[]
            {
                new CfnRule.TargetProperty
                {
                    Id = "clean-up",
                    Arn = flowArn,
                    RoleArn = starter.Role.RoleArn,
                    Input = "{}",
                    RetryPolicy = new CfnRule.RetryPolicyProperty { MaximumEventAgeInSeconds = 3600, MaximumRetryAttempts = 20 },
                    DeadLetterConfig = new CfnRule.DeadLetterConfigProperty { Arn = undelivered.QueueArn },
                },
            },
        });
        AllowDeadLetters(undelivered, rule);
        _ = new ScheduleWithDlq(this, "Daily", new ScheduledInvocation(
            "clean-up-daily", "default", "Starts the clean-up once a day, whatever events came.", Daily, "UTC", flowArn, starter.Role.RoleArn, "{}", undelivered.QueueArn));
    }

    /// <summary>A rule writes to its dead-letter queue as EventBridge itself, so the queue's own policy must allow it.</summary>
    private static void AllowDeadLetters(IQueue undelivered, CfnRule rule) => undelivered.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
    {
        Principals = [new ServicePrincipal("events.amazonaws.com")],
        Actions = ["sqs:SendMessage"],
        Resources = [undelivered.QueueArn],
        Conditions = new Dictionary<string, object> { ["ArnEquals"] = new Dictionary<string, object> { ["aws:SourceArn"] = rule.AttrArn } },
    }));
}
