using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.Lambda.Model;

namespace Dbre.Cli.Runs;

/// <summary>A function failed: its own sentence.</summary>
internal sealed class FunctionFailedException(string message) : Exception(message);

/// <summary>Calls a deployed function and reads its answer.</summary>
internal static class FunctionCall
{
    /// <exception cref="FunctionFailedException">The function ended in an error.</exception>
    /// <exception cref="BadInputException">It is not deployed in this account and Region.</exception>
    public static async Task<JsonObject> Invoke(Account account, string name, string payload, CancellationToken stop)
    {
        InvokeResponse answer;
        try
        {
            answer = await account.Functions.InvokeAsync(new InvokeRequest { FunctionName = name, Payload = payload }, stop).ConfigureAwait(false);
        }
        catch (ResourceNotFoundException)
        {
            throw account.Lacks($"The function '{name}'");
        }

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
