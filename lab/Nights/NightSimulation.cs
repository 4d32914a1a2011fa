using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.Scheduler.Model;

using Dbre.Functions.Snapshots;
using Dbre.Lab.Nights.Invariants;
using Dbre.Lab.Services.States;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>
/// Some nights of one account: the schedule fires, the functions and the state machine work, things go wrong, and every safety rule is checked
/// all along. Calm nights follow, after which everything must be well again.
/// </summary>
public static class NightSimulation
{
    // The night's work begins at 03:00; each day begins at midnight.
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 21, 0, 0, TimeSpan.Zero);

    /// <summary>Retention is short, so that pruning has work in the second night.</summary>
    private const string Retention = """{"daily":1,"weekly":1,"monthly":1,"yearly":1}""";

    private const int MostCalmNights = 2;

    // Scheduler's attributes, <aws.scheduler.…>, are found only as they are written.
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="plan">What goes wrong, counted from the midnight before the first night.</param>
    /// <param name="prepare">Does something to the cloud before the first night, for tests.</param>
    public static NightResult Run(NightOptions options, FaultPlan plan, Action<SimulatedCloud>? prepare = null)
    {
        using var cloud = SimulatedCloud.Deploy(
            new SimulationGround(options.Seed, Start, options.Assembly) { KeepLog = options.KeepLog, Quotas = options.Quotas, Pace = options.Pace },
            c => new FunctionsInProcess(c, options.Rules).Run);
        cloud.World.Service<Services.Rds.RdsService>().Quotas = options.Quotas with { Instances = 100_000, Clusters = 100_000 };
        var fleet = SimulatedFleet.Make(cloud, options.Databases);
        Shorten(cloud, fleet);
        var watch = new Watch(cloud, fleet);
        prepare?.Invoke(cloud);
        var midnight = new DateTimeOffset(cloud.Clock.GetUtcNow().Date.AddDays(1), TimeSpan.Zero);
        new Mischief(cloud, midnight).Carry(plan);
        cloud.Clock.Advance(midnight.AddDays(options.Nights) - cloud.Clock.GetUtcNow());
        for (var night = 0; night < MostCalmNights && (night == 0 || !watch.AllProtected); night++)
        {
            // Until noon: the night's work is over, and the next has not begun.
            cloud.Clock.Advance(TimeSpan.FromDays(1));
        }

        watch.CheckTheEnd();
        return new NightResult(
            options.Seed, plan, watch.Violations, cloud.Weather.Happened, cloud.Log.Hash(), cloud.Log.Lines, cloud.Weather.Calls, cloud.Weather.Invocations,
            cloud.Weather.Throttled, cloud.World.Service<StepFunctionsService>().Transitions);
    }

    private static void Shorten(SimulatedCloud cloud, SimulatedFleet fleet)
    {
        var schedule = fleet.Do<GetScheduleResponse>("scheduler", new GetScheduleRequest { GroupName = "dbre", Name = "snapshot-copy-nightly" });
        var input = JsonNode.Parse(schedule.Target.Input)!;
        input["policies"]!["policies"]![0]!["retention"] = JsonNode.Parse(Retention);
        schedule.Target.Input = input.ToJsonString(AsWritten);
        fleet.Do<UpdateScheduleResponse>("scheduler", new UpdateScheduleRequest
        {
            GroupName = schedule.GroupName, Name = schedule.Name, Target = schedule.Target, ScheduleExpression = schedule.ScheduleExpression,
            ScheduleExpressionTimezone = schedule.ScheduleExpressionTimezone, FlexibleTimeWindow = schedule.FlexibleTimeWindow, Description = schedule.Description,
        });
    }
}

/// <summary>What is simulated.</summary>
/// <param name="Assembly">The cloud assembly to deploy.</param>
public sealed record NightOptions(int Seed, int Databases, int Nights, string Assembly)
{
    public SafetyRules Rules { get; init; } = SafetyRules.InForce;

    public Services.Rds.RdsQuotas Quotas { get; init; } = new();

    public Engines.Stub.StubPace Pace { get; init; } = Engines.Stub.StubPace.AsAws;

    public bool KeepLog { get; init; }
}

/// <summary>What came of it.</summary>
/// <param name="Faults">How many of each kind happened.</param>
/// <param name="Log">The event log, when it was kept.</param>
/// <param name="Throttled">Calls refused because the account's own requests had used up AWS's rate.</param>
/// <param name="Transitions">State transitions, as Step Functions bills them.</param>
public sealed record NightResult(
    int Seed, FaultPlan Plan, IReadOnlyList<Violation> Violations, IReadOnlyDictionary<FaultKind, int> Faults, string LogHash, IReadOnlyList<string> Log,
    long Calls, long Invocations, long Throttled, long Transitions);
