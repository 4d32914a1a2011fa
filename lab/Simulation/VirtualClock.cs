namespace Dbre.Lab.Simulation;

/// <summary>
/// Time that stands still until somebody waits for it: <see cref="Run"/> jumps from timer to timer, so an hour of waiting takes no time.
/// Timers that are due at the same moment fire in the order they were set. One thread: whoever runs the clock runs everything.
/// </summary>
public sealed class VirtualClock(DateTimeOffset start) : TimeProvider
{
    private readonly PriorityQueue<VirtualTimer, (DateTimeOffset Due, long Order)> timers = new();
    private DateTimeOffset now = start;
    private long order;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Fires timers until the work is done.</summary>
    /// <param name="limit">How far the clock may go for it.</param>
    /// <exception cref="InvalidOperationException">The work waits for something that no timer brings, or for longer than the limit.</exception>
    public T Run<T>(Task<T> work, TimeSpan limit)
    {
        var until = now + limit;
        while (!work.IsCompleted)
        {
            if (!Step(until))
            {
                throw new InvalidOperationException(
                    timers.Count == 0 ? $"At {now:O} the work waits for something that no timer brings." : $"At {now:O} the work has waited for {limit}, which is the limit.");
            }
        }

        return work.GetAwaiter().GetResult();
    }

    /// <summary>Lets the time pass, with all that happens in it.</summary>
    public void Advance(TimeSpan time)
    {
        var until = now + time;
        while (Step(until))
        {
        }

        now = until;
    }

    private bool Step(DateTimeOffset until)
    {
        while (timers.TryPeek(out var timer, out var next))
        {
            if (timer.Order != next.Order)
            {
                // Changed or disposed since: its place in the queue is void.
                timers.Dequeue();
                continue;
            }

            if (next.Due > until)
            {
                return false;
            }

            timers.Dequeue();
            now = next.Due > now ? next.Due : now;
            Fire(timer);
            return true;
        }

        return false;
    }

    /// <summary>What waits goes on here and now: under a synchronization context (a test runner has one) it would be handed to the thread pool.</summary>
    private static void Fire(VirtualTimer timer)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            timer.Fire();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private sealed class VirtualTimer(VirtualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan repeat = Timeout.InfiniteTimeSpan;

        /// <summary>Which entry of the queue is this timer's present one; 0 is none.</summary>
        public long Order { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            repeat = period;
            Order = 0;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Order = ++clock.order;
                clock.timers.Enqueue(this, (clock.now + dueTime, Order));
            }

            return true;
        }

        public void Fire()
        {
            Change(repeat > TimeSpan.Zero ? repeat : Timeout.InfiniteTimeSpan, repeat);
            callback(state);
        }

        public void Dispose() => Order = 0;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
