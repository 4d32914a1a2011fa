using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Dbre.Functions.Core.Aws;

/// <summary>Credentials of the role that another account grants, asked for again before they expire.</summary>
internal sealed class TargetAccountCredentials(IAmazonSecurityTokenService sts, string account, TimeProvider clock) : AWSCredentials
{
    /// <summary>The role that a target account grants to this project's functions.</summary>
    private const string Role = "dbre-copy-target";

    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private (ImmutableCredentials Key, DateTimeOffset Expires)? held;

    public override ImmutableCredentials GetCredentials() => GetCredentialsAsync().GetAwaiter().GetResult();

    public override async Task<ImmutableCredentials> GetCredentialsAsync()
    {
        // Two calls at once may both ask: each gets credentials that hold.
        if (held is not { } now || clock.GetUtcNow() >= now.Expires - Margin)
        {
            var granted = (await sts.AssumeRoleAsync(
                new AssumeRoleRequest { RoleArn = $"arn:aws:iam::{account}:role/{Role}", RoleSessionName = "dbre-copy" }).ConfigureAwait(false)).Credentials;
            held = now = (
                new ImmutableCredentials(granted.AccessKeyId, granted.SecretAccessKey, granted.SessionToken),
                new DateTimeOffset(granted.Expiration!.Value.ToUniversalTime()));
        }

        return now.Key;
    }
}
