namespace Dbre.Lab.StateMachines.Running;

/// <summary>
/// Waiting that goes on right where the clock fires or the stop is given. Task.Delay and WaitAsync move to the thread pool when they are
/// cancelled, and a virtual clock has no thread but its own.
/// </summary>
internal static class Waiting
{
    // A timer takes at most about 49 days.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    /// <exception cref="OperationCanceledException">Stopped before the time was over.</exception>
    internal static async Task Delay(TimeSpan time, TimeProvider clock, CancellationToken stop)
    {
        for (var left = time; left > TimeSpan.Zero; left -= LongestTimer)
        {
            var over = new TaskCompletionSource();
            using var stopped = stop.UnsafeRegister(_ => over.TrySetCanceled(stop), null);
            using var timer = clock.CreateTimer(_ => over.TrySetResult(), null, left < LongestTimer ? left : LongestTimer, Timeout.InfiniteTimeSpan);
            await over.Task.ConfigureAwait(false);
        }
    }

    /// <summary>The work's result, or the end of waiting for it: the work itself may take no notice of the stop.</summary>
    internal static async Task<T> Until<T>(Task<T> work, CancellationToken stop)
    {
        if (work.IsCompleted)
        {
            return await work.ConfigureAwait(false);
        }

        var over = new TaskCompletionSource();
        using var stopped = stop.UnsafeRegister(_ => over.TrySetCanceled(stop), null);
        _ = work.ContinueWith(
            done =>
            {
                _ = done.Exception;
                over.TrySetResult();
            },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await over.Task.ConfigureAwait(false);
        return await work.ConfigureAwait(false);
    }
}
