using Dbre.Functions.Core;

namespace Dbre.Functions.Snapshots;

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
    private static readonly TimeSpan ClocksApart = TimeSpan.FromSeconds(5);

    /// <summary>Seconds until the next look; null when the limit is over.</summary>
    public static int? Pause(DateTimeOffset since, DateTimeOffset now, TimeSpan limit)
    {
        var waited = now - since;

        // The state machine's clock says since, the function's says now: one that is behind would ask every second for as long as it is.
        return waited >= limit ? null : waited < -ClocksApart ? LongestPause : (int)Math.Clamp(waited.TotalSeconds, 1, LongestPause);
    }

    /// <summary>Waiting with its reason, or Failed when the limit is over.</summary>
    public static (StepStatus Status, string Reason, int WaitSeconds) Wait(string what, string since, DateTimeOffset now, TimeSpan limit) =>
        Pause(Instant.Read(since), now, limit) is { } seconds
            ? (StepStatus.Waiting, what, seconds)
            : (StepStatus.Failed, $"{what} This has gone on for {limit.TotalMinutes:0} minutes, which is the limit.", 0);
}
