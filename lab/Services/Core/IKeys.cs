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
/// <param name="PolicyAllows">Whether the key policy lets an account (its id) use the key.</param>
public sealed record KeyFact(string Arn, string Account, string Region, string State, bool AwsManaged, Func<string, bool> PolicyAllows)
{
    public bool Enabled => State == "Enabled";
}
