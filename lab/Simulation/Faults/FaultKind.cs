namespace Dbre.Lab.Simulation.Faults;

/// <summary>What can go wrong. On the command line the names are in kebab case: <c>error-before</c>.</summary>
public enum FaultKind
{
    /// <summary>Others use up a service's request rate for a while.</summary>
    Throttle,

    /// <summary>A call fails inside AWS before it did anything.</summary>
    ErrorBefore,

    /// <summary>A call fails inside AWS after its effect.</summary>
    ErrorAfter,

    /// <summary>A call has its effect and is never answered.</summary>
    NoAnswer,

    /// <summary>A function's process is killed right after a call's effect.</summary>
    Kill,

    /// <summary>Lambda fails to run a function.</summary>
    InvokeBefore,

    /// <summary>A function ran, and its answer is lost.</summary>
    InvokeAfter,

    /// <summary>A function is killed after its last call, before it answers.</summary>
    InvokeKill,

    /// <summary>Lambda throttles an invocation.</summary>
    InvokeThrottle,

    /// <summary>Nothing in the recovery Region answers for a while.</summary>
    RegionDark,

    /// <summary>The functions' clock is off for a while.</summary>
    ClockJump,

    /// <summary>Somebody disables the recovery Region's key, and enables it later.</summary>
    KeyDisabled,

    /// <summary>Others' snapshots leave no room for a while.</summary>
    QuotaReached,

    /// <summary>A snapshot or copy ends as failed.</summary>
    SnapshotFails,

    /// <summary>A copy does not go on for many hours, and fails then.</summary>
    CopyStuck,

    /// <summary>A copy lacks rows.</summary>
    CopyDamaged,

    /// <summary>A copy has all its rows, and a value in them is another.</summary>
    CopyAltered,

    /// <summary>Somebody deletes a snapshot, a copy or a restored database by hand.</summary>
    ManualDelete,

    /// <summary>Somebody starts the night's run by hand while it runs already, under a name of their own.</summary>
    ManualRun,

    /// <summary>Somebody stops the run in the middle.</summary>
    ManualStop,

    /// <summary>The schedule fires a second time for the same night.</summary>
    ScheduleTwice,

    /// <summary>The schedule fires late.</summary>
    ScheduleLate,

    /// <summary>The schedule does not fire.</summary>
    ScheduleLost,

    /// <summary>An event is delivered twice.</summary>
    EventTwice,

    /// <summary>An event is delivered late, and so after ones that came about later: out of order.</summary>
    EventLate,

    /// <summary>An event is not delivered.</summary>
    EventLost,

    /// <summary>Databases take connections and answer nothing for a while.</summary>
    DatabaseHangs,
}
