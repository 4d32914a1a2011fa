using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>What happens when a state fails: Retry first, then Catch, then the failure goes up.</summary>
public sealed partial class Execution
{
    private async Task<Outcome> Tried(
        State state, IReadOnlyList<Retrier> retry, IReadOnlyList<Catcher> catching, JsonNode? raw, long entered, Func<int, long, Task<Outcome>> attempt, CancellationToken stop)
    {
        var used = new int[retry.Count];
        var last = entered;
        for (var tries = 0; ; tries++)
        {
            try
            {
                return await attempt(tries, last).ConfigureAwait(false);
            }
            catch (StatesError failed) when (!stop.IsCancellationRequested)
            {
                last = failed.Data["event"] is long reported ? reported : last;
                var which = retry.ToList().FindIndex(r => Covers(r.Errors, failed));
                if (which >= 0 && used[which] < retry[which].MaxAttempts)
                {
                    await System.Threading.Tasks.Task.Delay(Pause(retry[which], used[which]++), clock, stop).ConfigureAwait(false);
                    continue;
                }

                if (catching.FirstOrDefault(c => Covers(c.Errors, failed)) is not { } catcher)
                {
                    throw;
                }

                var error = new JsonObject { ["Error"] = failed.Error, ["Cause"] = failed.Cause };
                var output = catcher.NoResult ? raw?.DeepClone() : catcher.ResultPath is { } path ? path.Put(raw, error) : error;
                return new Outcome(output, catcher.Next, last);
            }
        }
    }

    private TimeSpan Pause(Retrier retrier, int used)
    {
        var seconds = retrier.IntervalSeconds * Math.Pow(retrier.BackoffRate, used);
        seconds = Math.Min(seconds, retrier.MaxDelaySeconds ?? seconds);
#pragma warning disable CA5394 // Jitter, not a secret: it must replay.
        return TimeSpan.FromSeconds(retrier.FullJitter ? seconds * chance.NextDouble() : seconds);
#pragma warning restore CA5394
    }

    /// <summary>
    /// States.ALL stands for every error but the two that nothing catches; States.TaskFailed for every one but a time-out
    /// (AWS Step Functions Developer Guide, "Handling errors").
    /// </summary>
    private static bool Covers(IReadOnlyList<string> errors, StatesError failed) => errors.Any(e => e == failed.Error || e switch
    {
        StatesError.All => failed.Error is not (StatesError.DataLimitExceeded or StatesError.Runtime),
        StatesError.TaskFailed => failed.Error is not (StatesError.DataLimitExceeded or StatesError.Runtime or StatesError.Timeout or StatesError.HeartbeatTimeout),
        StatesError.Timeout => failed.Error == StatesError.HeartbeatTimeout,
        _ => false,
    });

    /// <summary>Marks a failure with the event that told it, so that what follows leads back to it.</summary>
    private StatesError Told(StatesError failed, long previous, string type, EventDetails details)
    {
        failed.Data["event"] = history.Add(previous, type, details with { Error = failed.Error, Cause = failed.Cause });
        return failed;
    }
}
