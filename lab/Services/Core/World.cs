namespace Dbre.Lab.Services;

/// <summary>
/// Everything the emulated cloud shares: the clock, chance, the lock, the accounts' roles, and the services by name.
/// Real time in the lab, virtual time in the simulation; no service knows which.
/// </summary>
public sealed class World(TimeProvider clock, int seed)
{
    private readonly Dictionary<string, EmulatedService> services = new(StringComparer.Ordinal);

    public TimeProvider Clock { get; } = clock;

    /// <summary>Ids and durations are drawn from here, under <see cref="Gate"/>, so that a seed gives the same run again.</summary>
#pragma warning disable CA5394 // Not for secrets: the lab must replay.
    public Random Chance { get; } = new(seed);
#pragma warning restore CA5394

    /// <summary>The one lock over all emulated state.</summary>
    public Lock Gate { get; } = new();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public IReadOnlyDictionary<string, EmulatedService> Services => services;

    public void Add(EmulatedService service) => services.Add(service.Name, service);

    /// <summary>A service by its type, for services that lean on one another (RDS on KMS, EventBridge on Lambda).</summary>
    public T Service<T>() where T : EmulatedService => services.Values.OfType<T>().Single();

    /// <summary>The Regions that exist here; any other name is refused as AWS's endpoints would refuse it.</summary>
    public static IReadOnlySet<string> Regions { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
        "eu-north-1", "eu-south-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "sa-east-1",
    };
}
