using System.Text.Json.Nodes;

namespace Dbre.Infra.Tests.Testing;

/// <summary>A template as synthesized, with what the rules ask of it.</summary>
public sealed record SynthesizedTemplate(string Name, string File, JsonObject Json)
{
    public IReadOnlyList<SynthesizedResource> Resources(string type) =>
        [.. Json["Resources"]!.AsObject().Where(resource => resource.Value!["Type"]!.ToString() == type)
            .Select(resource => new SynthesizedResource(Name, resource.Key, resource.Value!.AsObject()))];

    /// <summary>A text with the references in it written out as CloudFormation would, as far as the rules need: <c>Ref</c> and <c>GetAtt</c> as <c>{id}</c>.</summary>
    public static string Text(JsonNode? node) => node switch
    {
        JsonValue value => value.ToString(),
        JsonObject { Count: 1 } single when single.First() is var (name, argument) => name switch
        {
            "Ref" when argument!.ToString() == "AWS::Partition" => "aws",
            "Ref" => $"{{{argument}}}",
            "Fn::GetAtt" => $"{{{argument![0]}}}",
            "Fn::Join" => string.Join(argument![0]!.ToString(), argument[1]!.AsArray().Select(Text)),
            _ => single.ToJsonString(),
        },
        _ => node?.ToJsonString() ?? "",
    };

    /// <summary>A JSON value that is one text or a list of them.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? node) => node is JsonArray list ? [.. list.Select(Text)] : [Text(node)];
}
