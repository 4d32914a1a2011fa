using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Lab.Deployment.Templates;

namespace Dbre.Lab.Deployment;

/// <summary>A folder that the CDK app wrote: stacks with their environments, templates and assets.</summary>
/// <param name="Stacks">Those that others depend on first.</param>
public sealed record CloudAssembly(IReadOnlyList<StackArtifact> Stacks)
{
    /// <param name="folder">The folder with <c>manifest.json</c>, usually <c>cdk.out</c>.</param>
    /// <exception cref="DeploymentException">The folder is no cloud assembly, or has an artifact that the lab does not know.</exception>
    public static CloudAssembly Read(string folder)
    {
        var manifestFile = Path.Combine(folder, "manifest.json");
        if (!File.Exists(manifestFile))
        {
            throw new DeploymentException($"{folder} has no manifest.json; the CDK app writes it.");
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(manifestFile));
        var stacks = new Dictionary<string, StackArtifact>(StringComparer.Ordinal);
        var dependencies = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var artifact in manifest.RootElement.GetProperty("artifacts").EnumerateObject())
        {
            var type = artifact.Value.GetProperty("type").GetString();
            switch (type)
            {
                case "aws:cloudformation:stack":
                    stacks[artifact.Name] = ReadStack(folder, artifact.Name, artifact.Value);
                    dependencies[artifact.Name] = artifact.Value.TryGetProperty("dependencies", out var names) ? [.. names.EnumerateArray().Select(n => n.GetString()!)] : [];
                    break;
                case "cdk:asset-manifest" or "cdk:tree":
                    // Read with its stack; the tree is for people.
                    break;
                default:
                    throw new DeploymentException($"{manifestFile}: the artifact {artifact.Name} has the type {type}, which the lab does not know.");
            }
        }

        return new CloudAssembly([.. Ordering.DependenciesFirst(
            stacks.Keys.Order(StringComparer.Ordinal), name => dependencies[name].Where(stacks.ContainsKey), "stacks").Select(name => stacks[name])]);
    }

    private static StackArtifact ReadStack(string folder, string name, JsonElement artifact)
    {
        // aws://111111111111/us-east-1
        if (artifact.GetProperty("environment").GetString()!["aws://".Length..].Split('/') is not [{ Length: 12 } account, var region])
        {
            throw new DeploymentException($"{name}: its environment is {artifact.GetProperty("environment")}; the lab needs an account and a Region.");
        }

        var template = Path.Combine(folder, artifact.GetProperty("properties").GetProperty("templateFile").GetString()!);
        return new StackArtifact(
            name, account, region, Template.Read(name, JsonNode.Parse(File.ReadAllText(template))!.AsObject()),
            AssetsOf(folder, Path.Combine(folder, $"{name}.assets.json")));
    }

    private static Dictionary<(string Bucket, string Key), string> AssetsOf(string folder, string file)
    {
        var assets = new Dictionary<(string, string), string>();
        if (!File.Exists(file))
        {
            return assets;
        }

        using var manifest = JsonDocument.Parse(File.ReadAllText(file));
        foreach (var asset in manifest.RootElement.GetProperty("files").EnumerateObject())
        {
            var path = Path.Combine(folder, asset.Value.GetProperty("source").GetProperty("path").GetString()!);
            foreach (var destination in asset.Value.GetProperty("destinations").EnumerateObject())
            {
                assets[(destination.Value.GetProperty("bucketName").GetString()!, destination.Value.GetProperty("objectKey").GetString()!)] = Path.GetFullPath(path);
            }
        }

        return assets;
    }
}
