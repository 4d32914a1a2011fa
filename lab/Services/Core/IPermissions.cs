namespace Dbre.Lab.Services;

/// <summary>The IAM evaluation behind <see cref="CallContext.Authorize"/>; it records each permission that was used.</summary>
public interface IPermissions
{
    void Demand(CallContext call, string action, string resource);
}
