namespace Dbre.Lab.StateMachines.Running;

/// <summary>What the context object says of an execution.</summary>
public sealed record ExecutionFacts(string Arn, string Name, string RoleArn, string StateMachineArn, string StateMachineName, DateTimeOffset StartedAt);

/// <summary>An event of the history, in AWS's terms: its type, and the details under the names that GetExecutionHistory gives them.</summary>
/// <param name="Previous">The event that led to this one: within an iteration it leads back to where the iteration began.</param>
public sealed record ExecutionEvent(long Id, long Previous, DateTimeOffset At, string Type, EventDetails Details);

/// <summary>What an event tells; what does not apply is null.</summary>
public sealed record EventDetails(
    string? Name = null, string? Input = null, string? Output = null, string? Error = null, string? Cause = null, string? Resource = null,
    string? Parameters = null, int? Index = null, int? Length = null, double? TimeoutSeconds = null, double? HeartbeatSeconds = null,
    string? MapRunArn = null)
{
    public static readonly EventDetails None = new();
}
