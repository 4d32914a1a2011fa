using System.Text.Json.Nodes;

using Dbre.Lab.Deployment.Templates;

namespace Dbre.Lab.Deployment;

/// <summary>
/// A cloud assembly that can be deployed: read, every resource known to the lab, in the order in which they are made. It depends on no world and
/// never changes, so that thousands of simulated worlds are deployed from one.
/// </summary>
/// <param name="Stacks">Those that others depend on first.</param>
public sealed record DeploymentPlan(IReadOnlyList<PlannedStack> Stacks)
{
    /// <param name="folder">The folder with <c>manifest.json</c>.</param>
    /// <param name="parameters">Values for the stacks' parameters, by name; a name applies to each stack that declares it.</param>
    /// <exception cref="DeploymentException">The assembly has something that the lab does not know, or a parameter has no value.</exception>
    public static DeploymentPlan Read(string folder, IReadOnlyDictionary<string, string> parameters)
    {
        var assembly = CloudAssembly.Read(folder);
        return parameters.Keys.FirstOrDefault(name => !assembly.Stacks.Any(stack => stack.Template.Parameters.ContainsKey(name))) is { } unknown
            ? throw new DeploymentException($"No stack of {folder} declares the parameter {unknown}.")
            : new DeploymentPlan([.. assembly.Stacks.Select(stack => Plan(stack, ParametersOf(stack, parameters)))]);
    }

    /// <summary>Reads a resource's properties, each of which the lab must know, and gives what makes it.</summary>
    internal static Func<ResourceContext, Task<DeployedResource>> Read(StackArtifact stack, ResourceDeclaration resource, JsonObject values)
    {
        var type = ResourceTypes.Find(resource.Type) ?? throw new DeploymentException(
            $"{stack.Name}: {resource.LogicalId} has the type {resource.Type}, which the lab does not know; it knows {string.Join(", ", ResourceTypes.Names)}.");
        var properties = new Properties($"{stack.Name}: {resource.LogicalId} ({resource.Type})", "", values);
        var make = type.Read(properties);
        properties.RefuseUnread();
        return make;
    }

    /// <summary>Reads every resource with placeholders for what is not made yet, so that what cannot be deployed is told before anything is.</summary>
    private static PlannedStack Plan(StackArtifact stack, Dictionary<string, string> parameters)
    {
        var scope = new TemplateScope(stack, parameters, id => Placeholder(stack, id), _ => "import");
        var wanted = stack.Template.Resources.Where(resource => scope.Holds(resource.Value.Condition)).ToDictionary(StringComparer.Ordinal);
        foreach (var resource in wanted.Values)
        {
            _ = Read(stack, resource, scope.Resolve(resource.Properties)!.AsObject());
        }

        var ordered = Ordering.DependenciesFirst(wanted.Keys, id => wanted[id].DependsOn.Where(wanted.ContainsKey), $"resources of {stack.Name}");
        return new PlannedStack(stack, parameters, [.. ordered.Select(id => wanted[id])]);
    }

    private static DeployedResource Placeholder(StackArtifact stack, string id) => stack.Template.Resources.TryGetValue(id, out var declared)
        ? new DeployedResource(declared.Type, id, new AnyAttribute(id))
        : throw new DeploymentException($"{stack.Name}: {id} is referred to, but is no resource or parameter of the template.");

    private static Dictionary<string, string> ParametersOf(StackArtifact stack, IReadOnlyDictionary<string, string> given) =>
        stack.Template.Parameters.ToDictionary(parameter => parameter.Key, parameter => given.GetValueOrDefault(parameter.Key) ?? parameter.Value
            ?? throw new DeploymentException($"{stack.Name}: the parameter {parameter.Key} has no default and needs a value."), StringComparer.Ordinal);
}

/// <summary>One stack of a plan.</summary>
/// <param name="Parameters">Every parameter's value.</param>
/// <param name="Resources">Those whose condition holds, in the order in which they are made.</param>
public sealed record PlannedStack(StackArtifact Stack, IReadOnlyDictionary<string, string> Parameters, IReadOnlyList<ResourceDeclaration> Resources);
