using System.Text.Json.Nodes;

namespace AwsCompat.Generator;

/// <summary>An operation of the model.</summary>
internal sealed class OperationDefinition(string name, JsonObject node)
{
    public string Name { get; } = name;

    /// <summary>The request's shape; null when it has no members.</summary>
    public string? Input { get; } = (string?)node["input"]?["shape"];

    /// <summary>The response's shape; null when it has no members.</summary>
    public string? Output { get; } = (string?)node["output"]?["shape"];

    public string? ResultWrapper { get; } = (string?)node["output"]?["resultWrapper"];

    public string Method { get; } = (string)node["http"]!["method"]!;

    public string Uri { get; } = (string)node["http"]!["requestUri"]!;

    public int Status { get; } = (int?)node["http"]!["responseCode"] ?? 200;

    public string? HostPrefix { get; } = (string?)node["endpoint"]?["hostPrefix"];
}
