using System.Text.Json;

namespace Dbre.Lab.Services.Events.Patterns;

/// <summary>
/// An event pattern: which events a rule takes. A field must be there and match one of its listed values; all fields must match
/// (Amazon EventBridge User Guide, "Creating Amazon EventBridge event patterns" and "Comparison operators").
/// </summary>
public sealed class EventPattern
{
    private readonly FieldsPattern fields;

    private EventPattern(string json, FieldsPattern fields) => (Json, this.fields) = (json, fields);

    /// <summary>The pattern as it was given.</summary>
    public string Json { get; }

    /// <exception cref="FormatException">The pattern is malformed or uses an operator that EventBridge does not know; the message names the field.</exception>
    public static EventPattern Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return new EventPattern(json, FieldsPattern.Read(document.RootElement, "the pattern"));
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not JSON: {e.Message}");
        }
    }

    /// <param name="envelope">The whole event: source, detail-type, detail, …</param>
    public bool Matches(JsonElement envelope) => fields.Matches(envelope);
}
