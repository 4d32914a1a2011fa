namespace Dbre.Lab.Services.States;

/// <content>What Step Functions would bill.</content>
public sealed partial class StepFunctionsService
{
    /// <summary>State transitions of all executions so far: each state that was entered (AWS Step Functions pricing, Standard Workflows).</summary>
    public long Transitions
    {
        get
        {
            lock (World.Gate)
            {
                return executions.Values.Sum(e => (long)e.Run.Events.Count(happened => happened.Type.EndsWith("StateEntered", StringComparison.Ordinal)));
            }
        }
    }
}
