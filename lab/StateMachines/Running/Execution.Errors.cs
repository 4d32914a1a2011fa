using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>What happens when a state fails: Retry first, then Catch, then the failure goes up.</summary>
public sealed partial class Execution
{
    private const string EventMark = "event";

    private async Task<Outcome> Tried(
        IReadOnlyList<Retrier> retry, IReadOnlyList<Catcher> catching, JsonNode? raw, long entered, Func<int, long, Task<Outcome>> attempt, CancellationToken stop)
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
                last = EventOf(failed) ?? last;
                var which = retry.ToList().FindIndex(r => Covers(r.Errors, failed));
                if (which >= 0 && used[which] < retry[which].MaxAttempts)
                {
                    await Waiting.Delay(Pause(retry[which], used[which]++), clock, stop).ConfigureAwait(false);
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
        return TimeSpan.FromSeconds(retrier.FullJitter ? seconds * shared.NextDouble() : seconds);
    }

    /// <summary>
    /// Nothing covers States.Runtime; only its own name covers States.DataLimitExceeded; States.TaskFailed stands for every error but a time-out,
    /// and States.Timeout for a missed heartbeat too (AWS Step Functions Developer Guide, "Handling errors").
    /// </summary>
    private static bool Covers(IReadOnlyList<string> errors, StatesError failed) => failed.Error switch
    {
        StatesError.Runtime => false,
        StatesError.DataLimitExceeded => errors.Contains(StatesError.DataLimitExceeded),
        StatesError.Timeout => errors.Any(e => e is StatesError.Timeout or StatesError.All),
        StatesError.HeartbeatTimeout => errors.Any(e => e is StatesError.HeartbeatTimeout or StatesError.Timeout or StatesError.All),
        var error => errors.Any(e => e == error || e is StatesError.All or StatesError.TaskFailed),
    };

    /// <summary>Tells a failure, and marks it with the event, so that what follows leads back to it.</summary>
    private StatesError Told(StatesError failed, long previous, string type, EventDetails details) =>
        Marked(failed, history.Add(previous, type, details with { Error = failed.Error, Cause = failed.Cause }));

    /// <summary>A copy: who throws one error many times must not find the marks of another place in it.</summary>
    private static StatesError Marked(StatesError failed, long told) => new(failed.Error, failed.Cause) { Data = { [EventMark] = told } };

    private static long? EventOf(StatesError failed) => failed.Data[EventMark] as long?;
}
