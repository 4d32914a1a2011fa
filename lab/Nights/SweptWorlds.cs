using Amazon.RDS.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services.States;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>What the swept worlds share: everything takes seconds, since what is swept is the order of things and not how long they take.</summary>
internal static class Swept
{
    internal static readonly StubPace Quick = StubPace.OneSecond;

    // An instance with a table that grows, and a cluster: each goes its own way through the functions.
    internal static NightOptions Of(NightOptions options) => options with { Pace = Quick, Only = [3, 4], KeepData = false };
}

/// <summary>The nightly snapshot copy: after whatever broke, an engineer starts the run again.</summary>
public sealed class SweptNight(NightOptions options) : ISweptWorld
{
    // When the night's run is over, and when the clean-up of noon is.
    private static readonly TimeSpan Rerun = TimeSpan.FromHours(8);
    private static readonly TimeSpan End = TimeSpan.FromHours(24);

    private readonly SimulatedNights nights = new(Swept.Of(options));

    public SimulatedCloud Cloud => nights.Cloud;

    public bool Concerns(string function) => true;

    public IReadOnlyList<Violation> GoWell()
    {
        Cloud.Clock.Advance(End);
        return Checked();
    }

    public IReadOnlyList<Violation> GoAndMend()
    {
        Cloud.Clock.Advance(Rerun);
        nights.Rerun();
        Cloud.Clock.Advance(End - Rerun);
        return Checked();
    }

    public void Dispose() => nights.Dispose();

    private IReadOnlyList<Violation> Checked()
    {
        nights.Watch.CheckTheEnd();
        return nights.Watch.Violations;
    }
}

/// <summary>The clean-up after a night that somebody stops while its restored copies are there: the daily one mends what the first could not.</summary>
public sealed class SweptCleanUp : ISweptWorld
{
    private static readonly TimeSpan Night = TimeSpan.FromHours(3);
    private static readonly TimeSpan LongestRestore = TimeSpan.FromMinutes(30);

    // The clean-up at once, that of noon, and the next night with its own.
    private static readonly TimeSpan End = TimeSpan.FromHours(40);

    private readonly SimulatedNights nights;

    public SweptCleanUp(NightOptions options)
    {
        nights = new SimulatedNights(Swept.Of(options));
        Cloud.Clock.Advance(Night);
        var give = Cloud.Clock.GetUtcNow() + LongestRestore;
        while (Restored() < 2 && Cloud.Clock.GetUtcNow() < give)
        {
            Cloud.Clock.Advance(TimeSpan.FromSeconds(5));
        }

        Left = Restored();
    }

    public SimulatedCloud Cloud => nights.Cloud;

    public bool Concerns(string function) => function is "dbre-return-names" or "dbre-record-lost-runs" or "dbre-remove-leftovers" or "dbre-remove-leftover-tables" or "dbre-record-clean-up";

    /// <summary>How many restored instances there are when the run is stopped.</summary>
    public int Left { get; }

    public IReadOnlyList<Violation> GoWell() => GoAndMend();

    public IReadOnlyList<Violation> GoAndMend()
    {
        var machine = $"arn:aws:states:{SimulatedCloud.HomeRegion}:{SimulatedCloud.Account}:stateMachine:snapshot-copy";
        foreach (var run in nights.Fleet.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = machine, StatusFilter = ExecutionStatus.RUNNING }).Executions ?? [])
        {
            nights.Fleet.Do<StopExecutionResponse>("states", new StopExecutionRequest { ExecutionArn = run.ExecutionArn, Error = "Stopped", Cause = "Somebody stopped it." });
        }

        Cloud.Clock.Advance(End);
        nights.Watch.CheckTheEnd();
        return nights.Watch.Violations;
    }

    public void Dispose() => nights.Dispose();

    private int Restored() =>
        (nights.Fleet.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest(), SimulatedCloud.RecoveryRegion).DBInstances ?? []).Count(i => i.DBInstanceIdentifier.StartsWith("dbre-proof-", StringComparison.Ordinal));
}

