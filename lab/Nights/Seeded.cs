using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>What follows from a seed: a plan of faults, and what comes of it.</summary>
public interface ISeeded
{
    FaultPlan Plan(int seed, IReadOnlyList<FaultKind> kinds);

    NightResult Run(int seed, FaultPlan plan, bool keepLog);
}

/// <summary>Some nights of an account.</summary>
/// <param name="Prepare">Does something to the cloud before the first night, for tests.</param>
public sealed record SeededNights(NightOptions Options, Action<SimulatedCloud>? Prepare = null) : ISeeded
{
    public FaultPlan Plan(int seed, IReadOnlyList<FaultKind> kinds) => SeededPlan.Of(seed, kinds, Options.Nights);

    public NightResult Run(int seed, FaultPlan plan, bool keepLog) => NightSimulation.Run(Options with { Seed = seed, KeepData = false, KeepLog = keepLog }, plan, Prepare);
}

/// <summary>A restore of a database whose rows somebody deleted; the seed says of which kind, and what for. When it fails, an engineer asks for it again.</summary>
public sealed record SeededRestores(string Assembly) : ISeeded
{
    /// <summary>What can happen to a restore.</summary>
    public static IReadOnlyList<FaultKind> Kinds { get; } =
    [
        FaultKind.Throttle, FaultKind.ErrorBefore, FaultKind.ErrorAfter, FaultKind.NoAnswer, FaultKind.Kill, FaultKind.InvokeBefore, FaultKind.InvokeAfter, FaultKind.InvokeKill,
        FaultKind.InvokeThrottle, FaultKind.ClockJump, FaultKind.ManualRun, FaultKind.ManualStop, FaultKind.EventTwice, FaultKind.EventLate, FaultKind.EventLost, FaultKind.DatabaseHangs,
    ];

    public FaultPlan Plan(int seed, IReadOnlyList<FaultKind> kinds) => SeededPlan.OfARestore(seed, kinds);

    public NightResult Run(int seed, FaultPlan plan, bool keepLog)
    {
        var purpose = (seed % 4) switch { 0 => "beside", 1 => "drill", _ => "replace" };
        using var world = new SweptRestore(new RestoreOptions(seed, Assembly, Cluster: seed / 4 % 2 == 1, purpose) { FromSnapshot = seed % 5 == 0, KeepLog = keepLog });
        world.Carry(plan);
        return world.Result(seed, plan, world.GoAndMend());
    }
}
