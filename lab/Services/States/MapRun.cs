using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.StateMachines.Running;

namespace Dbre.Lab.Services.States;

/// <summary>One run of a Distributed Map: what it was asked for, and how far it is.</summary>
internal sealed class MapRun(RunningExecution parent, MapRunPlan plan, string id)
{
    public RunningExecution Parent { get; } = parent;

    public MapRunPlan Plan { get; } = plan;

    public string Id { get; } = id;

    public string Label => Plan.Mode.Label;

    public string Arn { get; } = parent.Machine.MapRunArn(plan.Mode.Label, id);

    /// <summary>What each of its executions runs, as its ASL.</summary>
    public string Definition => Plan.Mode.Processor;

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Stopped { get; set; }

    public MapRunStatus Status { get; set; } = MapRunStatus.RUNNING;

    public int Items { get; set; }

    public int ResultsWritten { get; set; }

    /// <summary>In the order they started.</summary>
    public List<RunningExecution> Children { get; } = [];

    /// <summary>One item an execution: both counts are the same.</summary>
    public MapRunExecutionCounts ExecutionCounts() => new()
    {
        Pending = Pending, Running = Of(ExecutionStatus.RUNNING), Succeeded = Of(ExecutionStatus.SUCCEEDED), Failed = Of(ExecutionStatus.FAILED),
        TimedOut = Of(ExecutionStatus.TIMED_OUT), Aborted = Of(ExecutionStatus.ABORTED), Total = Items, ResultsWritten = ResultsWritten,
    };

    public MapRunItemCounts ItemCounts() => new()
    {
        Pending = Pending, Running = Of(ExecutionStatus.RUNNING), Succeeded = Of(ExecutionStatus.SUCCEEDED), Failed = Of(ExecutionStatus.FAILED),
        TimedOut = Of(ExecutionStatus.TIMED_OUT), Aborted = Of(ExecutionStatus.ABORTED), Total = Items, ResultsWritten = ResultsWritten,
    };

    private long Pending => Math.Max(Items - Children.Count, 0);

    private long Of(ExecutionStatus status) => Children.Count(c => c.Status == status);
}
