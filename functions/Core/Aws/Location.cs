namespace Dbre.Functions.Core.Aws;

/// <summary>Where a resource lives.</summary>
/// <param name="Account">Null is the account that the function runs in.</param>
public sealed record Location(string Region, string? Account = null)
{
    public override string ToString() => Account is null ? Region : $"{Region} of account {Account}";
}
