using System.Text.Json.Nodes;

namespace AwsCompat.Generator;

/// <summary>A shape of the model.</summary>
internal sealed class ShapeDefinition(string name, JsonObject node)
{
    public string Name { get; } = name;

    /// <summary>string, integer, long, float, double, boolean, timestamp, blob, list, map or structure.</summary>
    public string Type { get; } = (string)node["type"]!;

    public bool IsStructure => Type == "structure";

    public bool IsException => (bool?)node["exception"] == true;

    public bool Flattened => (bool?)node["flattened"] == true;

    /// <summary>The member that is the whole body.</summary>
    public string? Payload => (string?)node["payload"];

    /// <summary>The code of an error in the query protocol, where it is not the shape's name.</summary>
    public string ErrorCode => (string?)node["error"]?["code"] ?? Name;

    /// <summary>The values of an enumeration; null for other shapes.</summary>
    public IReadOnlyList<string>? EnumValues { get; } =
        (string)node["type"]! == "string" && node["enum"] is JsonArray values ? [.. values.Select(v => (string)v!)] : null;

    public IReadOnlyList<MemberDefinition> Members { get; } = ReadMembers(node);

    /// <summary>A list's item.</summary>
    public MemberDefinition? Item { get; } = Part(node, "member");

    /// <summary>A map's key.</summary>
    public MemberDefinition? Key { get; } = Part(node, "key");

    /// <summary>A map's value.</summary>
    public MemberDefinition? Value { get; } = Part(node, "value");

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
