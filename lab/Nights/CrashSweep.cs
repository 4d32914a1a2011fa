using System.Collections.Concurrent;

using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Simulation;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>
/// One night after the other, each broken at another point: every AWS call that a function makes and every task that the state machine passes, in
/// each of the ways it can break. After each, an engineer starts the run again, and every safety rule must hold. Nothing is sampled; looks at the
/// same thing while waiting for it are one point.
/// </summary>
public static class CrashSweep
{
    private static readonly FaultKind[] OnCalls = [FaultKind.ErrorBefore, FaultKind.ErrorAfter, FaultKind.Kill, FaultKind.Throttle];
    private static readonly FaultKind[] OnTasks = [FaultKind.InvokeBefore, FaultKind.InvokeAfter, FaultKind.InvokeKill, FaultKind.InvokeThrottle];

    // When the night's run is over, and when the clean-up of noon is.
    private static readonly TimeSpan Rerun = TimeSpan.FromHours(8);
    private static readonly TimeSpan End = TimeSpan.FromHours(24);

    // Everything takes seconds: what is swept is the order of things, not how long they take.
    private static readonly StubPace Quick = StubPace.OneSecond;

    // An instance with a table that grows, and a cluster: each goes its own way through the functions.
    private static readonly int[] Swept = [3, 4];

    /// <summary>Sweeps the nightly flow.</summary>
    /// <param name="told">Told of every point that was covered, in no order.</param>
    public static SweepResult Run(NightOptions options, Action<SweptPoint>? told = null)
    {
        options = options with { Pace = Quick, Only = Swept, KeepData = false };
        var points = Points(options);
        var swept = new ConcurrentBag<SweptPoint>();
        Parallel.ForEach(points, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, point =>
        {
            var done = point with { Violations = Break(options, point) };
            swept.Add(done);
            told?.Invoke(done);
        });
        return new SweepResult([.. swept.OrderBy(p => p.Kind).ThenBy(p => p.Nth)]);
    }

    /// <summary>The points of a night that goes well.</summary>
    private static List<SweptPoint> Points(NightOptions options)
    {
        using var nights = new SimulatedNights(options);
        var (calls, tasks) = (new Dictionary<string, List<long>>(StringComparer.Ordinal), new Dictionary<string, List<long>>(StringComparer.Ordinal));
        nights.Cloud.Weather.Begun += (invocation, operation) =>
        {
            var (where, nth) = operation is null
                ? (tasks, nights.Cloud.Weather.Invocations - 1)
                : (calls, nights.Cloud.Weather.Calls - 1);
            var subject = Subject(invocation);
            var name = operation is null ? $"{invocation.Function.Name} {subject}" : $"{invocation.Function.Name} {subject} call {invocation.Calls} {operation}";
            where.TryAdd(name, []);
            where[name].Add(nth);
        };
        nights.Cloud.Clock.Advance(End);
        nights.Watch.CheckTheEnd();
        if (nights.Watch.Violations.Count > 0)
        {
            throw new InvalidOperationException($"The night that is to be broken is broken already: {nights.Watch.Violations[0]}");
        }

        return [.. From(calls, OnCalls), .. From(tasks, OnTasks)];
    }

    /// <summary>The first and the last of the looks at one thing: those between find what the first found.</summary>
    private static IEnumerable<SweptPoint> From(Dictionary<string, List<long>> seen, FaultKind[] kinds) =>
        from point in seen
        from nth in point.Value.Count == 1 ? point.Value : [point.Value[0], point.Value[^1]]
        from kind in kinds
        select new SweptPoint(kind, nth, point.Key, []);

    private static string Subject(Invocation invocation) =>
        $"{Invariants.Truth.Read(invocation.Payload, "plan", "database")} {Invariants.Truth.Read(invocation.Payload, "target", "region")} {Invariants.Truth.Read(invocation.Payload, "moment")}".Trim();

    private static IReadOnlyList<Violation> Break(NightOptions options, SweptPoint point)
    {
        using var nights = new SimulatedNights(options);
        nights.Cloud.Weather.Arm(point.Kind, point.Nth);
        nights.Cloud.Clock.Advance(Rerun);
        nights.Rerun();
        nights.Cloud.Clock.Advance(End - Rerun);
        nights.Watch.CheckTheEnd();
        return nights.Cloud.Weather.Happened.Count == 0
            ? [new Violation("the sweep breaks what it says", nights.Midnight, $"{FaultNames.Of(point.Kind)} never happened to {point.What}.")]
            : [.. nights.Watch.Violations];
    }
}

/// <summary>One way to break one call or task.</summary>
/// <param name="Nth">Which call (or task) of the night.</param>
/// <param name="What">Function, database, and call.</param>
public sealed record SweptPoint(FaultKind Kind, long Nth, string What, IReadOnlyList<Violation> Violations);

public sealed record SweepResult(IReadOnlyList<SweptPoint> Points)
{
    public IEnumerable<SweptPoint> Broken => Points.Where(p => p.Violations.Count > 0);
}
