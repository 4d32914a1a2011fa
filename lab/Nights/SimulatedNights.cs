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

    private readonly NightOptions options;
    private readonly string input;
    private readonly string drillInput = "";

    public SimulatedNights(NightOptions options)
    {
        this.options = options;
        Cloud = SimulatedCloud.Deploy(
            new SimulationGround(options.Seed, Start, options.Assembly) { KeepLog = options.KeepLog, KeepData = options.KeepData, Quotas = options.Quotas, RecoveryQuotas = options.RecoveryQuotas, Pace = options.Pace },
            c => new FunctionsInProcess(c, options.Rules, options.Compose).Run);
        Fleet = SimulatedFleet.Make(Cloud, options.Only ?? [.. Enumerable.Range(0, options.Databases)]);
        input = Change("snapshot-copy-nightly");
        if (options.Drills is null)
        {
            Fleet.NeverDrill();
        }
        else
        {
            drillInput = Change("restore-drill-nightly");
        }

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
    public void Rerun() => Begin("snapshot-copy", input, "2026-11-21T03:00:00Z");

    /// <summary>The same for the first day's restore drill.</summary>
    /// <param name="change">Changes the policy before; null leaves it.</param>
    public void RerunDrill(Action<JsonObject>? change = null)
    {
        var with = JsonNode.Parse(drillInput)!;
        change?.Invoke(with["policies"]!["policies"]![0]!.AsObject());
        Begin("restore-drill", with.ToJsonString(AsWritten), "2026-11-21T09:00:00Z");
    }

    /// <summary>The name of an engineer's run of a flow.</summary>
    public static string RerunOf(string flow) => $"{flow}-nightly-rerun";

    /// <summary>The ARN of a state machine.</summary>
    public static string Machine(string flow) => $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:{flow}";

    private void Begin(string flow, string with, string time) => Fleet.Do<StartExecutionResponse>("states", new StartExecutionRequest
    {
        StateMachineArn = Machine(flow), Name = RerunOf(flow), Input = with.Replace("<aws.scheduler.scheduled-time>", time, StringComparison.Ordinal),
    });

    public NightResult Result(FaultPlan plan) => new(
        options.Seed, plan, Watch.Violations, Cloud.Weather.Happened, Cloud.Log.Hash(), Cloud.Log.Lines, Cloud.Weather.Calls, Cloud.Weather.Invocations,
        Cloud.Weather.Throttled, Cloud.World.Service<StepFunctionsService>().Transitions) { Databases = Fleet.Databases.Count };

    public void Dispose() => Cloud.Dispose();

    /// <summary>Changes the policies of a schedule as the options say.</summary>
    /// <returns>What it hands over.</returns>
    private string Change(string name)
    {
        var schedule = Fleet.Do<GetScheduleResponse>("scheduler", new GetScheduleRequest { GroupName = "dbre", Name = name });
        var changed = JsonNode.Parse(schedule.Target.Input)!;
        var policy = changed["policies"]!["policies"]![0]!.AsObject();
        policy["retention"] = JsonNode.Parse(Retention);
        if (options.WindowHours is { } hours)
        {
            policy["windowHours"] = hours;
        }

        options.Drills?.Invoke(policy);
        schedule.Target.Input = changed.ToJsonString(AsWritten);
        Fleet.Do<UpdateScheduleResponse>("scheduler", new UpdateScheduleRequest
        {
            GroupName = schedule.GroupName, Name = schedule.Name, Target = schedule.Target, ScheduleExpression = schedule.ScheduleExpression,
            ScheduleExpressionTimezone = schedule.ScheduleExpressionTimezone, FlexibleTimeWindow = schedule.FlexibleTimeWindow, Description = schedule.Description,
        });
        return schedule.Target.Input;
    }
}
