using System.Collections.Concurrent;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.Services.States;

/// <summary>Step Functions: standard state machines, their executions and Map Runs, on the engine in <c>lab/StateMachines</c>.</summary>
public sealed partial class StepFunctionsService : EmulatedService
{
    // Parsing is the same in each of thousands of simulated worlds, and what is parsed never changes.
    private static readonly ConcurrentDictionary<string, StateMachineDefinition> Parsed = new(StringComparer.Ordinal);

    private readonly SortedDictionary<string, StateMachine> machines = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, RunningExecution> executions = new(StringComparer.Ordinal);
    private readonly TaskIntegrations integrations;
    private long started;

    private readonly bool keepData;

    /// <param name="keepData">Whether histories keep inputs and outputs.</param>
    public StepFunctionsService(World world, bool keepData = true) : base("states", world)
    {
        this.keepData = keepData;
        integrations = new TaskIntegrations(world);
        On<CreateStateMachineRequest, CreateStateMachineResponse>(CreateStateMachine);
        On<UpdateStateMachineRequest, UpdateStateMachineResponse>(UpdateStateMachine);
        On<DescribeStateMachineRequest, DescribeStateMachineResponse>(DescribeStateMachine);
        On<DescribeStateMachineForExecutionRequest, DescribeStateMachineForExecutionResponse>(DescribeStateMachineForExecution);
        On<ListStateMachinesRequest, ListStateMachinesResponse>(ListStateMachines);
        On<DeleteStateMachineRequest, DeleteStateMachineResponse>(DeleteStateMachine);
        On<StartExecutionRequest, StartExecutionResponse>(StartExecution);
        On<DescribeExecutionRequest, DescribeExecutionResponse>(DescribeExecution);
        On<ListExecutionsRequest, ListExecutionsResponse>(ListExecutions);
        On<StopExecutionRequest, StopExecutionResponse>(StopExecution);
        On<GetExecutionHistoryRequest, GetExecutionHistoryResponse>(GetExecutionHistory);
        On<DescribeMapRunRequest, DescribeMapRunResponse>(DescribeMapRun);
        On<ListMapRunsRequest, ListMapRunsResponse>(ListMapRuns);
        On<SendTaskSuccessRequest, SendTaskSuccessResponse>(SendTaskSuccess);
        On<SendTaskFailureRequest, SendTaskFailureResponse>(SendTaskFailure);
        On<SendTaskHeartbeatRequest, SendTaskHeartbeatResponse>(SendTaskHeartbeat);
        On<TagResourceRequest, TagResourceResponse>(TagResource);
        On<ListTagsForResourceRequest, ListTagsForResourceResponse>(ListTagsForResource);
    }

    private CreateStateMachineResponse CreateStateMachine(CallContext call, CreateStateMachineRequest request)
    {
        Parameters.Refuse(request, nameof(request.Name), nameof(request.Definition), nameof(request.RoleArn), nameof(request.Type),
            nameof(request.LoggingConfiguration), nameof(request.TracingConfiguration), nameof(request.Tags));
        CheckName(request.Name);
        var machine = new StateMachine(call.Account, call.Region, request.Name) { Created = World.Now };
        call.Authorize("states:CreateStateMachine", machine.Arn);
        if (request.Type is not null && request.Type != StateMachineType.STANDARD)
        {
            throw new ServiceException("StateMachineTypeNotSupported", $"The lab does not emulate the type '{request.Type}'; it runs STANDARD state machines.");
        }

        if (machines.TryGetValue(machine.Arn, out var there))
        {
            return there.Definition == request.Definition && there.RoleArn == request.RoleArn
                ? new CreateStateMachineResponse { StateMachineArn = there.Arn, CreationDate = there.Created.UtcDateTime }
                : throw new ServiceException("StateMachineAlreadyExists", $"State Machine Already Exists: '{machine.Arn}'");
        }

        Change(call, machine, request.Definition, request.RoleArn, request.LoggingConfiguration, request.TracingConfiguration);
        foreach (var tag in request.Tags ?? [])
        {
            machine.Tags[tag.Key] = tag.Value;
        }

        machines.Add(machine.Arn, machine);
        return new CreateStateMachineResponse { StateMachineArn = machine.Arn, CreationDate = machine.Created.UtcDateTime };
    }

    private UpdateStateMachineResponse UpdateStateMachine(CallContext call, UpdateStateMachineRequest request)
    {
        Parameters.Refuse(request, nameof(request.StateMachineArn), nameof(request.Definition), nameof(request.RoleArn),
            nameof(request.LoggingConfiguration), nameof(request.TracingConfiguration));
        var machine = Machine(request.StateMachineArn);
        call.Authorize("states:UpdateStateMachine", machine.Arn);
        Change(call, machine, request.Definition ?? machine.Definition, request.RoleArn ?? machine.RoleArn, request.LoggingConfiguration ?? machine.Logging, request.TracingConfiguration ?? machine.Tracing);
        return new UpdateStateMachineResponse { UpdateDate = World.Now.UtcDateTime, RevisionId = machine.RevisionId };
    }

