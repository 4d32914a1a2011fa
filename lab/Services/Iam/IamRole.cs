namespace Dbre.Lab.Services.Identity;

/// <summary>A role: who may assume it, and what it may then do.</summary>
public sealed class IamRole(string account, string name, PolicyDocument trust, string? description)
{
    private readonly SortedDictionary<string, PolicyDocument> policies = new(StringComparer.Ordinal);

    public string Account { get; } = account;
    public string Name { get; } = name;
    public string Arn { get; } = $"arn:aws:iam::{account}:role/{name}";
    public PolicyDocument Trust { get; } = trust;
    public string? Description { get; } = description;

    /// <summary>Inline policies by name, and attached AWS-managed ones by ARN.</summary>
    public IReadOnlyDictionary<string, PolicyDocument> Policies => policies;

    internal void Put(string policyName, PolicyDocument policy) => policies[policyName] = policy;

    internal void Remove(string policyName) => policies.Remove(policyName);
}

/// <summary>A user with one access key: an operator of the lab.</summary>
public sealed record IamUser(string Account, string Name, IReadOnlyDictionary<string, PolicyDocument> Policies)
{
    public string Arn => $"arn:aws:iam::{Account}:user/{Name}";
}

/// <summary>A key that signs requests, and who signs with it.</summary>
/// <param name="SessionToken">Null for a user's long-term key.</param>
/// <param name="Expiration">Null for a user's long-term key.</param>
public sealed record AccessKey(string AccessKeyId, string Secret, string? SessionToken, DateTimeOffset? Expiration, Principal Principal)
{
    /// <summary>Never the secret.</summary>
    public override string ToString() => $"{AccessKeyId} of {Principal.Arn}";
}
