namespace Dbre.Functions.Core.Steps;

/// <summary>What the state machine does next.</summary>
public enum StepStatus
{
    /// <summary>The wanted state holds: go on.</summary>
    Ready,

    /// <summary>Under way: wait the seconds given, then call again.</summary>
    Waiting,

    /// <summary>It must not be done, for the reason given; nothing was changed.</summary>
    Refused,

    /// <summary>It went wrong, for the reason given.</summary>
    Failed,
}

/// <summary>The answer of a step that has nothing more to tell.</summary>
public sealed record StepResult(StepStatus Status, string Reason, int WaitSeconds = 0);
