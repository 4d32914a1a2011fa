using System.Text.Json.Nodes;

namespace Dbre.Lab.Deployment.Templates;

/// <summary>A CloudFormation template, its sections and attributes checked: what the lab would not honour is refused here.</summary>
/// <param name="Parameters">Default by name; null when a value must be given.</param>
/// <param name="Conditions">By name, not yet evaluated.</param>
/// <param name="Resources">By logical id, in the template's order.</param>
/// <param name="Outputs">By logical id.</param>
public sealed record Template(
    IReadOnlyDictionary<string, string?> Parameters, IReadOnlyDictionary<string, JsonNode> Conditions,
    IReadOnlyDictionary<string, ResourceDeclaration> Resources, IReadOnlyDictionary<string, OutputDeclaration> Outputs)
{
    // CloudFormation's own bookkeeping, or for people: no effect on what is made.
    private static readonly string[] WithoutEffect = ["AWSTemplateFormatVersion", "Description", "Metadata"];

    /// <exception cref="DeploymentException">A section, attribute or intrinsic that the lab does not know.</exception>
    public static Template Read(string stack, JsonObject json)
    {
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal);
        var conditions = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        var resources = new Dictionary<string, ResourceDeclaration>(StringComparer.Ordinal);
        var outputs = new Dictionary<string, OutputDeclaration>(StringComparer.Ordinal);
        foreach (var (section, content) in json)
        {
            switch (section)
            {
                case "Parameters":
                    foreach (var (name, declaration) in content!.AsObject())
                    {
                        parameters[name] = ReadParameter($"{stack}: the parameter {name}", declaration!.AsObject());
                    }

                    break;
                case "Conditions":
                    foreach (var (name, condition) in content!.AsObject())
                    {
                        Intrinsics.Check(condition, $"{stack}: the condition {name}");
                        conditions[name] = condition!;
                    }

                    break;
                case "Resources":
                    foreach (var (id, declaration) in content!.AsObject())
                    {
                        resources[id] = ResourceDeclaration.Read($"{stack}: {id}", id, declaration!.AsObject());
                    }

                    break;
                case "Outputs":
                    foreach (var (id, declaration) in content!.AsObject())
                    {
                        outputs[id] = OutputDeclaration.Read($"{stack}: the output {id}", declaration!.AsObject());
                    }

                    break;
                case var other when !WithoutEffect.Contains(other):
                    throw new DeploymentException($"{stack}: the lab does not know the template section {other}.");
            }
        }

        return new Template(parameters, conditions, resources, outputs);
    }

    private static string? ReadParameter(string where, JsonObject declaration)
    {
        foreach (var (attribute, _) in declaration)
        {
            if (attribute is not ("Type" or "Default" or "Description" or "NoEcho"))
            {
                throw new DeploymentException($"{where} has the attribute {attribute}, which the lab does not know.");
            }
        }

        return declaration["Type"]?.ToString() is "String" or "Number"
            ? declaration["Default"]?.ToString()
            : throw new DeploymentException($"{where} has the type {declaration["Type"]}; the lab knows String and Number.");
    }
}
