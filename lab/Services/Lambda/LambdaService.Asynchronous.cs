using System.Text;
using System.Text.Json;

using Amazon.SQS.Model;
using Dbre.Lab.Services.Sqs;

namespace Dbre.Lab.Services.Lambda;

/// <summary>
/// Asynchronous events: a failed one is tried twice more, one that Lambda could not run (throttling, its own errors) until it is six hours old, and what is left over goes to the function's
/// dead-letter queue (AWS Lambda Developer Guide, "How Lambda handles errors and retries with asynchronous invocation").
/// </summary>
public sealed partial class LambdaService
{
    private static readonly TimeSpan[] AsynchronousRetries = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2)];
    private static readonly TimeSpan OldestEvent = TimeSpan.FromHours(6);
    private static readonly TimeSpan FirstThrottlePause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestThrottlePause = TimeSpan.FromMinutes(5);

    // The dead-letter message carries the first kilobyte of the error.
    private const int DeadLetterMessage = 1024;

    private async Task Asynchronously(LambdaFunction function, byte[] payload, string requestId)
    {
        var old = World.Now + OldestEvent;
        for (var attempt = 0; ; attempt++)
        {
            var answer = await WhenFree(function, payload, requestId, old).ConfigureAwait(false);
            if (answer?.Error is null && answer is not null)
            {
                return;
            }

            if (answer is null || attempt == AsynchronousRetries.Length)
            {
                await Bury(function, payload, requestId, answer).ConfigureAwait(false);
                return;
            }

            await Task.Delay(AsynchronousRetries[attempt], World.Clock).ConfigureAwait(false);
        }
    }

    /// <returns>Null when the function stayed throttled until the event was too old.</returns>
    private async Task<FunctionAnswer?> WhenFree(LambdaFunction function, byte[] payload, string requestId, DateTimeOffset old)
    {
        var pause = FirstThrottlePause;
        while (true)
        {
            try
            {
                return await Run(function, payload, requestId).ConfigureAwait(false);
            }
            catch (ServiceException throttled) when (throttled.Status is 429 or >= 500)
            {
                if (World.Now + pause > old)
                {
                    return null;
                }
            }

            await Task.Delay(pause, World.Clock).ConfigureAwait(false);
            pause = pause * 2 < LongestThrottlePause ? pause * 2 : LongestThrottlePause;
        }
    }

    private async Task Bury(LambdaFunction function, byte[] payload, string requestId, FunctionAnswer? answer)
    {
        if (Arn.TryParse(function.DeadLetters) is not { } queue)
        {
            return;
        }

        var error = answer is null ? "Rate Exceeded." : ErrorMessage(answer);
        try
        {
            var role = World.Iam.ContextForRole(function.Role, queue.Region, function.Name);
            await World.Invoke(role, "sqs", new SendMessageRequest
            {
                QueueUrl = SqsService.UrlOf(queue),
                MessageBody = Encoding.UTF8.GetString(payload),
                MessageAttributes = new()
                {
                    ["RequestID"] = new() { DataType = "String", StringValue = requestId },
                    ["ErrorCode"] = new() { DataType = "Number", StringValue = answer is null ? "429" : "200" },
                    ["ErrorMessage"] = new() { DataType = "String", StringValue = error.Length > DeadLetterMessage ? error[..DeadLetterMessage] : error },
                },
            }).ConfigureAwait(false);
        }
        catch (ServiceException)
        {
            // As in AWS, what the dead-letter queue refuses is gone; IAM's ledger of denials and the queue's absence tell why.
        }
    }

    /// <summary>A dead letter's attribute cannot be empty, and a function's error document need not have a message.</summary>
    private static string ErrorMessage(FunctionAnswer answer)
    {
        using var document = JsonDocument.Parse(answer.Payload);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("errorMessage", out var text) && text.ToString() is { Length: > 0 } message
            ? message
            : "unknown";
    }
}
