using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

using Amazon.Lambda.Model;

using Dbre.Lab.StateMachines;
using Dbre.Lab.StateMachines.Running;

namespace Dbre.Lab.Services.States;

/// <summary>What a Task's resource does, done as the state machine's role: invoking a function, with its answer or with a token that comes back.</summary>
internal sealed class TaskIntegrations(World world)
{
    public const string Invoke = "arn:aws:states:::lambda:invoke";
    public const string InvokeAndWait = "arn:aws:states:::lambda:invoke.waitForTaskToken";

    private readonly ConcurrentDictionary<string, WaitingTask> waiting = new(StringComparer.Ordinal);

    public static IReadOnlyList<string> Known { get; } = [Invoke, InvokeAndWait];

    public static bool Knows(string resource) => Known.Contains(resource);

    public WaitingTask? Find(string token) => waiting.GetValueOrDefault(token);

    public ITaskRunner As(CallContext role) => new Runner(this, role);

    private async Task<JsonNode?> Run(CallContext role, TaskCall call, CancellationToken stop)
    {
        if (call.Resource == Invoke)
        {
            return await InvokeFunction(role, call).ConfigureAwait(false);
        }

        using var task = new WaitingTask(world.Clock, call.Heartbeat);
        waiting[call.Token!] = task;
        try
        {
            await InvokeFunction(role, call).ConfigureAwait(false);
            using var stopped = stop.UnsafeRegister(_ => task.Cancel(), null);
            return await task.End.ConfigureAwait(false);
        }
        finally
        {
            waiting.TryRemove(call.Token!, out _);
        }
    }

    private async Task<JsonObject> InvokeFunction(CallContext role, TaskCall call)
    {
        if (call.Arguments is not JsonObject arguments || arguments["FunctionName"] is not { } name)
        {
            throw new StatesError(StatesError.Runtime, "The field 'FunctionName' must be given in Parameters of lambda:invoke.");
        }

        if (arguments.FirstOrDefault(a => a.Key is not ("FunctionName" or "Payload")) is { Key: { } unknown })
        {
            throw new StatesError(StatesError.Runtime, $"The lab does not emulate the parameter {unknown} of lambda:invoke; it takes FunctionName and Payload.");
        }

        try
        {
            var payload = Encoding.UTF8.GetBytes(arguments["Payload"]?.ToJsonString() ?? "{}");
            var answer = (InvokeResponse)await world.Invoke(
                role with { RequestId = world.NewId() }, "lambda", new InvokeRequest { FunctionName = name.GetValue<string>(), PayloadStream = new MemoryStream(payload) }).ConfigureAwait(false);
            var text = Encoding.UTF8.GetString(answer.Payload.ToArray());
            if (!string.IsNullOrEmpty(answer.FunctionError))
            {
                throw new StatesError((JsonNode.Parse(text) as JsonObject)?["errorType"]?.GetValue<string>() ?? "Lambda.Unknown", text);
            }

            return new JsonObject
            {
                ["ExecutedVersion"] = answer.ExecutedVersion,
                ["Payload"] = JsonNode.Parse(text),
                ["SdkHttpMetadata"] = new JsonObject { ["HttpStatusCode"] = 200 },
                ["StatusCode"] = answer.StatusCode,
            };
        }
        catch (ServiceException refused)
        {
            // The names by which Step Functions hands on Lambda's own errors (Developer Guide, "Error names").
            var error = refused.Code is "TooManyRequestsException" or "ServiceException" or "ResourceNotFoundException" ? $"Lambda.{refused.Code}" : "Lambda.AWSLambdaException";
            throw new StatesError(error, $"{refused.Message} (Service: Lambda, Status Code: {refused.Status}, Request ID: {role.RequestId})");
        }
    }

    private sealed class Runner(TaskIntegrations integrations, CallContext role) : ITaskRunner
    {
        public Task<JsonNode?> Run(TaskCall call, CancellationToken stop) => integrations.Run(role, call, stop);
    }
}
