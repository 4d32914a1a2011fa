using System.Text.Json;

namespace Dbre.Lab.Services.Identity;

/// <summary>One line of a Condition block: an operator, a key and the values of which one must match.</summary>
public sealed record PolicyCondition(string Operator, string Key, IReadOnlyList<string> Values)
{
    // A key that no request ever carries would make a statement that never matches, silently: such a key is refused when the policy is made.
    private static readonly HashSet<string> KnownKeys = new(StringComparer.OrdinalIgnoreCase)
    {
        "aws:PrincipalArn", "aws:PrincipalAccount", "aws:RequestedRegion", "aws:ResourceAccount", "aws:SecureTransport",
        "aws:SourceArn", "aws:SourceAccount", "aws:PrincipalIsAWSService",
        "iam:PassedToService", "sts:ExternalId", "sts:RoleSessionName", "kms:ViaService", "kms:CallerAccount", "kms:GrantIsForAWSResource",
        "s3:x-amz-server-side-encryption", "cloudwatch:namespace", "sns:Protocol", "sns:Endpoint", "states:StateMachineQualifier",
    };

    internal static IReadOnlyList<PolicyCondition> Read(JsonElement block)
    {
        var conditions = new List<PolicyCondition>();
        foreach (var comparison in block.EnumerateObject())
        {
            foreach (var line in comparison.Value.EnumerateObject())
            {
                conditions.Add(new PolicyCondition(KnownOperator(comparison.Name), KnownKey(line.Name), PolicyStatement.Texts(line.Value)));
            }
        }

        return conditions;
    }

    internal bool Holds(IReadOnlyDictionary<string, string> values)
    {
        var present = values.TryGetValue(Key, out var value);
        return Operator switch
        {
            "Null" => Values.Any(v => bool.Parse(v) == !present),
            _ when !present => Operator is "StringNotEquals" or "StringNotLike" or "ArnNotEquals" or "ArnNotLike",
            "StringEquals" => Values.Contains(value, StringComparer.Ordinal),
            "StringNotEquals" => !Values.Contains(value, StringComparer.Ordinal),
            "Bool" => Values.Contains(value, StringComparer.OrdinalIgnoreCase),
            "StringNotLike" or "ArnNotEquals" or "ArnNotLike" => !Values.Any(v => Wildcard.Matches(v, value)),
            _ => Values.Any(v => Wildcard.Matches(v, value)),
        };
    }

    private static string KnownOperator(string name) => name switch
    {
        "StringEquals" or "StringNotEquals" or "StringLike" or "StringNotLike" or "ArnEquals" or "ArnNotEquals" or "ArnLike" or "ArnNotLike" or "Bool" or "Null" => name,
        _ => throw PolicyDocument.Malformed(
            $"The condition operator {name} is not evaluated here; handled are StringEquals, StringNotEquals, StringLike, StringNotLike, ArnEquals, ArnNotEquals, ArnLike, ArnNotLike, Bool and Null."),
    };

    private static string KnownKey(string name) => KnownKeys.Contains(name)
        ? name
        : throw PolicyDocument.Malformed($"The condition key {name} is not evaluated here; handled are {string.Join(", ", KnownKeys.Order(StringComparer.Ordinal))}.");
}
