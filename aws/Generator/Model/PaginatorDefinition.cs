using System.Text.Json.Nodes;

namespace AwsCompat.Generator;

/// <summary>How an operation's answer continues.</summary>
internal sealed class PaginatorDefinition(string operation, JsonObject node)
{
    public string Operation { get; } = operation;

    public string InputToken { get; } = (string)node["input_token"]!;

    public string OutputToken { get; } = (string)node["output_token"]!;

    /// <summary>The lists that continue, each with its own enumeration.</summary>
    public IReadOnlyList<string> ResultKeys { get; } = node["result_key"] switch
    {
        JsonArray keys => [.. keys.Select(k => (string)k!)],
        JsonValue key => [(string)key!],
        _ => [],
    };
}
