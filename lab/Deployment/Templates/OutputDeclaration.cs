using System.Text.Json.Nodes;

namespace Dbre.Lab.Deployment.Templates;

/// <summary>An output of a stack, and the name under which other stacks of the account and Region import it.</summary>
public sealed record OutputDeclaration(JsonNode Value, JsonNode? ExportName, string? Condition)
{
    internal static OutputDeclaration Read(string where, JsonObject json)
    {
        foreach (var (attribute, _) in json)
        {
            if (attribute is not ("Value" or "Description" or "Export" or "Condition"))
            {
                throw new DeploymentException($"{where} has the attribute {attribute}, which the lab does not know.");
            }
        }

        Intrinsics.Check(json, where);
        return new OutputDeclaration(json["Value"]!, json["Export"]?["Name"], json["Condition"]?.ToString());
    }
}
