using Amazon.StepFunctions;

using Dbre.Lab.StateMachines.Running;

namespace Dbre.Lab.Services.States;

/// <summary>An execution, under way or ended.</summary>
/// <param name="mapRun">The Map Run that started it; null for one that was started by itself.</param>
internal sealed class RunningExecution(StateMachine machine, string name, string input, long order, MapRun? mapRun = null)
{
    public StateMachine Machine { get; } = machine;

    public string Definition { get; } = machine.Definition;

    public string RoleArn { get; } = machine.RoleArn;

    public string Name { get; } = name;

    public string Input { get; } = input;

    /// <summary>Which execution of the lab this is: lists show the newest first.</summary>
    public long Order { get; } = order;

    public MapRun? MapRun { get; } = mapRun;

    public string Arn { get; } = machine.ExecutionArn(name, mapRun?.Label);

    /// <summary>With the label behind it for an execution of a Map Run.</summary>
    public string StateMachineArn { get; } = mapRun is null ? machine.Arn : $"{machine.Arn}/{mapRun.Label}";

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Stopped { get; set; }

    public ExecutionStatus Status { get; set; } = ExecutionStatus.RUNNING;

    public string? Output { get; set; }

    public string? Error { get; set; }

    public string? Cause { get; set; }

    public CancellationTokenSource Stop { get; } = new();

    public Execution Run { get; set; } = null!;
}
