using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.Scheduler.Model;
using Amazon.StepFunctions.Model;

using Dbre.Lab.Nights.Invariants;
using Dbre.Lab.Services.States;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>One simulated account, ready for its first night: stacks deployed, databases made, the safety rules watched.</summary>
public sealed class SimulatedNights : IDisposable
{
    // It takes two hours to make the databases; the days then begin at midnight and the night's work at 03:00.
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 21, 0, 0, TimeSpan.Zero);

    /// <summary>Retention is short, so that pruning has work in the second night.</summary>
    private const string Retention = """{"daily":1,"weekly":1,"monthly":1,"yearly":1}""";

    // Scheduler's attributes, <aws.scheduler.…>, are found only as they are written.
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string machine = $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:snapshot-copy";
    private readonly NightOptions options;
    private string input = "";

    public SimulatedNights(NightOptions options)
    {
        this.options = options;
        Cloud = SimulatedCloud.Deploy(
            new SimulationGround(options.Seed, Start, options.Assembly) { KeepLog = options.KeepLog, KeepData = options.KeepData, Quotas = options.Quotas, RecoveryQuotas = options.RecoveryQuotas, Pace = options.Pace },
            c => new FunctionsInProcess(c, options.Rules, options.Compose).Run);
        Fleet = SimulatedFleet.Make(Cloud, options.Only ?? [.. Enumerable.Range(0, options.Databases)]);
        Shorten();
        Watch = new Watch(Cloud, Fleet);
        Midnight = new DateTimeOffset(Cloud.Clock.GetUtcNow().Date.AddDays(1), TimeSpan.Zero);
        Cloud.Clock.Advance(Midnight - Cloud.Clock.GetUtcNow());
    }

    public SimulatedCloud Cloud { get; }

    public SimulatedFleet Fleet { get; }

    public Watch Watch { get; }

    /// <summary>When the first day begins; faults are counted from here.</summary>
    public DateTimeOffset Midnight { get; }

    public void Carry(FaultPlan plan) => new Mischief(Cloud, Midnight).Carry(plan);

    /// <summary>Starts a run for the first night again, as an engineer would after a failure.</summary>
    public void Rerun() => Fleet.Do<StartExecutionResponse>("states", new StartExecutionRequest
    {
        StateMachineArn = machine, Name = "snapshot-copy-nightly-rerun", Input = input.Replace("<aws.scheduler.scheduled-time>", "2026-11-21T03:00:00Z", StringComparison.Ordinal),
    });

    public NightResult Result(FaultPlan plan) => new(
        options.Seed, plan, Watch.Violations, Cloud.Weather.Happened, Cloud.Log.Hash(), Cloud.Log.Lines, Cloud.Weather.Calls, Cloud.Weather.Invocations,
        Cloud.Weather.Throttled, Cloud.World.Service<StepFunctionsService>().Transitions) { Databases = Fleet.Databases.Count };

    public void Dispose() => Cloud.Dispose();

    private void Shorten()
    {
        var schedule = Fleet.Do<GetScheduleResponse>("scheduler", new GetScheduleRequest { GroupName = "dbre", Name = "snapshot-copy-nightly" });
        var changed = JsonNode.Parse(schedule.Target.Input)!;
        changed["policies"]!["policies"]![0]!["retention"] = JsonNode.Parse(Retention);
        if (options.WindowHours is { } hours)
        {
            changed["policies"]!["policies"]![0]!["windowHours"] = hours;
        }

        schedule.Target.Input = input = changed.ToJsonString(AsWritten);
        Fleet.Do<UpdateScheduleResponse>("scheduler", new UpdateScheduleRequest
        {
            GroupName = schedule.GroupName, Name = schedule.Name, Target = schedule.Target, ScheduleExpression = schedule.ScheduleExpression,
            ScheduleExpressionTimezone = schedule.ScheduleExpressionTimezone, FlexibleTimeWindow = schedule.FlexibleTimeWindow, Description = schedule.Description,
        });
    }
}
