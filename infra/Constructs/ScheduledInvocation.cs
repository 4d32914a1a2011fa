namespace Dbre.Infra.Constructs;

/// <summary>What a schedule invokes, when, and as whom.</summary>
/// <param name="Name">The schedule's name in its group.</param>
/// <param name="Group">The schedule group.</param>
/// <param name="Description">One sentence for a person who lists the schedules.</param>
/// <param name="Expression">In EventBridge Scheduler's syntax.</param>
/// <param name="TimeZone">IANA name.</param>
/// <param name="FunctionArn">The target.</param>
/// <param name="RoleArn">May invoke the target and write to the queue.</param>
/// <param name="Input">The event; Scheduler fills its <c>&lt;aws.scheduler.…&gt;</c> keywords in.</param>
/// <param name="DeadLetterQueueArn">Takes what could not be delivered.</param>
public sealed record ScheduledInvocation(
    string Name, string Group, string Description, string Expression, string TimeZone,
    string FunctionArn, string RoleArn, string Input, string DeadLetterQueueArn);
