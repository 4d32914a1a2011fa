using System.Text.Json.Nodes;

namespace Dbre.Lab.Deployment.Templates;

/// <summary>A resource as the template declares it, with its intrinsics unresolved.</summary>
/// <param name="DependsOn">Stated and implied by references, by logical id.</param>
/// <param name="Condition">The condition under which it is made; null always.</param>
public sealed record ResourceDeclaration(string LogicalId, string Type, JsonObject Properties, IReadOnlyList<string> DependsOn, string? Condition)
{
    internal static ResourceDeclaration Read(string where, string id, JsonObject json)
    {
        var dependencies = new List<string>();
        foreach (var (attribute, content) in json)
        {
            switch (attribute)
            {
                case "DependsOn":
                    dependencies.AddRange(content is JsonArray list ? list.Select(name => name!.ToString()) : [content!.ToString()]);
                    break;
                // What a deletion or replacement would keep: the lab does neither, its whole state goes at the end.
                case "DeletionPolicy" or "UpdateReplacePolicy" or "Type" or "Properties" or "Condition" or "Metadata":
                    break;
                default:
                    throw new DeploymentException($"{where} has the attribute {attribute}, which the lab does not know.");
            }
        }

        var properties = json["Properties"]?.AsObject() ?? [];
        Intrinsics.Check(properties, where);
        dependencies.AddRange(Intrinsics.References(properties));
        return new ResourceDeclaration(id, json["Type"]!.ToString(), properties, [.. dependencies.Distinct()], json["Condition"]?.ToString());
    }
}
