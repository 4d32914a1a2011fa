using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbre.Lab.StateMachines.Data;

/// <summary>What a JSON value is, when it is of the kind asked for; null when it is not.</summary>
internal static class Values
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads JSON; a member given twice is refused, for which of the two counts nobody can say.</summary>
    /// <exception cref="JsonException">It is not JSON, or has a member twice.</exception>
    internal static JsonNode? Read(string json) => JsonNode.Parse(json, documentOptions: Strict);

    internal static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;

    internal static bool? Flag(JsonNode? node) => node?.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    internal static double? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number ? double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture) : null;

    /// <summary>An RFC 3339 timestamp with capital T and Z, as the states language wants it.</summary>
    internal static DateTimeOffset? Time(JsonNode? node) => Text(node) is { } text ? Time(text) : null;

    internal static DateTimeOffset? Time(string text) =>
        text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
