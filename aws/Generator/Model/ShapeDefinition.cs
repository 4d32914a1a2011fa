using System.Text.Json.Nodes;

namespace AwsCompat.Generator;

/// <summary>A shape of the model.</summary>
internal sealed class ShapeDefinition
{
    /// <summary>Traits that the generator acts on, and those that change nothing on the wire; a model with another one is refused.</summary>
    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "type", "enum", "member", "key", "value", "members", "required", "payload", "flattened", "exception", "error",
        "box", "deprecated", "deprecatedMessage", "fault", "max", "min", "pattern", "retryable", "sensitive", "synthetic", "union", "wrapper", "xmlOrder",
    };

    private readonly JsonObject node;

    public ShapeDefinition(string name, JsonObject node)
    {
        if (node.FirstOrDefault(t => !Known.Contains(t.Key)) is { Key: { } unknown })
        {
            throw new InvalidDataException($"The model's shape {name} has the trait {unknown}, which the generator does not know.");
        }

        this.node = node;
        Name = name;
        Type = (string)node["type"]!;
        EnumValues = Type == "string" && node["enum"] is JsonArray values ? [.. values.Select(v => (string)v!)] : null;
        Members = ReadMembers(node);
        Item = Part(node, "member");
        Key = Part(node, "key");
        Value = Part(node, "value");
    }

    public string Name { get; }

    /// <summary>string, integer, long, float, double, boolean, timestamp, blob, list, map or structure.</summary>
    public string Type { get; }

    public bool IsStructure => Type == "structure";

    public bool IsException => (bool?)node["exception"] == true;

    public bool Flattened => (bool?)node["flattened"] == true;

    /// <summary>The code of an error in the query protocol; null when it is the shape's name.</summary>
    public string? ErrorCode => (string?)node["error"]?["code"];

    /// <summary>The values of an enumeration; null for other shapes.</summary>
    public IReadOnlyList<string>? EnumValues { get; }

    public IReadOnlyList<MemberDefinition> Members { get; }

    /// <summary>A list's item.</summary>
    public MemberDefinition? Item { get; }

    /// <summary>A map's key.</summary>
    public MemberDefinition? Key { get; }

    /// <summary>A map's value.</summary>
    public MemberDefinition? Value { get; }

    private static MemberDefinition? Part(JsonObject node, string key) =>
        node[key] is JsonObject part ? new MemberDefinition(key, part, required: false, payload: false) : null;

    private static List<MemberDefinition> ReadMembers(JsonObject node)
    {
        var required = node["required"] is JsonArray names ? names.Select(n => (string)n!).ToHashSet(StringComparer.Ordinal) : [];
        var payload = (string?)node["payload"];
        return node["members"] is JsonObject members
            ? [.. members.Select(m => new MemberDefinition(m.Key, m.Value!.AsObject(), required.Contains(m.Key), m.Key == payload))]
            : [];
    }
}
