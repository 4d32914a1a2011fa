using Amazon.Scheduler;
using Amazon.Scheduler.Model;

namespace Dbre.Lab.Services.Scheduler;

/// <summary>A schedule as it is kept, and the timer of its next time.</summary>
internal sealed class StoredSchedule(string arn, string name, string group, string account, string region)
{
    public string Arn { get; } = arn;

    public string Name { get; } = name;

    public string Group { get; } = group;

    public string Account { get; } = account;

    public string Region { get; } = region;

    public required DateTimeOffset Created { get; init; }

    public DateTimeOffset Modified { get; set; }

    public string Expression { get; set; } = "";

    public string? TimeZone { get; set; }

    public ScheduleTimes Times { get; set; } = null!;

    public ScheduleState State { get; set; } = ScheduleState.ENABLED;

    public Target Target { get; set; } = null!;

    public string? Description { get; set; }

    public ITimer? Timer { get; set; }

    /// <summary>Counts the timers that were set: only the newest one's ring counts.</summary>
    public int Turn { get; set; }
}
