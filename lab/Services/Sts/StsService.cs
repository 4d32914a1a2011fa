using Amazon.SecurityToken.Model;
using Dbre.Lab.Services.Identity;

namespace Dbre.Lab.Services.Sts;

/// <summary>Who am I, and temporary credentials of another role.</summary>
public sealed class StsService : EmulatedService
{
    private const int DefaultSeconds = 3600, MinimumSeconds = 900, MaximumSeconds = 43_200;

    public StsService(World world) : base("sts", world)
    {
        On<GetCallerIdentityRequest, GetCallerIdentityResponse>(GetCallerIdentity);
        On<AssumeRoleRequest, AssumeRoleResponse>(AssumeRole);
    }

    // AWS needs no permission for this one and lets nobody forbid it.
    private GetCallerIdentityResponse GetCallerIdentity(CallContext call, GetCallerIdentityRequest request) => new()
    {
        Account = call.Account,
        Arn = call.PrincipalArn,
        UserId = UserId(call.PrincipalArn),
    };

    private AssumeRoleResponse AssumeRole(CallContext call, AssumeRoleRequest request)
    {
        Parameters.Refuse(request, nameof(request.RoleArn), nameof(request.RoleSessionName), nameof(request.DurationSeconds), nameof(request.ExternalId));
        var seconds = request.DurationSeconds ?? DefaultSeconds;
        if (seconds is < MinimumSeconds or > MaximumSeconds)
        {
            throw new ServiceException("ValidationError", $"DurationSeconds must be between {MinimumSeconds} and {MaximumSeconds}, not {seconds}.");
        }

        if (Arn.TryParse(request.RoleArn) is not { Service: "iam" } arn || !arn.Resource.StartsWith("role/", StringComparison.Ordinal))
        {
            throw new ServiceException("ValidationError", $"{request.RoleArn} is invalid");
        }

        // AWS does not tell a role that is not there from one that does not trust the caller.
        var conditions = new Dictionary<string, string> { ["sts:RoleSessionName"] = request.RoleSessionName };
        if (request.ExternalId is { } externalId)
        {
            conditions["sts:ExternalId"] = externalId;
        }

        call.Authorize(new AccessRequest("sts:AssumeRole", request.RoleArn)
        {
            ResourcePolicy = World.Iam.FindRole(request.RoleArn)?.Trust ?? TrustsNobody,
            ResourceAccount = arn.Account,
            ResourcePolicyDecides = true,
            Conditions = conditions,
        });
        var key = World.Iam.IssueCredentials(request.RoleArn, request.RoleSessionName, TimeSpan.FromSeconds(seconds));
        return new AssumeRoleResponse
        {
            AssumedRoleUser = new AssumedRoleUser { Arn = key.Principal.Arn, AssumedRoleId = $"{UserId(request.RoleArn)}:{request.RoleSessionName}" },
            Credentials = new Credentials
            {
                AccessKeyId = key.AccessKeyId, SecretAccessKey = key.Secret, SessionToken = key.SessionToken, Expiration = key.Expiration?.UtcDateTime,
            },
        };
    }

    private static PolicyDocument TrustsNobody { get; } = new([], "");

    // The lab's ids say what they are of; AWS's are opaque.
    private static string UserId(string arn) => "AIDA" + string.Concat(arn.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant()[^17..];
}
