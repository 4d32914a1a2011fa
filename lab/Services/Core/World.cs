using Amazon.Runtime;

namespace Dbre.Lab.Services;

/// <summary>
/// Everything the emulated cloud shares: the clock, chance, the lock, the accounts' roles, and the services by name.
/// Real time in the lab, virtual time in the simulation; no service knows which.
/// </summary>
public sealed class World
{
    private readonly Dictionary<string, EmulatedService> services = new(StringComparer.Ordinal);

    public World(TimeProvider clock, int seed)
    {
        Clock = clock;
#pragma warning disable CA5394 // Not for secrets: the lab must replay.
        Chance = new Random(seed);
#pragma warning restore CA5394
        Iam = new Iam(this);
    }

    public TimeProvider Clock { get; }

    /// <summary>Users, roles, credentials, and what each may do.</summary>
    public Iam Iam { get; }

    /// <summary>The function code that deployments published.</summary>
    public Artifacts Artifacts { get; } = new();

    /// <summary>Ids and durations are drawn from here, under <see cref="Gate"/>, so that a seed gives the same run again.</summary>
    public Random Chance { get; }

    /// <summary>The one lock over all emulated state.</summary>
    public Lock Gate { get; } = new();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public IReadOnlyDictionary<string, EmulatedService> Services => services;

    public void Add(EmulatedService service) => services.Add(service.Name, service);

    /// <summary>A service by its type, for services that lean on one another (RDS on KMS, EventBridge on Lambda).</summary>
    public T Service<T>() where T : class => services.Values.OfType<T>().Single();

    /// <summary>As <see cref="Service{T}"/>, or null where the lab runs without it.</summary>
    public T? Find<T>() where T : class => services.Values.OfType<T>().SingleOrDefault();

    /// <summary>A request id, version id or the like: a version-4 UUID drawn from <see cref="Chance"/>.</summary>
    public string NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        lock (Gate)
        {
            Chance.NextBytes(bytes);
        }

        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>A name suffix drawn from <see cref="Chance"/>: <paramref name="length"/> characters of the alphabet.</summary>
    public string NewToken(int length, string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    {
        lock (Gate)
        {
            return new string(Chance.GetItems<char>(alphabet, length));
        }
    }

    /// <summary>
    /// Runs an operation as a caller, with that caller's permissions: how one emulated service calls another, and what the gateway runs.
    /// </summary>
    /// <param name="caller">From the signature, or from <see cref="Iam.ContextForRole"/>.</param>
    /// <param name="service">The signing name.</param>
    /// <param name="request">Decides the operation by its type.</param>
    /// <exception cref="ServiceException">What the operation answers, or that the lab does not emulate it (it names which).</exception>
    public async Task<AmazonWebServiceResponse> Invoke(CallContext caller, string service, AmazonWebServiceRequest request)
    {
        var name = request.GetType().Name[..^"Request".Length];
        if (!services.TryGetValue(service, out var emulated))
        {
            throw ServiceErrors.NoSuchService(service, services.Keys);
        }

        if (!emulated.Operations.TryGetValue(name, out var operation))
        {
            throw ServiceErrors.NoSuchOperation(service, name);
        }

        try
        {
            return await operation.Handle(caller, request).ConfigureAwait(false);
        }
        catch (ServiceException refusal) when (refusal.Code == ServiceErrors.AccessDenied)
        {
            throw ServiceErrors.InWordsOf(service, refusal);
        }
    }

    /// <summary>The Regions that exist here; any other name is refused as AWS's endpoints would refuse it.</summary>
    public static IReadOnlySet<string> Regions { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "eu-west-1", "eu-west-2", "eu-west-3", "eu-central-1",
        "eu-north-1", "eu-south-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "ap-northeast-2", "sa-east-1",
    };
}