/// <summary>A restore in a database's place: when it did not succeed, an engineer asks for it again, and the other approves again.</summary>
public sealed class SweptRestore(RestoreOptions options) : ISweptWorld
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(8);

    private readonly SimulatedRestore restore = new(options);

    public SimulatedCloud Cloud => restore.Cloud;

    public bool Concerns(string function) => true;

    public IReadOnlyList<Violation> GoWell()
    {
        restore.Ask("op");
        Cloud.Clock.Advance(Long);
        return restore.AtTheEnd();
    }

    public IReadOnlyList<Violation> GoAndMend()
    {
        restore.Ask("op");
        Cloud.Clock.Advance(Long);
        if (restore.StatusOf("op") != ExecutionStatus.SUCCEEDED && !restore.Replaced)
        {
            Cloud.Weather.Disarm();
            restore.Ask("again", "again");
            Cloud.Clock.Advance(Long);
            if (restore.StatusOf("again") != ExecutionStatus.SUCCEEDED)
            {
                return [new Violation("a rerun mends it", Cloud.Clock.GetUtcNow(), $"{restore.StatusOf("again")}: {restore.CauseOf("again")}"), .. restore.AtTheEnd()];
            }
        }

        return restore.AtTheEnd();
    }

    /// <summary>Lets a plan's faults happen, counted from now.</summary>
    public void Carry(FaultPlan plan) => new Mischief(Cloud, Cloud.Clock.GetUtcNow(), "pitr-restore").Carry(plan);

    public NightResult Result(int seed, FaultPlan plan, IReadOnlyList<Violation> violations) => new(
        seed, plan, violations, Cloud.Weather.Happened, Cloud.Log.Hash(), Cloud.Log.Lines, Cloud.Weather.Calls, Cloud.Weather.Invocations,
        Cloud.Weather.Throttled, Cloud.World.Service<StepFunctionsService>().Transitions) { Databases = 1, Nights = 1 };

    public void Dispose() => restore.Dispose();
}

/// <summary>
/// The restore drill of a morning after a night that went well: when it did not succeed, an engineer starts it again. Of an instance only: where a
/// cluster goes another way, the night and the restore have their own sweeps and tests.
/// </summary>
public sealed class SweptDrill : ISweptWorld
{
    private static readonly TimeSpan Night = TimeSpan.FromHours(8.9);
    private static readonly TimeSpan Drill = TimeSpan.FromHours(8);
    private static readonly TimeSpan End = TimeSpan.FromHours(8);
    private static readonly string[] CleanUp = ["dbre-return-names", "dbre-record-lost-runs", "dbre-remove-leftovers", "dbre-remove-leftover-tables", "dbre-record-clean-up"];

    private readonly SimulatedNights nights;

    public SweptDrill(NightOptions options)
    {
        nights = new SimulatedNights(Swept.Of(options) with { Only = [3], Drills = _ => { } });
        Cloud.Clock.Advance(Night);
    }

    public SimulatedCloud Cloud => nights.Cloud;

    public bool Concerns(string function) => !CleanUp.Contains(function);

    public IReadOnlyList<Violation> GoWell()
    {
        Cloud.Clock.Advance(Drill);
        return Checked();
    }

    public IReadOnlyList<Violation> GoAndMend()
    {
        Cloud.Clock.Advance(Drill);
        if (Runs().All(run => run.Status != ExecutionStatus.SUCCEEDED))
        {
            nights.RerunDrill();
        }

        Cloud.Clock.Advance(End);
        return Checked();
    }

    public void Dispose() => nights.Dispose();

    private List<ExecutionListItem> Runs() =>
        nights.Fleet.Do<ListExecutionsResponse>("states", new ListExecutionsRequest { StateMachineArn = SimulatedNights.Machine("restore-drill"), MaxResults = 100 }).Executions ?? [];

    private IReadOnlyList<Violation> Checked()
    {
        nights.Watch.CheckTheEnd();
        return Runs().Any(run => run.Status == ExecutionStatus.SUCCEEDED)
            ? nights.Watch.Violations
            : [new Violation("a rerun mends it", Cloud.Clock.GetUtcNow(), string.Join(" ", Runs().Select(run => $"{run.Name} is {run.Status}."))), .. nights.Watch.Violations];
    }
}

/// <summary>A restore of a table: when it did not succeed, an engineer asks for it again.</summary>
public sealed class SweptTableRestore(TableRestoreOptions options) : ISweptWorld
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(2);

    private readonly SimulatedTableRestore restore = new(options);

    public SimulatedCloud Cloud => restore.Cloud;

    public bool Concerns(string function) => true;

    public IReadOnlyList<Violation> GoWell()
    {
        restore.Ask("op");
        Cloud.Clock.Advance(Long);
        return [.. Mended("op"), .. restore.AtTheEnd()];
    }

    public IReadOnlyList<Violation> GoAndMend()
    {
        restore.Ask("op");
        Cloud.Clock.Advance(Long);
        if (restore.StatusOf("op") == ExecutionStatus.SUCCEEDED)
        {
            return restore.AtTheEnd();
        }

        Cloud.Weather.Disarm();
        restore.Ask("again", "again");
        Cloud.Clock.Advance(Long);
        return [.. Mended("again"), .. restore.AtTheEnd()];
    }

    public void Dispose() => restore.Dispose();

    private IEnumerable<Violation> Mended(string run) => restore.StatusOf(run) == ExecutionStatus.SUCCEEDED
        ? []
        : [new Violation("a rerun mends it", Cloud.Clock.GetUtcNow(), $"{run} is {restore.StatusOf(run)}: {restore.CauseOf(run)}")];
}
