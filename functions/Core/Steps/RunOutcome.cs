namespace Dbre.Functions.Core.Steps;

/// <summary>How a run ended.</summary>
public enum RunOutcome
{
    Succeeded,
    Failed,

    /// <summary>It was not begun: nothing was changed.</summary>
    Refused,
}

/// <summary>What a run left as its evidence, for those who tell of it.</summary>
/// <param name="Hash">Of the record.</param>
/// <param name="Key">Of the object in the evidence bucket.</param>
public sealed record WrittenEvidence(RunOutcome Outcome, string Reason, string Hash, string Key);
