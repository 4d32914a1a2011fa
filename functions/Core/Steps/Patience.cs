namespace Dbre.Functions.Core.Steps;

/// <summary>
/// How long a step may take and when to look again. The pause doubles with the time waited, from one second to one minute: what is quick is
/// seen at once, and what takes an hour costs no more than a call a minute.
/// </summary>
public static class Patience
{
    public static readonly TimeSpan Lock = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Snapshot = TimeSpan.FromHours(6);
    public static readonly TimeSpan Copy = TimeSpan.FromHours(12);
    public static readonly TimeSpan Restore = TimeSpan.FromHours(6);
    public static readonly TimeSpan Removal = TimeSpan.FromHours(1);

    private const int LongestPause = 60;
    private const int LongestFirstPause = 30 * 60;
    private const int LongestQueuePause = 4 * 60;
    private static readonly TimeSpan ClocksApart = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WorthKnowing = TimeSpan.FromSeconds(10);

    /// <summary>Seconds until the next look; null when the limit is over.</summary>
    /// <param name="expected">How long it took the last time: the first look is when half of that is over. Null is not known.</param>
    public static int? Pause(DateTimeOffset since, DateTimeOffset now, TimeSpan limit, TimeSpan? expected = null)
    {
        var waited = now - since;
        if (waited >= limit)
        {
            return null;
        }

        // The state machine's clock says since, the function's says now: one that is behind would ask every second for as long as it is.
        if (waited < -ClocksApart)
        {
            return LongestPause;
        }

        return expected / 2 - waited is { } first && first > TimeSpan.Zero
            ? (int)Math.Clamp(Math.Ceiling(first.TotalSeconds), 1, LongestFirstPause)
            : (int)Math.Clamp(waited.TotalSeconds, 1, LongestPause);
    }

    /// <summary>Waiting with its reason, or Failed when the limit is over.</summary>
    public static (StepStatus Status, string Reason, int WaitSeconds) Wait(string what, string since, DateTimeOffset now, TimeSpan limit, TimeSpan? expected = null) =>
        Pause(Instant.Read(since), now, limit, expected) is { } seconds
            ? (StepStatus.Waiting, what, seconds)
            : (StepStatus.Failed, $"{what} This has gone on for {limit.TotalMinutes:0} minutes, which is the limit.", 0);

    public static TimeSpan? Expecting(int? seconds) => seconds is { } known ? TimeSpan.FromSeconds(known) : null;

    /// <summary>
    /// How long something took, for the next time; null when it tells nothing: it was there already, or was so quick that nothing is gained by
    /// knowing, or a clock was off.
    /// </summary>
    public static int? Took(DateTimeOffset? since, DateTimeOffset now) =>
        now - since is { } took && took >= WorthKnowing && took < Copy ? (int)Math.Ceiling(took.TotalSeconds) : null;

    /// <summary>Seconds until one asks again for a place in a queue: a share of what those before take, since one place after the other becomes free.</summary>
    public static int InQueue(TimeSpan? expected) => expected is { } known ? (int)Math.Clamp(known.TotalSeconds / 4, 15, LongestQueuePause) : LongestPause;
}
