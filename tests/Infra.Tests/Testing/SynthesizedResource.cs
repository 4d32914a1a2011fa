using System.Text.Json.Nodes;

namespace Dbre.Infra.Tests.Testing;

/// <summary>One resource of a template. It prints as stack and logical id, so that a failing rule names its offenders.</summary>
public sealed record SynthesizedResource(string Stack, string LogicalId, JsonObject Json)
{
    public JsonNode? this[string property] => Json["Properties"]?[property];

    public override string ToString() => $"{Stack}/{LogicalId}";
}
