using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Dbre.Lab.Deployment.Templates;

/// <summary>CloudFormation's intrinsic functions: those that the lab resolves, and what they refer to.</summary>
internal static partial class Intrinsics
{
    private static readonly string[] Known =
        ["Ref", "Fn::GetAtt", "Fn::Sub", "Fn::Join", "Fn::Select", "Fn::Split", "Fn::ImportValue", "Fn::If", "Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not", "Condition"];

    /// <summary>The name and argument of an intrinsic, if a node is one.</summary>
    public static (string Name, JsonNode? Argument)? Of(JsonNode? node) =>
        node is JsonObject { Count: 1 } single && single.First() is var (name, argument) && (name == "Ref" || name.StartsWith("Fn::", StringComparison.Ordinal))
            ? (name, argument)
            : null;

    /// <exception cref="DeploymentException">An intrinsic that the lab does not resolve; it is named.</exception>
    public static void Check(JsonNode? node, string where)
    {
        if (Of(node) is { } intrinsic && !Known.Contains(intrinsic.Name))
        {
            throw new DeploymentException($"{where} uses the intrinsic {intrinsic.Name}, which the lab does not know; it knows {string.Join(", ", Known)}.");
        }

        foreach (var child in Children(node))
        {
            Check(child, where);
        }
    }

    /// <summary>The logical ids that a node refers to; parameters and pseudo parameters may be among them.</summary>
    public static IEnumerable<string> References(JsonNode? node) => Of(node) switch
    {
        ("Ref", var name) => [name!.ToString()],
        ("Fn::GetAtt", JsonArray path) => [path[0]!.ToString()],
        ("Fn::GetAtt", var path) => [path!.ToString().Split('.')[0]],
        ("Fn::Sub", JsonArray withVariables) => Names(withVariables[0]!.ToString()).Except(withVariables[1]!.AsObject().Select(v => v.Key)).Concat(References(withVariables[1])),
        ("Fn::Sub", var text) => Names(text!.ToString()),
        _ => Children(node).SelectMany(References),
    };

    public static string Substitute(string text, Func<string, string> value) =>
        Placeholder().Replace(text, match => match.Groups["literal"].Success ? $"${{{match.Groups["literal"].Value}}}" : value(match.Groups["name"].Value));

    private static IEnumerable<string> Names(string text) =>
        Placeholder().Matches(text).Where(match => match.Groups["name"].Success).Select(match => match.Groups["name"].Value.Split('.')[0]);

    private static IEnumerable<JsonNode?> Children(JsonNode? node) => node switch
    {
        JsonObject map => map.Select(field => field.Value),
        JsonArray list => list,
        _ => [],
    };

    // ${!Literal} is how Fn::Sub writes ${Literal}.
    [GeneratedRegex(@"\$\{(?:!(?<literal>[^}]*)|(?<name>[^}]*))\}")]
    private static partial Regex Placeholder();
}
