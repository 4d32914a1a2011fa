namespace Dbre.Cli.Runs;

/// <summary>A run that was asked for and checked, and not begun: what each flow needs to show its plan and to start.</summary>
internal interface IRun
{
    /// <summary>The flow's name.</summary>
    string Flow { get; }

    /// <summary>What the run would do, changing nothing; null for a flow that finds out only as it goes.</summary>
    Task<Plan?> Plan(Account account, CancellationToken stop);

    /// <summary>Starts it. The same run again is found, not started twice.</summary>
    Task<StartedRun> Start(Account account, CancellationToken stop);
}

/// <param name="OperationId">Also the execution's name.</param>
/// <param name="Started">False when an earlier start of the same run was found.</param>
internal sealed record StartedRun(string OperationId, bool Started);
