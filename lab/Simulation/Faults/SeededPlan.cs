namespace Dbre.Lab.Simulation.Faults;

/// <summary>Draws a fault plan from a seed: a handful a night, while the night's work is under way.</summary>
public static class SeededPlan
{
    // The work begins at 03:00; most of it is over within three hours.
    private static readonly TimeSpan Begins = TimeSpan.FromHours(3);
    private static readonly TimeSpan Work = TimeSpan.FromHours(3);

    private const int MostPerNight = 6;

    // Calls of a night that a fault may be counted on to.
    private const int MostPick = 400;

    /// <param name="kinds">What may go wrong.</param>
    /// <param name="nights">Each begins at midnight.</param>
    public static FaultPlan Of(int seed, IReadOnlyList<FaultKind> kinds, int nights)
    {
        if (kinds.Count == 0)
        {
            return FaultPlan.None;
        }

#pragma warning disable CA5394 // It must replay.
        var chance = new Random(seed);
        var faults = new List<Fault>();
        for (var night = 0; night < nights; night++)
        {
            for (var left = chance.Next(MostPerNight + 1); left > 0; left--)
            {
                var kind = kinds[chance.Next(kinds.Count)];
                var at = TimeSpan.FromDays(night) + Begins + (Work * chance.NextDouble());
                faults.Add(new Fault(kind, TimeSpan.FromSeconds(Math.Floor(at.TotalSeconds)), chance.Next(MostPick), Lasting(kind, chance)));
            }
        }
#pragma warning restore CA5394

        return new FaultPlan([.. faults.OrderBy(f => f.At)]);
    }

    private static TimeSpan Lasting(FaultKind kind, Random chance)
    {
#pragma warning disable CA5394 // It must replay.
        var (shortest, longest) = kind switch
        {
            FaultKind.Throttle => (5, 120),
            FaultKind.RegionDark => (60, 7200),
            FaultKind.ClockJump => (600, 7200),
            FaultKind.KeyDisabled => (300, 14400),
            FaultKind.QuotaReached => (300, 14400),
            FaultKind.CopyStuck => (28800, 86400),
            FaultKind.ScheduleLate => (60, 10800),
            FaultKind.EventLate => (60, 10800),
            FaultKind.DatabaseHangs => (60, 7200),
            _ => (0, 0),
        };
        return TimeSpan.FromSeconds(chance.Next(shortest, longest + 1));
#pragma warning restore CA5394
    }
}
