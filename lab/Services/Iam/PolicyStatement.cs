using System.Text.Json;

namespace Dbre.Lab.Services.Identity;

/// <summary>One statement of a policy.</summary>
/// <param name="Index">Its place in the document, from 0.</param>
/// <param name="Allow">False for Deny.</param>
/// <param name="Actions">Patterns such as <c>rds:Describe*</c>; compared without case, as IAM does.</param>
/// <param name="Resources">ARN patterns; empty in a trust policy, where the role itself is meant.</param>
/// <param name="Principals">Who is meant; null in an identity policy.</param>
public sealed record PolicyStatement(
    int Index, string? Sid, bool Allow, IReadOnlyList<string> Actions, IReadOnlyList<string> Resources,
    PrincipalSet? Principals, IReadOnlyList<PolicyCondition> Conditions)
{
    internal static PolicyStatement Read(JsonElement json, int index)
    {
        string? sid = null;
        bool? allow = null;
        IReadOnlyList<string> actions = [], resources = [];
        PrincipalSet? principals = null;
        IReadOnlyList<PolicyCondition> conditions = [];
        foreach (var element in json.EnumerateObject())
        {
            switch (element.Name)
            {
                case "Sid": sid = element.Value.GetString(); break;
                case "Effect": allow = ReadEffect(element.Value.GetString()); break;
                case "Action": actions = Texts(element.Value); break;
                case "Resource": resources = [.. Texts(element.Value).Select(NoVariables)]; break;
                case "Principal": principals = PrincipalSet.Read(element.Value); break;
                case "Condition": conditions = PolicyCondition.Read(element.Value); break;
                default:
                    throw PolicyDocument.Malformed(
                        $"Statement {index}: the element {element.Name} is not evaluated here; handled are Sid, Effect, Action, Resource, Principal and Condition.");
            }
        }

        if (actions.Count == 0)
        {
            throw PolicyDocument.Malformed($"Statement {index} has no Action.");
        }

        return new PolicyStatement(
            index, sid, allow ?? throw PolicyDocument.Malformed($"Statement {index} has no Effect."), actions, resources, principals, conditions);
    }

    /// <summary>The first action pattern that covers an action, or null.</summary>
    internal string? ActionFor(string action)
    {
        foreach (var pattern in Actions)
        {
            if (Wildcard.Matches(pattern, action, ignoreCase: true))
            {
                return pattern;
            }
        }

        return null;
    }

    internal bool CoversResource(string resource)
    {
        if (Resources.Count == 0)
        {
            return Principals is not null;
        }

        foreach (var pattern in Resources)
        {
            if (Wildcard.Matches(pattern, resource))
            {
                return true;
            }
        }

        return false;
    }

    internal bool ConditionsHold(IReadOnlyDictionary<string, string> values)
    {
        foreach (var condition in Conditions)
        {
            if (!condition.Holds(values))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A JSON string, or an array of strings.</summary>
    internal static IReadOnlyList<string> Texts(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => [.. json.EnumerateArray().Select(Text)],
        _ => [Text(json)],
    };

    private static string Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => json.GetRawText(),
        _ => throw PolicyDocument.Malformed($"Expected text in the policy, found {json.GetRawText()}."),
    };

    private static string NoVariables(string resource) => resource.Contains("${", StringComparison.Ordinal)
        ? throw PolicyDocument.Malformed($"Policy variables are not evaluated here: {resource}.")
        : resource;

    private static bool ReadEffect(string? effect) => effect switch
    {
        "Allow" => true,
        "Deny" => false,
        _ => throw PolicyDocument.Malformed($"The Effect '{effect}' must be Allow or Deny."),
    };
}
