using System.Text.Json.Nodes;

using Dbre.Functions.Core.Policies;
using Dbre.Infra;
using Dbre.Lab.Simulation;

namespace Dbre.Simulation.Tests.Testing;

/// <summary>The stacks as they are deployed for a policy that needs all of them: it copies to another Region and to another account, and keeps one snapshot.</summary>
public sealed class DrillAssembly : IDisposable
{
    /// <summary>The other account that copies go to.</summary>
    public const string OtherAccount = "222222222222";

    public DrillAssembly()
    {
        Folder = Directory.CreateTempSubdirectory("dbre-drill-").FullName;
        var artifact = Directory.CreateDirectory(Path.Combine(Folder, "artifact")).FullName;
        File.WriteAllText(Path.Combine(artifact, "bootstrap"), "the published function, which runs in this process instead");
        var root = CommandLine.FindRoot(AppContext.BaseDirectory);
        var policies = Policies(File.ReadAllText(Path.Combine(root, "config", "policies.json")));
        var file = PolicyFile.Parse(policies);
        file.Problems.ShouldBeEmpty();
        var sources = Sources.Read(root, SettingsReader.Read(CommandLine.ReadContext(root, new Dictionary<string, string>())));
        CloudApp.Synthesize(sources with { Policies = file.Policies, PoliciesJson = policies, ArtifactOf = _ => artifact }, Assembly);
        Input = new JsonObject { ["policy"] = file.Policies[0].Name, ["policies"] = JsonNode.Parse(policies) };
    }

    /// <summary>What an engineer starts a run with, but for its time.</summary>
    public JsonObject Input { get; }

    public string Assembly => Path.Combine(Folder, "out");

    private string Folder { get; }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    /// <summary>The checked-in policy, copying to one account more and keeping one snapshot, so that pruning has work in the second night.</summary>
    private static string Policies(string checkedIn)
    {
        var policies = JsonNode.Parse(checkedIn)!;
        var nightly = policies["policies"]![0]!;
        nightly["retention"] = new JsonObject { ["daily"] = 1, ["weekly"] = 1, ["monthly"] = 1, ["yearly"] = 1 };
        nightly["canary"] = true;
        nightly["copies"] = new JsonArray(
            new JsonObject { ["region"] = SimulatedCloud.RecoveryRegion, ["kmsKey"] = "alias/dbre" },
            new JsonObject { ["region"] = SimulatedCloud.HomeRegion, ["account"] = OtherAccount, ["kmsKey"] = "alias/dbre" });
        return policies.ToJsonString();
    }
}
