using System.Text;

using Amazon.Lambda;
using Amazon.Lambda.Model;
using Amazon.SQS.Model;

namespace Dbre.Lab.Services.Lambda;

/// <summary>Invocation: at once with the answer, or as an event that is retried.</summary>
public sealed partial class LambdaService
{
    // Lambda retries an asynchronous event twice, after one and after two minutes (AWS Lambda Developer Guide, "Error handling for asynchronous invocation").
    private static readonly TimeSpan[] AsynchronousRetries = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];

    private const int LongestPayload = 6 * 1024 * 1024;
    private const int LongestEvent = 1024 * 1024;
    private const int LogTail = 4096;

    private async Task<InvokeResponse> Invoke(CallContext call, InvokeRequest request)
    {
        Parameters.Refuse(request, nameof(request.FunctionName), nameof(request.InvocationType), nameof(request.LogType), nameof(request.PayloadStream),
            nameof(request.Qualifier), "Payload");
        LambdaFunction function;
        lock (World.Gate)
        {
            call.Authorize("lambda:InvokeFunction", ArnOf(call, request.FunctionName));
            function = Find(call, request.FunctionName);
        }

        if (request.Qualifier is not (null or "" or "$LATEST"))
        {
            throw new ServiceException("ResourceNotFoundException", $"Function not found: {function.Arn}:{request.Qualifier}", 404);
        }

        var payload = request.PayloadStream?.ToArray() is { Length: > 0 } given ? given : "{}"u8.ToArray();
        CheckJson(payload);
        switch (request.InvocationType?.Value)
        {
            case "DryRun":
                return new InvokeResponse { StatusCode = 204 };
            case "Event":
                TooLarge(payload.Length, LongestEvent);
                _ = Asynchronously(function, payload, call.RequestId);
                return new InvokeResponse { StatusCode = 202 };
            case null or "" or "RequestResponse":
                TooLarge(payload.Length, LongestPayload);
                var answer = await Run(function, payload, call.RequestId).ConfigureAwait(false);
                var log = string.Join('\n', answer.Log);
                return new InvokeResponse
                {
                    StatusCode = 200,
                    ExecutedVersion = "$LATEST",
                    FunctionError = answer.Error,
                    Payload = new MemoryStream(answer.Payload.ToArray()),
                    LogResult = request.LogType == LogType.Tail ? Convert.ToBase64String(Encoding.UTF8.GetBytes(log.Length > LogTail ? log[^LogTail..] : log)) : null,
                };
            default:
                throw Invalid($"InvocationType is '{request.InvocationType.Value}'; allowed are RequestResponse, Event and DryRun.");
        }
    }

    private async Task Asynchronously(LambdaFunction function, byte[] payload, string requestId)
    {
        var answer = await Run(function, payload, requestId).ConfigureAwait(false);
        foreach (var pause in AsynchronousRetries)
        {
            if (answer.Error is null)
            {
                return;
            }

            await Task.Delay(pause, World.Clock).ConfigureAwait(false);
            answer = await Run(function, payload, requestId).ConfigureAwait(false);
        }

        if (answer.Error is not null && Arn.TryParse(function.DeadLetters) is { } queue)
        {
            await Bury(function, queue, payload, requestId, answer).ConfigureAwait(false);
        }
    }

    /// <summary>Leaves an event that failed every time in the function's dead-letter queue, as the function's role (AWS Lambda Developer Guide, "Adding a dead-letter queue").</summary>
    private async Task Bury(LambdaFunction function, Arn queue, byte[] payload, string requestId, FunctionAnswer answer)
    {
        using var error = System.Text.Json.JsonDocument.Parse(answer.Payload);
        var message = error.RootElement.TryGetProperty("errorMessage", out var text) ? text.ToString() : "";
        try
        {
            await World.Invoke(World.Iam.ContextForRole(function.Role, queue.Region, function.Name), "sqs", new SendMessageRequest
            {
                QueueUrl = $"https://sqs.{queue.Region}.amazonaws.com/{queue.Account}/{queue.Resource}",
                MessageBody = Encoding.UTF8.GetString(payload),
                MessageAttributes = new()
                {
                    ["RequestID"] = new() { DataType = "String", StringValue = requestId },
                    ["ErrorCode"] = new() { DataType = "Number", StringValue = "200" },
                    ["ErrorMessage"] = new() { DataType = "String", StringValue = message.Length is > 0 and <= 1024 ? message : message.Length == 0 ? "unknown" : message[..1024] },
                },
            }).ConfigureAwait(false);
        }
        catch (ServiceException)
        {
            // Then the event is lost, as on AWS, which counts it in the metric DeadLetterErrors; a refusal stands in Iam.Denials.
        }
    }

    private async Task<FunctionAnswer> Run(LambdaFunction function, byte[] payload, string requestId)
    {
        lock (World.Gate)
        {
            var limit = function.ReservedConcurrency ?? AccountConcurrency;
            var busy = running.GetValueOrDefault(function.Arn);
            if (busy >= limit)
            {
                throw new ServiceException("TooManyRequestsException", "Rate Exceeded.", 429);
            }

            running[function.Arn] = busy + 1;
        }

        try
        {
            return await host.Invoke(function, payload, requestId).ConfigureAwait(false);
        }
        finally
        {
            lock (World.Gate)
            {
                running[function.Arn]--;
            }
        }
    }

    private static void CheckJson(byte[] payload)
    {
        try
        {
            using var read = System.Text.Json.JsonDocument.Parse(payload);
        }
        catch (System.Text.Json.JsonException e)
        {
            throw new ServiceException("InvalidRequestContentException", $"Could not parse request body into json: {e.Message}");
        }
    }

    private static void TooLarge(int length, int most)
    {
        if (length > most)
        {
            throw new ServiceException("RequestTooLargeException", $"{length} byte payload is too large for the Invoke operation ({most} bytes allowed)", 413);
        }
    }
}
