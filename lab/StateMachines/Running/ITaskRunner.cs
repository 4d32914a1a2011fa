using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>Does what a Task's resource stands for.</summary>
public interface ITaskRunner
{
    /// <exception cref="StatesError">The task failed, under the name that Retry and Catch match on.</exception>
    Task<JsonNode?> Run(TaskCall call, CancellationToken stop);
}

/// <summary>One try of a Task.</summary>
/// <param name="Token">For <c>.waitForTaskToken</c> tasks, unique per try; null for others.</param>
/// <param name="Heartbeat">How long a task with a token may be silent; null is no limit.</param>
public sealed record TaskCall(string Resource, JsonNode? Arguments, string? Token, TimeSpan? Heartbeat);
