using System.Text;

using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Dbre.Lab.Services.Lambda;

/// <summary>Invocation: at once with the answer; what an event is, LambdaService.Asynchronous says.</summary>
public sealed partial class LambdaService
{
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
