using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines;

namespace Dbre.Lab.Services.States;

/// <summary>A task that waits for its token to come back. Its heartbeat, when it has one, ends it after a silence.</summary>
internal sealed class WaitingTask : IDisposable
{
    private readonly TaskCompletionSource<JsonNode?> end = new();
    private readonly TimeSpan? heartbeat;
    private readonly ITimer? silence;

    public WaitingTask(TimeProvider clock, TimeSpan? heartbeat)
    {
        this.heartbeat = heartbeat;
        silence = heartbeat is { } limit
            ? clock.CreateTimer(_ => Fail(new StatesError(StatesError.HeartbeatTimeout, $"No heartbeat came for {limit.TotalSeconds:0} seconds.")), null, limit, Timeout.InfiniteTimeSpan)
            : null;
    }

    public Task<JsonNode?> End => end.Task;

    public void Succeed(JsonNode? output) => end.TrySetResult(output);

    public void Fail(StatesError error) => end.TrySetException(error);

    public void Cancel() => end.TrySetCanceled();

    public void Beat() => silence?.Change(heartbeat!.Value, Timeout.InfiniteTimeSpan);

    public void Dispose() => silence?.Dispose();
}
