namespace Dbre.Lab.Services;

/// <summary>The IAM evaluation behind <see cref="CallContext.Authorize(string, ReadOnlySpan{string})"/>; it records each permission that was used.</summary>
public interface IPermissions
{
    void Demand(CallContext call, string action, string resource);

    /// <summary>As above, with the resource's own policy and further condition keys.</summary>
    void Demand(CallContext call, AccessRequest request) => Demand(call, request.Action, request.Resource);
}
