using System.Text.Json;
using System.Text.Json.Serialization;

namespace Dbre.Functions.Core.Steps;

/// <summary>An error as Step Functions hands it to a Catch. The cause of a function's error is JSON with its message.</summary>
public sealed record Failure([property: JsonPropertyName("Error")] string Error, [property: JsonPropertyName("Cause")] string? Cause)
{
    /// <summary>One sentence: what the function said, with its error's name unless the sentence is a refusal of our own.</summary>
    public string Sentence()
    {
        var message = Cause ?? "";
        if (message.StartsWith('{'))
        {
            try
            {
                using var cause = JsonDocument.Parse(message);
                message = cause.RootElement.TryGetProperty("errorMessage", out var said) ? said.GetString() ?? message : message;
            }
            catch (JsonException)
            {
                // Cut off at Step Functions' limit: told as it is.
            }
        }

        return Error is "Refused" or "Failed" ? message : $"{Error}: {message}";
    }
}
