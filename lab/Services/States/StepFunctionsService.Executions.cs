using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Definition;
using Dbre.Lab.StateMachines.Running;

namespace Dbre.Lab.Services.States;

/// <summary>Executions: a name is used once (within 90 days), and starting the same one again while it runs is no second start.</summary>
public sealed partial class StepFunctionsService
{
    private StartExecutionResponse StartExecution(CallContext call, StartExecutionRequest request)
    {
        Parameters.Refuse(request, nameof(request.StateMachineArn), nameof(request.Name), nameof(request.Input), nameof(request.TraceHeader));
        call.Authorize("states:StartExecution", request.StateMachineArn);
        var machine = Machine(request.StateMachineArn);
        var name = request.Name ?? World.NewId();
        CheckName(name);
        var input = request.Input ?? "{}";
        var parsed = ParseInput(input);
        if (executions.TryGetValue(machine.ExecutionArn(name), out var earlier))
        {
            return earlier.Status == ExecutionStatus.RUNNING && earlier.Input == input
                ? new StartExecutionResponse { ExecutionArn = earlier.Arn, StartDate = earlier.Started.UtcDateTime }
                : throw new ServiceException("ExecutionAlreadyExists", $"Execution Already Exists: '{earlier.Arn}'");
        }

        var execution = new RunningExecution(machine, name, input, ++started) { Started = World.Now };
        Prepare(execution, machine.Parsed, parsed);

        // Begun after this call has answered: the first state must not run under the lock.
        ITimer? begin = null;
        begin = World.Clock.CreateTimer(
            _ =>
            {
                begin?.Dispose();
                _ = Follow(execution);
            },
            null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
        Tell(execution, "ExecutionsStarted");
        return new StartExecutionResponse { ExecutionArn = execution.Arn, StartDate = execution.Started.UtcDateTime };
    }

    /// <summary>Makes the execution known and ready to run, as its machine's role.</summary>
    private void Prepare(RunningExecution execution, StateMachineDefinition definition, JsonNode? input)
    {
        var machine = execution.Machine;
        var named = execution.MapRun is null ? machine.Name : $"{machine.Name}/{execution.MapRun.Label}";
        var facts = new ExecutionFacts(execution.Arn, execution.Name, machine.RoleArn, execution.StateMachineArn, named, execution.Started);
        var runner = integrations.As(World.Iam.ContextForRole(machine.RoleArn, machine.Region, execution.Name));
#pragma warning disable CA5394 // Jitter: it must replay.
        execution.Run = new Execution(definition, facts, input, runner, World.Clock, new Random(World.Chance.Next()), new MapRunsOf(this, execution)) { KeepsData = keepData };
#pragma warning restore CA5394
        executions.Add(execution.Arn, execution);
    }

    private DescribeExecutionResponse DescribeExecution(CallContext call, DescribeExecutionRequest request)
    {
        Parameters.Refuse(request, nameof(request.ExecutionArn));
        call.Authorize("states:DescribeExecution", request.ExecutionArn);
        var execution = Find(request.ExecutionArn);
        return new DescribeExecutionResponse
        {
            ExecutionArn = execution.Arn,
            StateMachineArn = execution.StateMachineArn,
            MapRunArn = execution.MapRun?.Arn,
            Name = execution.Name,
            Status = execution.Status,
            StartDate = execution.Started.UtcDateTime,
            StopDate = execution.Stopped?.UtcDateTime,
            Input = execution.Input,
            InputDetails = new CloudWatchEventsExecutionDataDetails { Included = true },
            Output = execution.Output,
            OutputDetails = execution.Output is null ? null : new CloudWatchEventsExecutionDataDetails { Included = true },
            Error = execution.Error,
            Cause = execution.Cause,
            RedriveCount = 0,
            RedriveStatus = ExecutionRedriveStatus.NOT_REDRIVABLE,
        };
    }

    private ListExecutionsResponse ListExecutions(CallContext call, ListExecutionsRequest request)
    {
        Parameters.Refuse(
            request, nameof(request.StateMachineArn), nameof(request.MapRunArn), nameof(request.StatusFilter), nameof(request.MaxResults), nameof(request.NextToken));
        if (string.IsNullOrEmpty(request.StateMachineArn) == string.IsNullOrEmpty(request.MapRunArn))
        {
            throw new ServiceException("ValidationException", "Exactly one of stateMachineArn and mapRunArn must be given.");
        }

        call.Authorize("states:ListExecutions", request.MapRunArn ?? request.StateMachineArn);
        var machine = request.MapRunArn is null ? Machine(request.StateMachineArn) : null;
        var mapRun = request.MapRunArn is null ? null : FindMapRun(request.MapRunArn);
        IEnumerable<RunningExecution> all = mapRun is null ? executions.Values.Where(e => e.Machine == machine && e.MapRun is null) : mapRun.Children;
        var newestFirst = all.Where(e => request.StatusFilter is null || e.Status == request.StatusFilter).OrderByDescending(e => e.Order);
        var page = Page.Of(newestFirst, e => (long.MaxValue - e.Order).ToString("D19", CultureInfo.InvariantCulture), request.NextToken, PageSize(request.MaxResults, 100), "InvalidToken");
        return new ListExecutionsResponse
        {
            Executions = [.. page.Items.Select(e => new ExecutionListItem
            {
                ExecutionArn = e.Arn, StateMachineArn = e.StateMachineArn, Name = e.Name, Status = e.Status, StartDate = e.Started.UtcDateTime, StopDate = e.Stopped?.UtcDateTime,
                MapRunArn = e.MapRun?.Arn, ItemCount = e.MapRun is null ? null : 1, RedriveCount = 0,
            })],
            NextToken = page.NextToken,
        };
    }

    private StopExecutionResponse StopExecution(CallContext call, StopExecutionRequest request)
    {
        Parameters.Refuse(request, nameof(request.ExecutionArn), nameof(request.Error), nameof(request.Cause));
        call.Authorize("states:StopExecution", request.ExecutionArn);
        var execution = Find(request.ExecutionArn);
        Abort(execution, request.Error, request.Cause);
        return new StopExecutionResponse { StopDate = execution.Stopped?.UtcDateTime };
    }

    private void Abort(RunningExecution execution, string? error, string? cause)
    {
        if (execution.Status == ExecutionStatus.RUNNING)
        {
            End(execution, ExecutionStatus.ABORTED, null, error, cause);
            execution.Stop.Cancel();
        }
    }

    private GetExecutionHistoryResponse GetExecutionHistory(CallContext call, GetExecutionHistoryRequest request)
    {
        Parameters.Refuse(request, nameof(request.ExecutionArn), nameof(request.MaxResults), nameof(request.ReverseOrder), nameof(request.NextToken), nameof(request.IncludeExecutionData));
        call.Authorize("states:GetExecutionHistory", request.ExecutionArn);
        var execution = Find(request.ExecutionArn);
        var reverse = request.ReverseOrder == true;
        var events = execution.Run.Events;
        var page = Page.Of(
            reverse ? events.Reverse() : events, e => (reverse ? long.MaxValue - e.Id : e.Id).ToString("D19", CultureInfo.InvariantCulture),
            request.NextToken, PageSize(request.MaxResults, 100), "InvalidToken");
        return new GetExecutionHistoryResponse
        {
            Events = [.. page.Items.Select(e => HistoryEvents.Of(e, execution.RoleArn, execution.Machine.Region, request.IncludeExecutionData != false))],
            NextToken = page.NextToken,
        };
    }

    private async Task Follow(RunningExecution execution)
    {
        var (status, output, error, cause) = await Outcome(execution).ConfigureAwait(false);
        lock (World.Gate)
        {
            if (execution.Status == ExecutionStatus.RUNNING)
            {
                End(execution, status, output, error, cause);
            }
        }
    }

    private static async Task<(ExecutionStatus Status, string? Output, string? Error, string? Cause)> Outcome(RunningExecution execution)
    {
        try
        {
            var output = await execution.Run.Run(execution.Stop.Token).ConfigureAwait(false);
            return (ExecutionStatus.SUCCEEDED, output?.ToJsonString() ?? "null", null, null);
        }
        catch (StatesError failed)
        {
            var timedOut = execution.Run.Events[^1].Type == "ExecutionTimedOut";
            return (timedOut ? ExecutionStatus.TIMED_OUT : ExecutionStatus.FAILED, null, failed.Error, failed.Cause);
        }
        catch (OperationCanceledException)
        {
            return (ExecutionStatus.ABORTED, null, null, null);
        }
    }

    private void End(RunningExecution execution, ExecutionStatus status, string? output, string? error, string? cause)
    {
        (execution.Status, execution.Output, execution.Error, execution.Cause) = (status, output, error, cause);
        execution.Stopped = World.Now;
        Tell(execution, status.Value switch
        {
            "SUCCEEDED" => "ExecutionsSucceeded",
            "FAILED" => "ExecutionsFailed",
            "TIMED_OUT" => "ExecutionsTimedOut",
            _ => "ExecutionsAborted",
        });
    }

    /// <summary>What Step Functions publishes by itself: a metric, and an event of the new status.</summary>
    private void Tell(RunningExecution execution, string metric)
    {
        var (account, region) = (execution.Machine.Account, execution.Machine.Region);
        World.Services.Values.OfType<IMetricSink>().FirstOrDefault()?.Record(
            account, region, "AWS/States", metric, new Dictionary<string, string> { ["StateMachineArn"] = execution.StateMachineArn }, 1);
        World.Services.Values.OfType<IEventSink>().FirstOrDefault()?.Publish(
            account, region, "aws.states", "Step Functions Execution Status Change",
            new JsonObject
            {
                ["executionArn"] = execution.Arn,
                ["stateMachineArn"] = execution.StateMachineArn,
                ["name"] = execution.Name,
                ["status"] = execution.Status.Value,
                ["startDate"] = execution.Started.ToUnixTimeMilliseconds(),
                ["stopDate"] = execution.Stopped?.ToUnixTimeMilliseconds(),
                ["input"] = execution.Input,
                ["output"] = execution.Output,
                ["error"] = execution.Error,
                ["cause"] = execution.Cause,
            },
            [execution.Arn]);
    }

    private RunningExecution Find(string arn) => executions.GetValueOrDefault(arn) ?? throw new ServiceException("ExecutionDoesNotExist", $"Execution Does Not Exist: '{arn}'");

    private static JsonNode? ParseInput(string input)
    {
        try
        {
            return JsonNode.Parse(input);
        }
        catch (JsonException e)
        {
            throw new ServiceException("InvalidExecutionInput", $"Invalid State Machine Execution Input: '{e.Message}'");
        }
    }
}
