using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;

namespace Dbre.Functions.Core.Aws;

/// <summary>Credentials of the role that another account grants, asked for again before they expire.</summary>
internal sealed class TargetAccountCredentials(IAmazonSecurityTokenService sts, string account) : RefreshingAWSCredentials
{
    /// <summary>The role that a target account grants to this project's functions.</summary>
    private const string Role = "dbre-copy-target";

    protected override CredentialsRefreshState GenerateNewCredentials() => GenerateNewCredentialsAsync().GetAwaiter().GetResult();

    protected override async Task<CredentialsRefreshState> GenerateNewCredentialsAsync()
    {
        var granted = (await sts.AssumeRoleAsync(
            new AssumeRoleRequest { RoleArn = $"arn:aws:iam::{account}:role/{Role}", RoleSessionName = "dbre-copy" }).ConfigureAwait(false)).Credentials;
        return new CredentialsRefreshState(
            new ImmutableCredentials(granted.AccessKeyId, granted.SecretAccessKey, granted.SessionToken), granted.Expiration!.Value.ToUniversalTime());
    }
}
