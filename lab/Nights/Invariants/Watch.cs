using Dbre.Lab.Services;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights.Invariants;

/// <summary>Holds every call and answer of the functions against the safety rules, as it happens, and the whole against them at the end.</summary>
public sealed class Watch
{
    private readonly List<Violation> violations = [];
    private readonly SimulatedCloud cloud;
    private readonly Invariant[] invariants;

    public Watch(SimulatedCloud cloud, SimulatedFleet fleet)
    {
        this.cloud = cloud;
        var truth = new Truth(cloud);
        invariants =
        [
            // First: it notes what the others ask for.
            new ProofsAreTrue(truth), new LastProvenCopyStays(truth), new OneOperationPerDatabase(cloud), new NoPasswordGetsOut(cloud), new EveryExecutionLeavesEvidence(cloud, fleet),
            new NothingIsLeftBehind(cloud), new NothingIsForbidden(cloud), new EveryDatabaseIsProtected(truth, fleet),
        ];
        foreach (var invariant in invariants)
        {
            invariant.Found = Note;
        }

        cloud.Weather.Done += (call, invocation) => Each(i => i.Done(call, invocation));
        cloud.Weather.Ended += (invocation, answer) => Each(i => i.Ended(invocation, answer));
    }

    public IReadOnlyList<Violation> Violations => violations;

    /// <summary>Checks what must hold once the faults are over and the nights have gone by.</summary>
    public void CheckTheEnd() => Each(i => i.AtTheEnd());

    /// <summary>The databases without a proven copy younger than their objective.</summary>
    public IEnumerable<string> Unprotected => invariants.OfType<EveryDatabaseIsProtected>().Single().Unprotected;

    /// <summary>Whether every database has a proven copy younger than its objective.</summary>
    public bool AllProtected => !Unprotected.Any();

    /// <summary>Takes databases out of what must be protected at the end: a run said at its start that it does not carry them.</summary>
    public void Excuse(IReadOnlySet<string> deferred) => invariants.OfType<EveryDatabaseIsProtected>().Single().Excused = deferred;

    private void Each(Action<Invariant> check)
    {
        foreach (var invariant in invariants)
        {
            check(invariant);
        }
    }

    private void Note(string rule, string what)
    {
        var violation = new Violation(rule, cloud.Clock.GetUtcNow(), what);
        violations.Add(violation);
        cloud.Log.Add($"violation {rule}: {what}");
    }
}

/// <summary>One thing that must always hold.</summary>
internal abstract class Invariant(string rule)
{
    internal Action<string, string>? Found { get; set; }

    /// <summary>A function's call was carried out.</summary>
    internal virtual void Done(BegunCall call, Invocation invocation)
    {
    }

    /// <summary>A function answered, failed or was killed.</summary>
    internal virtual void Ended(Invocation invocation, FunctionAnswer answer)
    {
    }

    /// <summary>The faults are over, and the nights after them have gone by.</summary>
    internal virtual void AtTheEnd()
    {
    }

    protected void Violated(string what) => Found!(rule, what);
}
