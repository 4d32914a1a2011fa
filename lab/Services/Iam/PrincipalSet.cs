using System.Text.Json;

namespace Dbre.Lab.Services.Identity;

/// <summary>The Principal element of a resource or trust policy.</summary>
/// <param name="Anyone"><c>"*"</c></param>
/// <param name="Aws">Account ids, account root ARNs, role, user and session ARNs.</param>
/// <param name="Services"><c>lambda.amazonaws.com</c></param>
public sealed record PrincipalSet(bool Anyone, IReadOnlyList<string> Aws, IReadOnlyList<string> Services)
{
    internal static PrincipalSet Read(JsonElement json)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            return json.GetString() == "*"
                ? new PrincipalSet(true, [], [])
                : throw PolicyDocument.Malformed($"The Principal '{json.GetString()}' must be \"*\" or an object.");
        }

        IReadOnlyList<string> aws = [], services = [];
        foreach (var kind in json.EnumerateObject())
        {
            switch (kind.Name)
            {
                case "AWS": aws = PolicyStatement.Texts(kind.Value); break;
                case "Service": services = PolicyStatement.Texts(kind.Value); break;
                default: throw PolicyDocument.Malformed($"The principal kind {kind.Name} is not evaluated here; handled are AWS and Service.");
            }
        }

        return new PrincipalSet(aws.Contains("*"), aws, services);
    }

    /// <summary>How the set means a principal: itself by name, only its whole account, or not at all.</summary>
    internal Mention Of(Principal principal)
    {
        if (principal.Service is { } service)
        {
            return Anyone || Services.Contains(service) ? Mention.ByName : Mention.None;
        }

        if (Anyone || Aws.Contains(principal.Arn) || (principal.RoleArn is { } role && Aws.Contains(role)))
        {
            return Mention.ByName;
        }

        return MeansAccount(principal.Account) ? Mention.ByAccount : Mention.None;
    }

    /// <summary>Whether a whole account is named, by id or by its root's ARN.</summary>
    internal bool MeansAccount(string account) => Anyone || Aws.Contains(account) || Aws.Contains($"arn:aws:iam::{account}:root");
}

/// <summary>How a Principal element means somebody.</summary>
public enum Mention
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Through its account: then its own policies must allow as well.</summary>
    ByAccount,

    /// <summary>By its own ARN or service name, or everyone.</summary>
    ByName,
}
