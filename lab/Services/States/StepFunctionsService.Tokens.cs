using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.StepFunctions.Model;

using Dbre.Lab.StateMachines;

namespace Dbre.Lab.Services.States;

/// <summary>Task tokens: whoever has one ends the task, once.</summary>
public sealed partial class StepFunctionsService
{
    private SendTaskSuccessResponse SendTaskSuccess(CallContext call, SendTaskSuccessRequest request)
    {
        Parameters.Refuse(request, nameof(request.TaskToken), nameof(request.Output));
        call.Authorize("states:SendTaskSuccess", "*");
        JsonNode? output;
        try
        {
            output = JsonNode.Parse(request.Output);
        }
        catch (JsonException e)
        {
            throw new ServiceException("InvalidOutput", $"Invalid Output: '{e.Message}'");
        }

        Waiting(request.TaskToken).Succeed(output);
        return new SendTaskSuccessResponse();
    }

    private SendTaskFailureResponse SendTaskFailure(CallContext call, SendTaskFailureRequest request)
    {
        Parameters.Refuse(request, nameof(request.TaskToken), nameof(request.Error), nameof(request.Cause));
        call.Authorize("states:SendTaskFailure", "*");
        Waiting(request.TaskToken).Fail(new StatesError(request.Error ?? "", request.Cause ?? ""));
        return new SendTaskFailureResponse();
    }

    private SendTaskHeartbeatResponse SendTaskHeartbeat(CallContext call, SendTaskHeartbeatRequest request)
    {
        Parameters.Refuse(request, nameof(request.TaskToken));
        call.Authorize("states:SendTaskHeartbeat", "*");
        Waiting(request.TaskToken).Beat();
        return new SendTaskHeartbeatResponse();
    }

    private WaitingTask Waiting(string token) => integrations.Find(token)
        ?? throw new ServiceException("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'");
}
