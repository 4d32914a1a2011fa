namespace Dbre.Lab.Services.Events;

/// <summary>
/// Delivery with retries, as EventBridge rules and schedules do it: up to 185 more attempts within 24 hours unless the target says less, with growing
/// pauses and jitter; a refusal that no retry can mend (no permission, no such target) ends it at once
/// (EventBridge User Guide, "How EventBridge retries delivering events").
/// </summary>
/// <param name="MaximumRetryAttempts">Attempts after the first.</param>
/// <param name="MaximumAge">Counted from the event; no attempt begins later.</param>
internal sealed record Redelivery(int MaximumRetryAttempts, TimeSpan MaximumAge)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    // 185 attempts fill a day when the pauses stop growing at about eight minutes.
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(8);

    internal static Redelivery Of(int? retries, int? ageInSeconds) => new(retries ?? 185, TimeSpan.FromSeconds(ageInSeconds ?? 86400));

    /// <param name="since">When the event came about.</param>
    /// <param name="deliver">One attempt; it is told which, from 1.</param>
    /// <returns>Null when it was delivered.</returns>
    internal async Task<Undelivered?> Run(World world, DateTimeOffset since, Func<int, Task> deliver)
    {
        var pause = FirstPause;
        for (var attempt = 1; ; attempt++)
        {
            ServiceException refused;
            try
            {
                await deliver(attempt).ConfigureAwait(false);
                return null;
            }
            catch (ServiceException e)
            {
                refused = e;
            }

            var wait = Jittered(world, pause);
            var condition = refused.Status < 500 && refused.Status != 429 ? ""
                : attempt > MaximumRetryAttempts ? "MaximumRetryAttempts"
                : world.Now + wait > since + MaximumAge ? "MaximumEventAgeInSeconds"
                : null;
            if (condition is not null)
            {
                return new Undelivered(refused, attempt - 1, condition);
            }

            await Task.Delay(wait, world.Clock).ConfigureAwait(false);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private static TimeSpan Jittered(World world, TimeSpan pause)
    {
        lock (world.Gate)
        {
            return pause * (0.5 + (world.Chance.NextDouble() / 2));
        }
    }
}

/// <summary>Why an event did not reach its target.</summary>
/// <param name="Reason">What the last attempt was answered.</param>
/// <param name="Retries">Attempts after the first.</param>
/// <param name="ExhaustedCondition">The limit that ended the retries; empty when no retry could have helped.</param>
internal sealed record Undelivered(ServiceException Reason, int Retries, string ExhaustedCondition);
