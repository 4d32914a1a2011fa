using System.Text.Json.Nodes;

using Dbre.Functions.Core.Policies;

namespace Dbre.Infra.Tests.Testing;

/// <summary>
/// The real functions, state machines and policies, synthesized once for all rules: as they are checked in, and once more with another
/// account, a VPC and a subscriber, so that the optional parts keep the rules too.
/// </summary>
public sealed class CloudFixture : IDisposable
{
    public const string OtherAccount = "222222222222";

    private readonly string folder = Directory.CreateTempSubdirectory("dbre-synth-").FullName;

    public CloudFixture()
    {
        // The artifact's content does not matter to the rules, and publishing it takes a minute.
        ArtifactFolder = Directory.CreateDirectory(Path.Combine(folder, "artifact")).FullName;
        File.WriteAllText(Path.Combine(ArtifactFolder, "bootstrap"), "the published function");
        CheckedIn = Sources.Read(RepositoryRoot.Path, SettingsReader.Read(CommandLine.ReadContext(RepositoryRoot.Path, new Dictionary<string, string>()))) with
        {
            ArtifactOf = _ => ArtifactFolder,
        };
        Templates = Synthesize(CheckedIn, "plain");
        var policies = PolicyFile.Parse(PoliciesWithOtherAccount(CheckedIn.PoliciesJson));
        policies.Problems.ShouldBeEmpty();
        Everything = CheckedIn with
        {
            Policies = policies.Policies,
            Settings = CheckedIn.Settings with
            {
                NotifyEmail = "dbre@example.com",
                Vpcs = new Dictionary<string, Vpc>
                {
                    ["us-east-1"] = new(["subnet-11111111", "subnet-22222222"], ["sg-11111111"]), ["eu-west-1"] = new(["subnet-33333333", "subnet-44444444"], ["sg-33333333"]),
                },
            },
        };
        TemplatesWithEverything = Synthesize(Everything, "everything");
    }

    public string ArtifactFolder { get; }

    /// <summary>What is checked in.</summary>
    public Sources CheckedIn { get; }

    /// <summary>The same with every option in use.</summary>
    public Sources Everything { get; }

    public IReadOnlyList<SynthesizedTemplate> Templates { get; }

    public IReadOnlyList<SynthesizedTemplate> TemplatesWithEverything { get; }

    /// <summary>What the rules look at.</summary>
    public IEnumerable<SynthesizedTemplate> All => Templates.Concat(TemplatesWithEverything);

    public SynthesizedTemplate Primary => Templates.Single(template => template.Name == "DbrePrimary");

    public SynthesizedTemplate Recovery => Templates.Single(template => template.Name == "DbreRecovery");

    public IEnumerable<SynthesizedResource> Resources(string type) => All.SelectMany(template => template.Resources(type));

    public IReadOnlyList<SynthesizedTemplate> Synthesize(Sources sources, string name)
    {
        var output = Path.Combine(folder, name);
        CloudApp.Synthesize(sources, output);
        return [.. Directory.EnumerateFiles(output, "*.template.json").Order(StringComparer.Ordinal).Select(file => new SynthesizedTemplate(
            Path.GetFileName(file)[..^".template.json".Length], file, JsonNode.Parse(File.ReadAllText(file))!.AsObject()))];
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string PoliciesWithOtherAccount(string json)
    {
        var policies = JsonNode.Parse(json)!;
        policies["policies"]![0]!["canary"] = true;
        policies["policies"]![0]!["copies"]!.AsArray().Add(new JsonObject { ["region"] = "eu-west-1", ["account"] = OtherAccount, ["kmsKey"] = "alias/dbre" });
        return policies.ToJsonString();
    }
}
