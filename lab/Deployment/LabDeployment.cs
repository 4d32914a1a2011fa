using System.Text.Json.Nodes;

using Dbre.Lab.Deployment.Templates;
using Dbre.Lab.Services;

namespace Dbre.Lab.Deployment;

/// <summary>
/// Does what CloudFormation does with the stacks of a cloud assembly, in the emulated cloud: the resources come into being by the same
/// service operations, in the order of their references. A type, property or intrinsic that the lab does not know is refused by name
/// before anything is made.
/// </summary>
/// <remarks>It keeps what it made, so that a second deployment through the same instance changes only what is different.</remarks>
public sealed class LabDeployment(World world)
{
    private readonly Dictionary<string, DeployedStack> stacks = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Account, string Region, string Name), string> exports = [];
    private readonly Dictionary<string, string> administrators = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, DeployedStack> Stacks => stacks;

    /// <summary>Deploys every stack of a cloud assembly.</summary>
    /// <param name="folder">The folder with <c>manifest.json</c>.</param>
    /// <param name="parameters">Values for the stacks' parameters, by name; a name applies to each stack that declares it.</param>
    /// <returns>The stacks by name.</returns>
    /// <exception cref="DeploymentException">The assembly has something that the lab does not know, or a service refused a resource.</exception>
    public async Task<IReadOnlyDictionary<string, DeployedStack>> Deploy(string folder, IReadOnlyDictionary<string, string> parameters)
    {
        var assembly = CloudAssembly.Read(folder);
        if (parameters.Keys.FirstOrDefault(name => !assembly.Stacks.Any(stack => stack.Template.Parameters.ContainsKey(name))) is { } unknown)
        {
            throw new DeploymentException($"No stack of {folder} declares the parameter {unknown}.");
        }

        foreach (var stack in assembly.Stacks)
        {
            Check(stack, ParametersOf(stack, parameters));
        }

        foreach (var stack in assembly.Stacks)
        {
            await Deploy(stack, ParametersOf(stack, parameters)).ConfigureAwait(false);
        }

        return Stacks;
    }

    private static Dictionary<string, string> ParametersOf(StackArtifact stack, IReadOnlyDictionary<string, string> given) =>
        stack.Template.Parameters.ToDictionary(parameter => parameter.Key, parameter => given.GetValueOrDefault(parameter.Key) ?? parameter.Value
            ?? throw new DeploymentException($"{stack.Name}: the parameter {parameter.Key} has no default and needs a value."), StringComparer.Ordinal);

    /// <summary>Reads every resource with placeholders for what is not made yet, so that what cannot be deployed is told before anything is.</summary>
    private static void Check(StackArtifact stack, Dictionary<string, string> parameters)
    {
        var scope = new TemplateScope(stack, parameters, id => Placeholder(stack, id), _ => "import");
        foreach (var resource in stack.Template.Resources.Values.Where(resource => scope.Holds(resource.Condition)))
        {
            _ = Read(stack, resource, scope.Resolve(resource.Properties)!.AsObject());
        }
    }

    private static DeployedResource Placeholder(StackArtifact stack, string id) => stack.Template.Resources.TryGetValue(id, out var declared)
        ? new DeployedResource(declared.Type, id, new AnyAttribute(id))
        : throw new DeploymentException($"{stack.Name}: {id} is referred to, but is no resource or parameter of the template.");

    private static Func<ResourceContext, Task<DeployedResource>> Read(StackArtifact stack, ResourceDeclaration resource, JsonObject values)
    {
        var type = ResourceTypes.Find(resource.Type) ?? throw new DeploymentException(
            $"{stack.Name}: {resource.LogicalId} has the type {resource.Type}, which the lab does not know; it knows {string.Join(", ", ResourceTypes.Names)}.");
        var properties = new Properties($"{stack.Name}: {resource.LogicalId} ({resource.Type})", "", values);
        var make = type.Read(properties);
        properties.RefuseUnread();
        return make;
    }

    private async Task Deploy(StackArtifact stack, Dictionary<string, string> parameters)
    {
        var before = stacks.GetValueOrDefault(stack.Name)?.Resources;
        var made = new Dictionary<string, DeployedResource>(StringComparer.Ordinal);
        var scope = new TemplateScope(stack, parameters, id => made[id], name => exports.TryGetValue((stack.Account, stack.Region, name), out var value)
            ? value
            : throw new DeploymentException($"{stack.Name}: no stack of account {stack.Account} in {stack.Region} exports {name}."));
        var wanted = stack.Template.Resources.Where(resource => scope.Holds(resource.Value.Condition)).ToDictionary();
        if (before?.Keys.FirstOrDefault(id => !wanted.ContainsKey(id)) is { } gone)
        {
            throw new DeploymentException($"{stack.Name}: {gone} ({before[gone].Type}) is there and no longer in the template; the lab does not remove resources: begin anew with dbre lab down.");
        }

        foreach (var id in Ordering.DependenciesFirst(wanted.Keys, id => wanted[id].DependsOn.Where(wanted.ContainsKey), $"resources of {stack.Name}"))
        {
            var values = scope.Resolve(wanted[id].Properties)!.AsObject();
            made[id] = await Deploy(stack, wanted[id], values, before?.GetValueOrDefault(id)).ConfigureAwait(false);
        }

        stacks[stack.Name] = new DeployedStack(stack.Name, stack.Account, stack.Region, made, Outputs(stack, scope));
    }

    private async Task<DeployedResource> Deploy(StackArtifact stack, ResourceDeclaration resource, JsonObject values, DeployedResource? before)
    {
        if (before is not null && before.Type == resource.Type && JsonNode.DeepEquals(before.MadeFrom, values))
        {
            return before;
        }

        var make = Read(stack, resource, values);
        try
        {
            var made = await make(new ResourceContext(world, Administrator(stack), stack, resource.LogicalId, before)).ConfigureAwait(false);
            return made with { MadeFrom = values };
        }
        catch (ServiceException refused)
        {
            throw new DeploymentException($"{stack.Name}: {resource.LogicalId} ({resource.Type}) was refused: {refused.Code}: {refused.Message}", refused);
        }
    }

    private Dictionary<string, string> Outputs(StackArtifact stack, TemplateScope scope)
    {
        var outputs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, output) in stack.Template.Outputs.Where(output => scope.Holds(output.Value.Condition)))
        {
            outputs[id] = scope.Text(output.Value);
            if (output.ExportName is { } name)
            {
                exports[(stack.Account, stack.Region, scope.Text(name))] = outputs[id];
            }
        }

        return outputs;
    }

    /// <summary>The one who deploys, as CloudFormation's execution role does: an administrator of the account.</summary>
    private CallContext Administrator(StackArtifact stack)
    {
        if (!administrators.TryGetValue(stack.Account, out var arn))
        {
            arn = world.Iam.CreateUser(stack.Account, "cloudformation", "AKIA" + world.NewToken(16), world.NewToken(40)).Arn;
            administrators.Add(stack.Account, arn);
        }

        return world.Iam.ContextForUser(arn, stack.Region);
    }
}
