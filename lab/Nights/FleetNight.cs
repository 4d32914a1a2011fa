using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services.Rds;

namespace Dbre.Lab.Nights;

/// <summary>
/// One calm night of a fleet over many accounts, under AWS's quotas: what each account takes on at the start must be proven within the window,
/// and what is left undone must be what was announced. Accounts share nothing, so each is a world of its own.
/// </summary>
public static class FleetNight
{
    private static readonly TimeSpan NightBegins = TimeSpan.FromHours(3);

    // Copies of 2 to 20 minutes; all else as users of RDS report it.
    private static readonly StubPace Pace = StubPace.AsAws with { Copy = new StubPace.Span(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(20)) };

    private static readonly RdsQuotas AsGiven = new();

    /// <param name="told">Told of every account that is done, in the order in which they end.</param>
    public static FleetNightResult Run(FleetNightOptions options, Action<AccountNight>? told, CancellationToken stop)
    {
        var nights = new ConcurrentDictionary<int, AccountNight>();
        var source = Partitioner.Create(Enumerable.Range(options.Seed, options.Accounts), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(source, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, seed =>
        {
            nights[seed] = Account(options, seed);
            told?.Invoke(nights[seed]);
        });
        return new FleetNightResult([.. nights.OrderBy(n => n.Key).Select(n => n.Value)]);
    }

    private static AccountNight Account(FleetNightOptions options, int seed)
    {
        using var nights = new SimulatedNights(new NightOptions(seed, options.Databases, 1, options.Assembly)
        {
            Pace = Pace, WindowHours = options.WindowHours, KeepData = false, Quotas = Home(options), RecoveryQuotas = Recovery(options),
        });
        var meter = new NightMeter(nights.Cloud, nights.Midnight + NightBegins);
        nights.Cloud.Clock.Advance(NightBegins + TimeSpan.FromHours(options.WindowHours));
        var selections = meter.Selections();
        var deferred = selections.SelectMany(s => s.Deferred.Select(d => d.Database)).ToHashSet(StringComparer.Ordinal);
        // What nobody was told of is not announced, whatever the files say.
        if (meter.Announced != deferred.Count)
        {
            deferred.Clear();
        }

        var unprotected = nights.Watch.Unprotected.ToHashSet(StringComparer.Ordinal);
        nights.Watch.Excuse(deferred);
        nights.Watch.CheckTheEnd();
        return new AccountNight
        {
            Seed = seed,
            Databases = nights.Fleet.Databases.Count,
            Admitted = selections.Sum(s => s.Plans.Count),
            Proven = nights.Fleet.Databases.Count - unprotected.Count,
            Deferred = deferred.Count,
            UnmetNotAnnounced = unprotected.Count(d => !deferred.Contains(d)),
            MetThoughDeferred = deferred.Count(d => !unprotected.Contains(d)),
            Violations = nights.Watch.Violations,
            LogHash = nights.Cloud.Log.Hash(),
            Usage = meter.Read(),
        };
    }

    // The fleet itself and its snapshots need raised quotas; those on copies in progress stay as AWS has them, for the functions know them.
    private static RdsQuotas Home(FleetNightOptions options) => new()
    {
        Instances = options.Databases * 2, Clusters = options.Databases * 2, ManualSnapshots = options.Databases * 2, ManualClusterSnapshots = options.Databases * 2,
    };

    // Restored copies live here, under the quotas of an account that never asked for more.
    private static RdsQuotas Recovery(FleetNightOptions options) => Home(options) with { Instances = AsGiven.Instances, Clusters = AsGiven.Clusters };
}

/// <summary>Which fleet.</summary>
/// <param name="Seed">Of the first account; each has its own.</param>
/// <param name="Databases">Of each account.</param>
/// <param name="WindowHours">How long the night may take.</param>
/// <param name="Assembly">The cloud assembly to deploy.</param>
public sealed record FleetNightOptions(int Seed, int Accounts, int Databases, int WindowHours, string Assembly);

/// <summary>What came of one account's night.</summary>
public sealed record AccountNight
{
    public required int Seed { get; init; }

    public required int Databases { get; init; }

    /// <summary>Databases that the run took on at its start.</summary>
    public required int Admitted { get; init; }

    /// <summary>Databases with a copy that was restored and compared this night.</summary>
    public required int Proven { get; init; }

    /// <summary>Databases of which the topic was told at the start that the quotas do not carry them.</summary>
    public required int Deferred { get; init; }

    /// <summary>Databases without a proof that nobody was told of.</summary>
    public required int UnmetNotAnnounced { get; init; }

    /// <summary>Databases that were announced as unmet, and are not.</summary>
    public required int MetThoughDeferred { get; init; }

    public required IReadOnlyList<Violation> Violations { get; init; }

    public required string LogHash { get; init; }

    public required NightUsage Usage { get; init; }

    /// <summary>Nothing was refused for a quota or a rate, no rule is broken, and what is unmet is what was announced.</summary>
    public bool Held => Admitted + Deferred == Databases && Proven == Admitted && UnmetNotAnnounced == 0 && MetThoughDeferred == 0
        && Violations.Count == 0 && Usage is { CopiesRefusedForQuota: 0, OthersRefusedForQuota: 0, Throttled: 0 };
}

/// <summary>What came of the fleet's night.</summary>
public sealed record FleetNightResult(IReadOnlyList<AccountNight> Accounts)
{
    public bool Held => Accounts.All(a => a.Held);

    public int Databases => Accounts.Sum(a => a.Databases);

    /// <summary>Databases that were worked on; a window too short carries none.</summary>
    public int Admitted => Accounts.Sum(a => a.Admitted);

    public NightUsage Usage => NightUsage.Sum(Accounts.Select(a => a.Usage));

    /// <summary>SHA-256 over the accounts' event logs, in the order of their seeds.</summary>
    public string LogHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Accounts.Select(a => a.LogHash)))));
}
