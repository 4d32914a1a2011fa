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
    /// <returns>The stacks by name.</returns>
    /// <exception cref="DeploymentException">A service refused a resource, or one that is there is no longer planned.</exception>
    public async Task<IReadOnlyDictionary<string, DeployedStack>> Deploy(DeploymentPlan plan)
    {
        foreach (var planned in plan.Stacks)
        {
            await Deploy(planned).ConfigureAwait(false);
        }

        return Stacks;
    }

    private async Task Deploy(PlannedStack planned)
    {
        var stack = planned.Stack;
        var before = stacks.GetValueOrDefault(stack.Name)?.Resources;
        var made = new Dictionary<string, DeployedResource>(StringComparer.Ordinal);
        var scope = new TemplateScope(stack, planned.Parameters, id => made[id], name => exports.TryGetValue((stack.Account, stack.Region, name), out var value)
            ? value
            : throw new DeploymentException($"{stack.Name}: no stack of account {stack.Account} in {stack.Region} exports {name}."));
        if (before?.Keys.FirstOrDefault(id => planned.Resources.All(resource => resource.LogicalId != id)) is { } gone)
        {
            throw new DeploymentException($"{stack.Name}: {gone} ({before[gone].Type}) is there and no longer in the template; the lab does not remove resources: begin anew with dbre lab down.");
        }

        foreach (var resource in planned.Resources)
        {
            var values = scope.Resolve(resource.Properties)!.AsObject();
            made[resource.LogicalId] = await Deploy(stack, resource, values, before?.GetValueOrDefault(resource.LogicalId)).ConfigureAwait(false);
        }

        stacks[stack.Name] = new DeployedStack(stack.Name, stack.Account, stack.Region, made, Outputs(stack, scope));
    }

    private async Task<DeployedResource> Deploy(StackArtifact stack, ResourceDeclaration resource, JsonObject values, DeployedResource? before)
    {
        if (before is not null && before.Type == resource.Type && JsonNode.DeepEquals(before.MadeFrom, values))
        {
            return before;
        }

        var make = DeploymentPlan.Read(stack, resource, values);
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
