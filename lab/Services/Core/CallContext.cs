namespace Dbre.Lab.Services;

/// <summary>Who calls which service in which account and Region, and what it may do.</summary>
/// <param name="Account">The account of the caller's credentials: resources are looked up and made there.</param>
/// <param name="Region">From the credential scope.</param>
/// <param name="PrincipalArn">The role (assumed-role session) or user ARN.</param>
/// <param name="Permissions">What the principal may do; refuses with AccessDenied, naming principal, action and resource.</param>
/// <param name="RequestId">For the response and the log.</param>
public sealed record CallContext(string Account, string Region, string PrincipalArn, IPermissions Permissions, string RequestId)
{
    /// <summary>Every operation calls this first, once per action it needs, with the ARNs of what it touches ("*" where AWS has no resource scope).</summary>
    /// <exception cref="ServiceException">AccessDenied (AWS's wording) when the principal's policies do not allow it.</exception>
    public void Authorize(string action, params ReadOnlySpan<string> resources)
    {
        foreach (var resource in resources)
        {
            Permissions.Demand(this, action, resource);
        }
    }

    /// <summary>As above, for a resource that has a policy of its own, or a request with condition keys of its own.</summary>
    public void Authorize(AccessRequest request) => Permissions.Demand(this, request);
}
