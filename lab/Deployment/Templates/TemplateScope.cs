using System.Globalization;
using System.Text.Json.Nodes;

namespace Dbre.Lab.Deployment.Templates;

/// <summary>Resolves the intrinsics of one stack against its parameters, the resources made so far and the exports of other stacks.</summary>
/// <param name="stack">The stack.</param>
/// <param name="parameters">Every parameter's value.</param>
/// <param name="resources">The value of <c>Ref</c> and of each attribute of a resource, by logical id.</param>
/// <param name="import">An export's value by name.</param>
internal sealed class TemplateScope(
    StackArtifact stack, IReadOnlyDictionary<string, string> parameters, Func<string, DeployedResource> resources, Func<string, string> import)
{
    /// <summary>Stands for "leave the property out", <c>AWS::NoValue</c>.</summary>
    private static readonly JsonNode NoValue = new JsonObject();

    public bool Holds(string? condition) => condition is null || Condition(stack.Template.Conditions.TryGetValue(condition, out var declared)
        ? declared
        : throw new DeploymentException($"{stack.Name}: the condition {condition} is not declared."));

    public string Text(JsonNode node) => Resolve(node) is JsonValue value
        ? value.ToString()
        : throw new DeploymentException($"{stack.Name}: {node.ToJsonString()} does not resolve to a text.");

    /// <summary>A copy with every intrinsic replaced by its value.</summary>
    public JsonNode? Resolve(JsonNode? node)
    {
        if (Intrinsics.Of(node) is { } intrinsic)
        {
            return Evaluate(intrinsic.Name, intrinsic.Argument!);
        }

        switch (node)
        {
            case JsonObject map:
                var resolvedMap = new JsonObject();
                foreach (var (name, value) in map)
                {
                    if (Resolve(value) is var resolved && !ReferenceEquals(resolved, NoValue))
                    {
                        resolvedMap[name] = resolved;
                    }
                }

                return resolvedMap;
            case JsonArray list:
                return new JsonArray([.. list.Select(Resolve).Where(item => !ReferenceEquals(item, NoValue))]);
            default:
                return node?.DeepClone();
        }
    }

    private JsonNode? Evaluate(string name, JsonNode argument) => name switch
    {
        "Ref" => argument.ToString() == "AWS::NoValue" ? NoValue : Reference(argument.ToString()),
        "Fn::GetAtt" => argument is JsonArray path
            ? Attribute(path[0]!.ToString(), Text(path[1]!))
            : Attribute(argument.ToString().Split('.', 2)[0], argument.ToString().Split('.', 2)[1]),
        "Fn::Sub" => Sub(argument),
        "Fn::Join" => string.Join(Text(argument[0]!), Texts(argument[1]!)),
        "Fn::Split" => new JsonArray([.. Text(argument[1]!).Split(Text(argument[0]!)).Select(part => (JsonNode)part)]),
        "Fn::Select" => Texts(argument[1]!).ElementAt(int.Parse(Text(argument[0]!), CultureInfo.InvariantCulture)),
        "Fn::ImportValue" => import(Text(argument)),
        "Fn::If" => Resolve(Holds(argument[0]!.ToString()) ? argument[1] : argument[2]),
        _ => throw new DeploymentException($"{stack.Name}: {name} stands where a value belongs; it is for conditions."),
    };

    private List<string> Texts(JsonNode list) => Resolve(list) is JsonArray items
        ? [.. items.Select(item => item!.ToString())]
        : throw new DeploymentException($"{stack.Name}: {list.ToJsonString()} does not resolve to a list.");

    private string Sub(JsonNode argument)
    {
        var variables = argument is JsonArray { Count: 2 } ? argument[1]!.AsObject() : [];
        return Intrinsics.Substitute(
            argument is JsonArray withVariables ? withVariables[0]!.ToString() : argument.ToString(),
            name => variables.TryGetPropertyValue(name, out var value) ? Text(value!)
                : name.Split('.', 2) is [var id, var attribute] ? Attribute(id, attribute)
                : Reference(name));
    }

    private string Reference(string name) => name switch
    {
        "AWS::AccountId" => stack.Account,
        "AWS::Region" => stack.Region,
        "AWS::Partition" => "aws",
        "AWS::URLSuffix" => "amazonaws.com",
        "AWS::StackName" => stack.Name,
        _ when name.StartsWith("AWS::", StringComparison.Ordinal) => throw new DeploymentException($"{stack.Name}: the lab does not know the pseudo parameter {name}."),
        _ when parameters.TryGetValue(name, out var value) => value,
        _ => resources(name).PhysicalId,
    };

    private string Attribute(string id, string name) => resources(id) is var resource && resource.Attributes.TryGetValue(name, out var value)
        ? value
        : throw new DeploymentException($"{stack.Name}: {id} ({resource.Type}) has no attribute {name} in the lab; it has {string.Join(", ", resource.Attributes.Keys)}.");

    private bool Condition(JsonNode condition)
    {
        var (name, argument) = condition.AsObject().Single();
        return name switch
        {
            "Fn::Equals" => Text(argument![0]!) == Text(argument[1]!),
            "Fn::Not" => !Condition(argument![0]!),
            "Fn::And" => argument!.AsArray().All(part => Condition(part!)),
            "Fn::Or" => argument!.AsArray().Any(part => Condition(part!)),
            "Condition" => Holds(argument!.ToString()),
            _ => throw new DeploymentException($"{stack.Name}: {name} is no condition."),
        };
    }
}
