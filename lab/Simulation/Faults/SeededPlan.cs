namespace Dbre.Lab.Simulation.Faults;

/// <summary>Draws a fault plan from a seed: a handful a night, or a restore, while its work is under way.</summary>
public static class SeededPlan
{
    // The work begins at 03:00; most of it is over within three hours.
    private static readonly TimeSpan Begins = TimeSpan.FromHours(3);
    private static readonly TimeSpan Work = TimeSpan.FromHours(3);

    // A restore takes about an hour, with the time that somebody takes to approve it.
    private static readonly TimeSpan Restoring = TimeSpan.FromMinutes(75);

    private const int MostAtOnce = 6;

    // Calls that a fault may be counted on to: most of a night's, or of a restore's.
    private const int MostPick = 400;
    private const int MostPickOfARestore = 60;

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
#pragma warning restore CA5394
        return Ordered(Enumerable.Range(0, nights).SelectMany(night => Some(chance, kinds, TimeSpan.FromDays(night) + Begins, Work, MostPick)));
    }

    /// <summary>What goes wrong with one restore, counted from its begin.</summary>
    public static FaultPlan OfARestore(int seed, IReadOnlyList<FaultKind> kinds)
    {
        if (kinds.Count == 0)
        {
            return FaultPlan.None;
        }

#pragma warning disable CA5394 // It must replay.
        return Ordered(Some(new Random(seed), kinds, TimeSpan.Zero, Restoring, MostPickOfARestore));
#pragma warning restore CA5394
    }

    private static FaultPlan Ordered(IEnumerable<Fault> faults) => new([.. faults.OrderBy(f => f.At)]);

    private static List<Fault> Some(Random chance, IReadOnlyList<FaultKind> kinds, TimeSpan begins, TimeSpan work, int mostPick)
    {
#pragma warning disable CA5394 // It must replay.
        var faults = new List<Fault>();
        for (var left = chance.Next(MostAtOnce + 1); left > 0; left--)
        {
            var kind = kinds[chance.Next(kinds.Count)];
            var at = begins + (work * chance.NextDouble());
            faults.Add(new Fault(kind, TimeSpan.FromSeconds(Math.Floor(at.TotalSeconds)), chance.Next(mostPick), Lasting(kind, chance)));
        }
#pragma warning restore CA5394

        return faults;
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
