using Dbre.Functions.Snapshots;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>
/// Some nights of one account: the schedule fires, the functions and the state machine work, things go wrong, and every safety rule is checked
/// all along. Calm nights follow, after which everything must be well again.
/// </summary>
public static class NightSimulation
{
    private const int MostCalmNights = 2;

    /// <param name="plan">What goes wrong, counted from the midnight before the first night.</param>
    /// <param name="prepare">Does something to the cloud before the first night, for tests.</param>
    public static NightResult Run(NightOptions options, FaultPlan plan, Action<SimulatedCloud>? prepare = null)
    {
        using var nights = new SimulatedNights(options);
        prepare?.Invoke(nights.Cloud);
        nights.Carry(plan);
        nights.Cloud.Clock.Advance(TimeSpan.FromDays(options.Nights));
        var calm = 0;
        while (calm < MostCalmNights && (calm == 0 || !nights.Watch.AllProtected))
        {
            nights.Cloud.Clock.Advance(TimeSpan.FromDays(1));
            calm++;
        }

        nights.Watch.CheckTheEnd();
        return nights.Result(plan) with { Nights = options.Nights + calm };
    }
}

/// <summary>What is simulated.</summary>
/// <param name="Assembly">The cloud assembly to deploy.</param>
public sealed record NightOptions(int Seed, int Databases, int Nights, string Assembly)
{
    /// <summary>Which of the fleet's databases are made, by their number; null makes the first <see cref="Databases"/>.</summary>
    public IReadOnlyList<int>? Only { get; init; }

    public SafetyRules Rules { get; init; } = SafetyRules.InForce;

    /// <summary>Replaces what a function is composed of, for tests that take something out.</summary>
    public Action<Microsoft.Extensions.DependencyInjection.IServiceCollection>? Compose { get; init; }

    public Services.Rds.RdsQuotas Quotas { get; init; } = new();

    public Engines.Stub.StubPace Pace { get; init; } = Engines.Stub.StubPace.AsAws;

    /// <summary>The quotas of the recovery Region, where they are others.</summary>
    public Services.Rds.RdsQuotas? RecoveryQuotas { get; init; }

    /// <summary>How long a run may take, as the policy says it; null leaves the policy as it is.</summary>
    public int? WindowHours { get; init; }

    /// <summary>Restore drills go every morning, after this has changed the policy; null is none.</summary>
    public Action<System.Text.Json.Nodes.JsonObject>? Drills { get; init; }

    public bool KeepLog { get; init; }

    /// <summary>Whether the histories of executions keep inputs and outputs, which takes memory. The functions ask for neither.</summary>
    public bool KeepData { get; init; } = true;
}

/// <summary>What came of it.</summary>
/// <param name="Faults">How many of each kind happened.</param>
/// <param name="Log">The event log, when it was kept.</param>
/// <param name="Throttled">Calls refused because the account's own requests had used up AWS's rate.</param>
/// <param name="Transitions">State transitions, as Step Functions bills them.</param>
public sealed record NightResult(
    int Seed, FaultPlan Plan, IReadOnlyList<Violation> Violations, IReadOnlyDictionary<FaultKind, int> Faults, string LogHash, IReadOnlyList<string> Log,
    long Calls, long Invocations, long Throttled, long Transitions)
{
    /// <summary>How many databases there were.</summary>
    public int Databases { get; init; }

    /// <summary>How many nights went by, the calm ones included.</summary>
    public int Nights { get; init; }
}
