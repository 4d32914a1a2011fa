using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.Lambda;
using Amazon.Lambda.Model;

namespace Dbre.Cli.Runs;

/// <summary>A function failed: its own sentence.</summary>
internal sealed class FunctionFailedException(string message) : Exception(message);

/// <summary>Calls a deployed function and reads its answer.</summary>
internal static class FunctionCall
{
    /// <exception cref="FunctionFailedException">The function ended in an error.</exception>
    public static async Task<JsonObject> Invoke(IAmazonLambda functions, string name, string payload, CancellationToken stop)
    {
        var answer = await functions.InvokeAsync(new InvokeRequest { FunctionName = name, Payload = payload }, stop).ConfigureAwait(false);
        var text = Encoding.UTF8.GetString(answer.Payload.ToArray());
        return answer.FunctionError is null
            ? JsonNode.Parse(text)!.AsObject()
            : throw new FunctionFailedException($"The function {name} failed: {Said(text)}");
    }

    private static string Said(string error)
    {
        try
        {
            return (string?)JsonNode.Parse(error)?["errorMessage"] ?? error;
        }
        catch (JsonException)
        {
            return error;
        }
    }
}
