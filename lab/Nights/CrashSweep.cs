using System.Collections.Concurrent;

using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>
/// A flow, broken once in each way at each point: every AWS call that a function makes and every task that the state machine passes. After each it
/// is mended as an engineer would, and every rule must hold. Nothing is sampled; looks at the same thing while waiting for it are one point.
/// </summary>
public static class CrashSweep
{
    private static readonly FaultKind[] OnCalls = [FaultKind.ErrorBefore, FaultKind.ErrorAfter, FaultKind.Kill, FaultKind.Throttle];
    private static readonly FaultKind[] OnTasks = [FaultKind.InvokeBefore, FaultKind.InvokeAfter, FaultKind.InvokeKill, FaultKind.InvokeThrottle];

    // What tells two calls of a function apart, beside their number: where the event says what it is about.
    private static readonly string[][] Subjects = [["plan", "database"], ["plan", "source"], ["target", "region"], ["moment"], ["as"], ["back"]];

    /// <summary>Sweeps a flow.</summary>
    /// <param name="world">Makes the world anew, ready for the flow; the same each time.</param>
    /// <param name="told">Told of every point that was covered, in no order.</param>
    public static SweepResult Run(Func<ISweptWorld> world, Action<SweptPoint>? told = null)
    {
        var swept = new ConcurrentBag<SweptPoint>();
        Parallel.ForEach(Points(world), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, point =>
        {
            var done = point with { Violations = Break(world, point) };
            swept.Add(done);
            told?.Invoke(done);
        });
        return new SweepResult([.. swept.OrderBy(p => p.Kind).ThenBy(p => p.Nth)]);
    }

    /// <summary>The points of a flow that goes well.</summary>
    private static List<SweptPoint> Points(Func<ISweptWorld> made)
    {
        using var world = made();
        var (calls, tasks) = (new Dictionary<string, List<long>>(StringComparer.Ordinal), new Dictionary<string, List<long>>(StringComparer.Ordinal));
        var (before, invoked) = (world.Cloud.Weather.Calls, world.Cloud.Weather.Invocations);
        world.Cloud.Weather.Begun += (invocation, operation) =>
        {
            if (!world.Concerns(invocation.Function.Name))
            {
                return;
            }

            var (where, nth) = operation is null ? (tasks, world.Cloud.Weather.Invocations - invoked - 1) : (calls, world.Cloud.Weather.Calls - before - 1);
            var subject = string.Join(' ', Subjects.Select(path => Invariants.Truth.Read(invocation.Payload, path)?.ToString() ?? "")).Trim();
            var name = operation is null ? $"{invocation.Function.Name} {subject}" : $"{invocation.Function.Name} {subject} call {invocation.Calls} {operation}";
            where.TryAdd(name, []);
            where[name].Add(nth);
        };
        return world.GoWell() is [var violation, ..]
            ? throw new InvalidOperationException($"What is to be broken is broken already: {violation}")
            : [.. From(calls, OnCalls), .. From(tasks, OnTasks)];
    }

    /// <summary>The first and the last of the looks at one thing: those between find what the first found.</summary>
    private static IEnumerable<SweptPoint> From(Dictionary<string, List<long>> seen, FaultKind[] kinds) =>
        from point in seen
        from nth in point.Value.Count == 1 ? point.Value : [point.Value[0], point.Value[^1]]
        from kind in kinds
        select new SweptPoint(kind, nth, point.Key, []);

    private static IReadOnlyList<Violation> Break(Func<ISweptWorld> made, SweptPoint point)
    {
        using var world = made();
        var begun = world.Cloud.Clock.GetUtcNow();
        world.Cloud.Weather.Arm(point.Kind, point.Nth);
        var violations = world.GoAndMend();
        return world.Cloud.Weather.Happened.Count == 0
            ? [new Violation("the sweep breaks what it says", begun, $"{FaultNames.Of(point.Kind)} never happened to {point.What}.")]
            : violations;
    }
}

/// <summary>A world in which one flow goes once; made anew it does the very same.</summary>
public interface ISweptWorld : IDisposable
{
    SimulatedCloud Cloud { get; }

    /// <summary>Whether a function is one of the flow that is broken.</summary>
    bool Concerns(string function);

    /// <summary>Lets the flow go to its end, and checks what must hold.</summary>
    IReadOnlyList<Violation> GoWell();

    /// <summary>Lets the flow go, whatever breaks, mends it as an engineer would, and checks what must hold.</summary>
    IReadOnlyList<Violation> GoAndMend();
}

/// <summary>One way to break one call or task.</summary>
/// <param name="Nth">Which call (or task) of the world.</param>
/// <param name="What">Function, database, and call.</param>
public sealed record SweptPoint(FaultKind Kind, long Nth, string What, IReadOnlyList<Violation> Violations);

public sealed record SweepResult(IReadOnlyList<SweptPoint> Points)
{
    public IEnumerable<SweptPoint> Broken => Points.Where(p => p.Violations.Count > 0);
}
