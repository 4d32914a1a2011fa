namespace Dbre.Lab.Deployment;

/// <summary>How the lab makes one CloudFormation resource type.</summary>
/// <remarks>
/// <see cref="Read"/> only reads: it runs for every resource of every stack, with placeholders for what is not made yet, before anything is
/// made. What it returns does the work.
/// </remarks>
public abstract class ResourceType(string name)
{
    /// <summary><c>AWS::Lambda::Function</c></summary>
    public string Name { get; } = name;

    /// <summary>Reads the properties that this type knows, and returns what makes the resource or brings an older one in line.</summary>
    /// <exception cref="DeploymentException">A property has a value that the lab does not emulate.</exception>
    public abstract Func<ResourceContext, Task<DeployedResource>> Read(Properties properties);

    /// <summary>The result for a resource with attributes.</summary>
    protected DeployedResource Made(string physicalId, params (string Name, string Value)[] attributes) =>
        new(Name, physicalId, attributes.ToDictionary(a => a.Name, a => a.Value, StringComparer.Ordinal));
}
