using System.Collections.Concurrent;

using Dbre.Lab.Services;

namespace Dbre.Lab.Tests.Testing;

/// <content>Doing something at the right moment: when a call has taken effect, and before its caller hears so.</content>
public sealed partial class NightLab
{
    private readonly ConcurrentDictionary<Func<ObservedCall, bool>, (Func<Task> Act, TaskCompletionSource Done)> waiting = new();

    /// <summary>Acts once, at the first call that is meant. The task ends when it has acted; await it, or the test may have tested nothing.</summary>
    public Task Once(Func<ObservedCall, bool> meant, Func<Task> act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[meant] = (act, done);
        return done.Task.WaitAsync(Limit, TimeProvider.System);
    }

    /// <summary>A successful call of a function's.</summary>
    public static Func<ObservedCall, bool> Call(string function, string service, string operation, string? region = null) => call =>
        call.PrincipalArn.Contains($"/{function}/", StringComparison.Ordinal) && call.Service == service && call.Operation == operation
        && (region is null || call.Region == region) && call.Error is null;

    private void Intervene(ObservedCall call)
    {
        foreach (var meant in waiting.Keys.Where(meant => meant(call)))
        {
            if (waiting.TryRemove(meant, out var intervention))
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
