namespace Dbre.Lab.Deployment;

/// <summary>A stack as it stands in the lab.</summary>
/// <param name="Resources">By logical id.</param>
/// <param name="Outputs">By logical id.</param>
public sealed record DeployedStack(
    string Name, string Account, string Region, IReadOnlyDictionary<string, DeployedResource> Resources, IReadOnlyDictionary<string, string> Outputs);
