namespace Dbre.Lab.Services.Identity;

/// <summary>
/// What one principal may do. Identity policies and the resource's policy combine as in AWS: within an account either may allow, across
/// accounts both must, a KMS key's policy must always take part, and an explicit deny anywhere ends it.
/// </summary>
internal sealed class PrincipalPermissions(
    Principal principal, Func<IReadOnlyDictionary<string, PolicyDocument>> policies, PermissionLedger ledger, World world) : IPermissions
{
    internal Principal Principal => principal;

    public void Demand(CallContext call, string action, string resource) => Demand(call, new AccessRequest(action, resource));

    public void Demand(CallContext call, AccessRequest request)
    {
        var values = Values(call, request);
        lock (world.Gate)
        {
            var identity = PolicyEvaluation.Identity(policies(), request.Action, request.Resource, values);
            if (Refusal(identity, request, values) is { } because)
            {
                var message = $"User: {principal.Arn} is not authorized to perform: {request.Action} on resource: {request.Resource} {because}";
                ledger.Deny(new Denial(world.Now, principal.Arn, request.Action, request.Resource, message));
                throw new ServiceException(ServiceErrors.AccessDenied, message, 403);
            }

            if (identity.Allowed)
            {
                ledger.Use(new UsedPermission(
                    principal.PolicyOwner, identity.Policy!, identity.Statement!.Index, identity.ActionPattern!, request.Action, request.Resource));
            }
        }
    }

    /// <returns>Null when the request is allowed, else the end of AWS's sentence.</returns>
    private string? Refusal(Verdict identity, AccessRequest request, IReadOnlyDictionary<string, string> values)
    {
        if (identity.Denied)
        {
            return "with an explicit deny in an identity-based policy";
        }

        var (denied, mention) = request.ResourcePolicy is { } policy
            ? PolicyEvaluation.Resource(policy, principal, request.Action, request.Resource, values)
            : (false, Mention.None);
        if (denied)
        {
            return "with an explicit deny in a resource-based policy";
        }

        var foreign = request.ResourceAccount is { } owner && owner != principal.Account;
        if (principal.Service is not null || ((foreign || request.ResourcePolicyDecides) && mention == Mention.None))
        {
            return mention == Mention.None ? $"because no resource-based policy allows the {request.Action} action" : null;
        }

        return identity.Allowed || (mention == Mention.ByName && !foreign)
            ? null
            : $"because no identity-based policy allows the {request.Action} action";
    }

    private Dictionary<string, string> Values(CallContext call, AccessRequest request)
    {
        var values = new Dictionary<string, string>(request.Conditions, StringComparer.OrdinalIgnoreCase)
        {
            ["aws:PrincipalArn"] = principal.PolicyOwner,
            ["aws:PrincipalAccount"] = principal.Account,
            ["aws:RequestedRegion"] = call.Region,
            ["aws:ResourceAccount"] = request.ResourceAccount ?? principal.Account,
            // The lab stands for AWS's TLS endpoints; its loopback port is no statement about the caller.
            ["aws:SecureTransport"] = "true",
            ["aws:PrincipalIsAWSService"] = principal.Service is null ? "false" : "true",
        };
        if (principal.Service is not null)
        {
            values["aws:SourceAccount"] = principal.Account;
            if (principal.SourceArn is { } source)
            {
                values["aws:SourceArn"] = source;
            }
        }

        return values;
    }
}
