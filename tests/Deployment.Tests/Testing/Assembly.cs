using System.Text.Json.Nodes;

namespace Dbre.Deployment.Tests.Testing;

/// <summary>A cloud assembly written by hand, one stack per template.</summary>
internal sealed class Assembly : IDisposable
{
    internal const string AssetBucket = "assets", AssetKey = "code.zip";

    internal string Folder { get; } = Directory.CreateTempSubdirectory("dbre-assembly-").FullName;

    /// <summary>Adds or replaces a stack of account 111111111111, or another.</summary>
    /// <param name="resources">The template's Resources.</param>
    /// <param name="more">Other sections.</param>
    internal Assembly Stack(string name, string resources, string more = "", string region = "us-east-1", string account = "111111111111", params string[] dependencies)
    {
        stacks[name] = new JsonObject
        {
            ["type"] = "aws:cloudformation:stack",
            ["environment"] = $"aws://{account}/{region}",
            ["properties"] = new JsonObject { ["templateFile"] = $"{name}.template.json" },
            ["dependencies"] = new JsonArray([.. dependencies.Select(d => (JsonNode)d)]),
        };
        File.WriteAllText(Path.Combine(Folder, $"{name}.template.json"), $$"""{ {{more}} "Resources": {{resources}} }""");
        Directory.CreateDirectory(Path.Combine(Folder, "asset"));
        File.WriteAllText(
            Path.Combine(Folder, $"{name}.assets.json"),
            $$"""{"files":{"code":{"source":{"path":"asset","packaging":"zip"},"destinations":{"here":{"bucketName":"{{AssetBucket}}","objectKey":"{{AssetKey}}"} } } } }""");
        var artifacts = new JsonObject([.. stacks.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Key, s.Value.DeepClone()))]);
        File.WriteAllText(Path.Combine(Folder, "manifest.json"), new JsonObject { ["artifacts"] = artifacts }.ToJsonString());
        return this;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private readonly SortedDictionary<string, JsonObject> stacks = new(StringComparer.Ordinal);
}
