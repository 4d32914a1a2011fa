using System.Collections.Concurrent;

using Dbre.Lab.Services;

namespace Dbre.Lab.Tests.Testing;

/// <content>Doing something at the right moment: when a call has taken effect, and before its caller hears so.</content>
public sealed partial class NightLab
{
    private readonly ConcurrentDictionary<Moment, (Func<Task> Act, TaskCompletionSource Done)> waiting = new();

    /// <summary>Acts once, at the first call that is meant. The task ends when it has acted; await it, or the test may have tested nothing.</summary>
    public async Task Once(Moment moment, Func<Task> act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[moment] = (act, done);
        try
        {
            await done.Task.WaitAsync(Limit, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{moment} did not come within {Limit}.");
        }
    }

    private void Intervene(ObservedCall call)
    {
        foreach (var moment in waiting.Keys.Where(m => m.IsAt(call)))
        {
            if (waiting.TryRemove(moment, out var intervention))
            {
                // The caller waits for its answer meanwhile: that is the point.
                try
                {
                    Task.Run(intervention.Act).GetAwaiter().GetResult();
                    intervention.Done.SetResult();
                }
#pragma warning disable CA1031 // It fails the test that awaits it, whatever it is.
                catch (Exception failed)
#pragma warning restore CA1031
                {
                    intervention.Done.SetException(failed);
                }
            }
        }
    }
}

/// <summary>A call of a function's, whose session is called as it is.</summary>
/// <param name="Error">The error that it was answered with; null is success.</param>
public sealed record Moment(string Function, string Service, string Operation, string? Error = null)
{
    internal bool IsAt(ObservedCall call) =>
        call.PrincipalArn.EndsWith("/" + Function, StringComparison.Ordinal) && call.Service == Service && call.Operation == Operation && call.Error == Error;
}
