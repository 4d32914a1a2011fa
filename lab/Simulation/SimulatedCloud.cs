using System.Collections.Concurrent;

using AwsCompat.Server;

using Dbre.Lab.Deployment;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services;
using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Lab.Services.Rds;

namespace Dbre.Lab.Simulation;

/// <summary>
/// The emulated cloud in virtual time with the stacks deployed: the lab's services, clients in memory, databases that are row counters.
/// One thread runs all of it, so one seed gives one history.
/// </summary>
public sealed class SimulatedCloud : IDisposable
{
    public const string Account = "111111111111";
    public const string HomeRegion = "us-east-1";
    public const string RecoveryRegion = "eu-west-1";

    // Deploying is no part of what is simulated; it takes this long at most.
    private static readonly TimeSpan LongestSetUp = TimeSpan.FromHours(1);

    // A sweep deploys one assembly thousands of times. A synthesis writes the manifest anew.
    private static readonly ConcurrentDictionary<(string Assembly, DateTime Written), DeploymentPlan> Plans = new();

    private SimulatedCloud(SimulationGround ground, VirtualClock clock)
    {
        Clock = clock;
        World = new World(clock, ground.Seed);
        Log = new EventLog(clock, ground.KeepLog);
        Engine = new StubEngine(clock, ground.Seed, ground.Pace);
        Weather = new Weather(World, Log, ground.Seed);
        // The SDK signs by the machine's clock; the emulated world goes by the virtual one.
        Gateway = new ServiceGateway(World, ServiceWires.All, (_, e) => Faults.Add(e), TimeProvider.System) { Observe = Observe, Weather = Weather };
        Http = new InMemoryHttp(Gateway);
    }

    public VirtualClock Clock { get; }

    public World World { get; }

    public StubEngine Engine { get; }

    public EventLog Log { get; }

    public Weather Weather { get; }

    public ServiceGateway Gateway { get; }

    /// <summary>Give it to a client as its HttpClientFactory.</summary>
    public InMemoryHttp Http { get; }

    public RdsService Rds => World.Service<RdsService>();

    /// <summary>Faults of the lab itself: none is the rule, whatever is simulated.</summary>
    public List<Exception> Faults { get; } = [];

    /// <summary>Told of every call that a service answered.</summary>
    public event Action<ObservedCall>? Called;

    /// <summary>Makes the cloud and deploys an assembly into it.</summary>
    /// <param name="functions">What runs the deployed functions, made once the cloud is there.</param>
    public static SimulatedCloud Deploy(SimulationGround ground, Func<SimulatedCloud, Func<Invocation, Task<ReadOnlyMemory<byte>>>> functions)
    {
        var cloud = new SimulatedCloud(ground, new VirtualClock(ground.Start));
        var world = cloud.World;
        EmulatedServices.AddTo(
            world, new SimulatedFunctionHost(world, cloud.Weather, functions(cloud)), new RdsService(world, cloud.Engine) { Quotas = ground.Quotas },
            new CloudWatchService(world) { Pace = TimeSpan.FromDays(1) }, ground.Tables, ground.KeepData);
        if (ground.RecoveryQuotas is { } others)
        {
            cloud.Rds.RegionalQuotas[RecoveryRegion] = others;
        }

        cloud.Clock.Run(new LabDeployment(world).Deploy(PlanOf(ground.Assembly)), LongestSetUp);
        return cloud;
    }

    public void Dispose()
    {
        foreach (var service in World.Services.Values.OfType<IDisposable>())
        {
            service.Dispose();
        }

        Log.Dispose();
    }

    private static DeploymentPlan PlanOf(string assembly) => Plans.GetOrAdd(
        (assembly, File.GetLastWriteTimeUtc(Path.Combine(assembly, "manifest.json"))),
        read => DeploymentPlan.Read(read.Assembly, new Dictionary<string, string> { ["DatabaseCaFile"] = "none" }));

    private void Observe(ObservedCall call)
    {
        Log.Add($"{Invocation.Current?.Function.Name ?? "operator"} {call.Service}:{call.Operation} {call.Region} {call.Error ?? "ok"}");
        Called?.Invoke(call);
    }
}

/// <summary>What a simulated cloud is made from.</summary>
/// <param name="Assembly">The cloud assembly to deploy.</param>
public sealed record SimulationGround(int Seed, DateTimeOffset Start, string Assembly)
{
    public StubPace Pace { get; init; } = StubPace.AsAws;

    /// <summary>How long DynamoDB takes.</summary>
    public TablePace Tables { get; init; } = TablePace.AsAws;

    public RdsQuotas Quotas { get; init; } = new();

    /// <summary>The quotas of the recovery Region, where they are others.</summary>
    public RdsQuotas? RecoveryQuotas { get; init; }

    /// <summary>Whether the histories of executions keep inputs and outputs.</summary>
    public bool KeepData { get; init; } = true;

    /// <summary>Keeps every line of the event log.</summary>
    public bool KeepLog { get; init; }
}
