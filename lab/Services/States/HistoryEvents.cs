using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.StateMachines.Running;

namespace Dbre.Lab.Services.States;

/// <summary>The engine's events in the form that GetExecutionHistory gives them: each type with the details that AWS gives it.</summary>
internal static class HistoryEvents
{
    private const string ResourceType = "lambda";

    public static HistoryEvent Of(ExecutionEvent e, string roleArn, string region, bool data)
    {
        var told = new HistoryEvent { Id = e.Id, PreviousEventId = e.Previous, Timestamp = e.At.UtcDateTime, Type = HistoryEventType.FindValue(e.Type) };
        var d = data ? e.Details : e.Details with { Input = null, Output = null, Parameters = null };
        var resource = d.Resource?[(d.Resource.LastIndexOf(':') + 1)..];
        switch (e.Type)
        {
            case "ExecutionStarted":
                told.ExecutionStartedEventDetails = new() { Input = d.Input, InputDetails = Included(d.Input), RoleArn = roleArn };
                break;
            case "ExecutionSucceeded":
                told.ExecutionSucceededEventDetails = new() { Output = d.Output, OutputDetails = Included(d.Output) };
                break;
            case "ExecutionFailed":
                told.ExecutionFailedEventDetails = new() { Error = d.Error, Cause = d.Cause };
                break;
            case "ExecutionAborted":
                told.ExecutionAbortedEventDetails = new() { Error = d.Error, Cause = d.Cause };
                break;
            case "ExecutionTimedOut":
                told.ExecutionTimedOutEventDetails = new() { Error = d.Error, Cause = d.Cause };
                break;
            case "TaskScheduled":
                told.TaskScheduledEventDetails = new() { ResourceType = ResourceType, Resource = resource, Region = region, Parameters = d.Parameters ?? "", TimeoutInSeconds = (long?)d.TimeoutSeconds, HeartbeatInSeconds = (long?)d.HeartbeatSeconds };
                break;
            case "TaskStarted":
                told.TaskStartedEventDetails = new() { ResourceType = ResourceType, Resource = resource };
                break;
            case "TaskSucceeded":
                told.TaskSucceededEventDetails = new() { ResourceType = ResourceType, Resource = resource, Output = d.Output, OutputDetails = Included(d.Output) };
                break;
            case "TaskFailed":
                told.TaskFailedEventDetails = new() { ResourceType = ResourceType, Resource = resource, Error = d.Error, Cause = d.Cause };
                break;
            case "TaskTimedOut":
                told.TaskTimedOutEventDetails = new() { ResourceType = ResourceType, Resource = resource, Error = d.Error, Cause = d.Cause };
                break;
            case "MapStateStarted":
                told.MapStateStartedEventDetails = new() { Length = d.Length };
                break;
            case "MapRunStarted":
                told.MapRunStartedEventDetails = new() { MapRunArn = d.MapRunArn };
                break;
            case "MapRunFailed":
                told.MapRunFailedEventDetails = new() { Error = d.Error, Cause = d.Cause };
                break;
            case "MapIterationStarted":
                told.MapIterationStartedEventDetails = new() { Name = d.Name, Index = d.Index };
                break;
            case "MapIterationSucceeded":
                told.MapIterationSucceededEventDetails = new() { Name = d.Name, Index = d.Index };
                break;
            case "MapIterationFailed":
                told.MapIterationFailedEventDetails = new() { Name = d.Name, Index = d.Index };
                break;
            case "MapIterationAborted":
                told.MapIterationAbortedEventDetails = new() { Name = d.Name, Index = d.Index };
                break;
            case var entered when entered.EndsWith("StateEntered", StringComparison.Ordinal):
                told.StateEnteredEventDetails = new() { Name = d.Name, Input = d.Input, InputDetails = Included(d.Input) };
                break;
            case var exited when exited.EndsWith("StateExited", StringComparison.Ordinal):
                told.StateExitedEventDetails = new() { Name = d.Name, Output = d.Output, OutputDetails = Included(d.Output) };
                break;
        }

        return told;
    }

    private static HistoryEventExecutionDataDetails? Included(string? data) => data is null ? null : new() { Truncated = false };
}