    private DescribeStateMachineResponse DescribeStateMachine(CallContext call, DescribeStateMachineRequest request)
    {
        Parameters.Refuse(request, nameof(request.StateMachineArn));
        var machine = Machine(request.StateMachineArn);
        call.Authorize("states:DescribeStateMachine", machine.Arn);
        return new DescribeStateMachineResponse
        {
            StateMachineArn = machine.Arn,
            Name = machine.Name,
            Status = StateMachineStatus.ACTIVE,
            Definition = machine.Definition,
            RoleArn = machine.RoleArn,
            Type = StateMachineType.STANDARD,
            CreationDate = machine.Created.UtcDateTime,
            LoggingConfiguration = machine.Logging ?? new LoggingConfiguration { Level = LogLevel.OFF, IncludeExecutionData = false },
            TracingConfiguration = machine.Tracing ?? new TracingConfiguration { Enabled = false },
            RevisionId = machine.RevisionId,
        };
    }

    private DescribeStateMachineForExecutionResponse DescribeStateMachineForExecution(CallContext call, DescribeStateMachineForExecutionRequest request)
    {
        Parameters.Refuse(request, nameof(request.ExecutionArn));
        var execution = Find(request.ExecutionArn);
        call.Authorize("states:DescribeStateMachineForExecution", execution.Arn);
        return new DescribeStateMachineForExecutionResponse
        {
            StateMachineArn = execution.StateMachineArn,
            Name = execution.Machine.Name,
            Definition = execution.MapRun?.Definition ?? execution.Definition,
            MapRunArn = execution.MapRun?.Arn,
            Label = execution.MapRun?.Label,
            RoleArn = execution.RoleArn,
            UpdateDate = execution.Machine.Created.UtcDateTime,
        };
    }

    private ListStateMachinesResponse ListStateMachines(CallContext call, ListStateMachinesRequest request)
    {
        Parameters.Refuse(request, nameof(request.MaxResults), nameof(request.NextToken));
        call.Authorize("states:ListStateMachines", "*");
        var page = Page.Of(machines.Values.Where(m => m.Account == call.Account && m.Region == call.Region), m => m.Arn, request.NextToken, PageSize(request.MaxResults, 100), "InvalidToken");
        return new ListStateMachinesResponse
        {
            StateMachines = [.. page.Items.Select(m => new StateMachineListItem { StateMachineArn = m.Arn, Name = m.Name, Type = StateMachineType.STANDARD, CreationDate = m.Created.UtcDateTime })],
            NextToken = page.NextToken,
        };
    }

    private DeleteStateMachineResponse DeleteStateMachine(CallContext call, DeleteStateMachineRequest request)
    {
        Parameters.Refuse(request, nameof(request.StateMachineArn));
        call.Authorize("states:DeleteStateMachine", request.StateMachineArn);
        machines.Remove(request.StateMachineArn);
        return new DeleteStateMachineResponse();
    }

    private TagResourceResponse TagResource(CallContext call, TagResourceRequest request)
    {
        Parameters.Refuse(request, nameof(request.ResourceArn), nameof(request.Tags));
        call.Authorize("states:TagResource", request.ResourceArn);
        foreach (var tag in request.Tags)
        {
            Machine(request.ResourceArn).Tags[tag.Key] = tag.Value;
        }

        return new TagResourceResponse();
    }

    private ListTagsForResourceResponse ListTagsForResource(CallContext call, ListTagsForResourceRequest request)
    {
        Parameters.Refuse(request, nameof(request.ResourceArn));
        call.Authorize("states:ListTagsForResource", request.ResourceArn);
        return new ListTagsForResourceResponse { Tags = [.. Machine(request.ResourceArn).Tags.Select(t => new Tag { Key = t.Key, Value = t.Value })] };
    }

    private void Change(CallContext call, StateMachine machine, string definition, string roleArn, LoggingConfiguration? logging, TracingConfiguration? tracing)
    {
        StateMachineDefinition parsed;
        try
        {
            parsed = Parsed.GetOrAdd(definition, StateMachineDefinition.Parse);
        }
        catch (DefinitionException wrong)
        {
            throw new ServiceException("InvalidDefinition", $"Invalid State Machine Definition: '{wrong.Message}'");
        }

        if (parsed.Resources.FirstOrDefault(r => !TaskIntegrations.Knows(r)) is { } unknown)
        {
            throw new ServiceException("InvalidDefinition", $"Invalid State Machine Definition: 'The lab does not emulate the resource {unknown}; it runs {string.Join(", ", TaskIntegrations.Known)}.'");
        }

        call.Authorize("iam:PassRole", roleArn);
        World.Iam.CheckTrust(roleArn, "states.amazonaws.com");
        (machine.Definition, machine.Parsed, machine.RoleArn) = (definition, parsed, roleArn);
        (machine.Logging, machine.Tracing, machine.RevisionId) = (logging, tracing, World.NewId());
    }

    private StateMachine Machine(string arn) => machines.GetValueOrDefault(arn) ?? throw new ServiceException("StateMachineDoesNotExist", $"State Machine Does Not Exist: '{arn}'");

    private static int PageSize(int? asked, int otherwise) => asked is null or 0 ? otherwise : Math.Clamp(asked.Value, 1, 1000);

    // StartExecution, "name": 1 to 80 characters, without spaces, brackets, wildcards and these special characters.
    private static void CheckName(string name)
    {
        if (name.Length is 0 or > 80 || name.AsSpan().IndexOfAny(" <>{}[]?*\"#%\\^|~`$&,;:/") >= 0 || name.Any(char.IsControl))
        {
            throw new ServiceException("InvalidName", $"Invalid Name: '{name}'");
        }
    }
}
