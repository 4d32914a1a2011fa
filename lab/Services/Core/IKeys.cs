using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services;

/// <summary>What other services ask of KMS: which key does a name mean, and may it be used.</summary>
public interface IKeys
{
    /// <summary>
    /// The key that an id, key ARN, alias name (<c>alias/x</c>) or alias ARN means to an account in a Region.
    /// AWS-managed aliases (<c>alias/aws/…</c>) come into being when first asked for, as in AWS.
    /// </summary>
    /// <returns>Null when there is no such key in that Region; an ARN of another account's key is found, an ARN of another Region's is not.</returns>
    KeyFact? Resolve(string account, string region, string keyIdOrAliasOrArn);
}

/// <summary>A KMS key as another service sees it.</summary>
/// <param name="Arn">The key's ARN (never the alias's).</param>
/// <param name="State">AWS's KeyState: <c>Enabled</c>, <c>Disabled</c>, <c>PendingDeletion</c>.</param>
/// <param name="AwsManaged">True for <c>aws/rds</c> and its like: such a key can never be used by another account.</param>
/// <param name="Policy">The key policy.</param>
public sealed record KeyFact(string Arn, string Account, string Region, string State, bool AwsManaged, PolicyDocument Policy)
{
    public bool Enabled => State == "Enabled";

    /// <summary>Whether the key policy lets an account (its id) use the key through an AWS service: what sharing an encrypted snapshot needs.</summary>
    public bool PolicyAllows(string account) => account == Account || (!AwsManaged && Policy.AllowsAccount(account, "kms:CreateGrant", Arn));

    /// <summary>Refuses unless the caller may do <paramref name="action"/> with the key through a service.</summary>
    /// <param name="service"><c>rds</c></param>
    /// <exception cref="ServiceException">AccessDenied, naming caller, action and key.</exception>
    public void Authorize(CallContext call, string action, string service) => call.Authorize(new AccessRequest(action, Arn)
    {
        ResourcePolicy = Policy,
        ResourceAccount = Account,
        ResourcePolicyDecides = true,
        Conditions = new Dictionary<string, string>
        {
            ["kms:ViaService"] = $"{service}.{Region}.amazonaws.com",
            ["kms:CallerAccount"] = call.Account,
            ["kms:GrantIsForAWSResource"] = "true",
        },
    });
}
