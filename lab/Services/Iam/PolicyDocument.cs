using System.Text.Json;

namespace Dbre.Lab.Services.Identity;

/// <summary>An IAM policy: identity, trust or resource policy. Elements that the lab does not evaluate are refused when it is made, by name.</summary>
public sealed record PolicyDocument(IReadOnlyList<PolicyStatement> Statements, string Json)
{
    /// <summary>Everything on everything: an administrator's.</summary>
    public static PolicyDocument Administrator { get; } =
        Parse("""{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}""");

    /// <param name="json">The document as AWS takes it.</param>
    /// <exception cref="ServiceException">MalformedPolicyDocument, naming the element.</exception>
    public static PolicyDocument Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, json);
        }
        catch (JsonException e)
        {
            throw Malformed($"The policy is not JSON: {e.Message}");
        }
    }

    /// <summary>Whether a resource policy lets anybody of an account do an action: the account as a whole, or some principal in it.</summary>
    /// <remarks>Conditions on who asks and through what are taken as met; a Deny that names the account wins.</remarks>
    public bool AllowsAccount(string account, string action, string resource)
    {
        var meant = Statements.Where(s => s.ActionFor(action) is not null && s.CoversResource(resource) && s.Principals is { } who
            && (who.MeansAccount(account) || who.Aws.Any(a => Arn.TryParse(a)?.Account == account))).ToList();
        return meant.Count > 0 && meant.TrueForAll(s => s.Allow);
    }

    internal static ServiceException Malformed(string message) => new("MalformedPolicyDocument", message);

    private static PolicyDocument Read(JsonElement root, string json)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw Malformed("The policy must be a JSON object.");
        }

        foreach (var property in root.EnumerateObject())
        {
            if (property.Name is not ("Version" or "Id" or "Statement"))
            {
                throw Malformed($"The policy element {property.Name} is not known; a policy has Version, Id and Statement.");
            }
        }

        if (root.TryGetProperty("Version", out var version) && version.GetString() != "2012-10-17")
        {
            throw Malformed($"The policy Version {version.GetString()} is not evaluated; use 2012-10-17.");
        }

        if (!root.TryGetProperty("Statement", out var statement))
        {
            throw Malformed("The policy has no Statement.");
        }

        var statements = statement.ValueKind == JsonValueKind.Array
            ? statement.EnumerateArray().Select(PolicyStatement.Read).ToList()
            : [PolicyStatement.Read(statement, 0)];
        return new PolicyDocument(statements, json);
    }
}
