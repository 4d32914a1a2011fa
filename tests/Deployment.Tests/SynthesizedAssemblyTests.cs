using Dbre.Deployment.Tests.Testing;
using Dbre.Infra;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Lambda;

namespace Dbre.Deployment.Tests;

/// <summary>The stacks that the CDK app synthesizes, deployed whole: what runs on AWS runs in the lab.</summary>
public sealed class SynthesizedAssemblyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("dbre-assembly-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task The_synthesized_stacks_deploy_and_deploy_again()
    {
        var sources = Synthesize();
        var ground = new Ground();
        var parameters = new Dictionary<string, string> { ["DatabaseCaFile"] = "/lab/ca.pem" };

        var stacks = await ground.Deployment.Deploy(Path.Combine(folder, "out"), parameters);

        stacks.Keys.ShouldBe(["DbrePrimary", "DbreRecovery"], ignoreOrder: true);
        var functions = ground.World.Service<LambdaService>().Functions;
        functions.Count(function => function.Region == "us-east-1").ShouldBe(sources.Catalog.Functions.Count);
        functions.ShouldContain(function => function.Region == "eu-west-1" && function.Name == "dbre-measure-database");
        functions.ShouldAllBe(function => function.Environment["DATABASE_CA_FILE"] == "/lab/ca.pem");
        ground.World.Service<KmsService>().Resolve("111111111111", "eu-west-1", "alias/dbre").ShouldNotBeNull();
        stacks["DbrePrimary"].Outputs["StateMachinesnapshotcopyOutput"].ShouldBe("arn:aws:states:us-east-1:111111111111:stateMachine:snapshot-copy");

        var again = await ground.Deployment.Deploy(Path.Combine(folder, "out"), parameters);
        again["DbrePrimary"].Resources.ShouldAllBe(resource => ReferenceEquals(resource.Value, stacks["DbrePrimary"].Resources[resource.Key]));
    }

    private Sources Synthesize()
    {
        var root = CommandLine.FindRoot(AppContext.BaseDirectory);
        var artifact = Directory.CreateDirectory(Path.Combine(folder, "artifact")).FullName;
        File.WriteAllText(Path.Combine(artifact, "bootstrap"), "the published function");
        var sources = Sources.Read(root, SettingsReader.Read(CommandLine.ReadContext(root, new Dictionary<string, string>()))) with { ArtifactOf = _ => artifact };
        CloudApp.Synthesize(sources, Path.Combine(folder, "out"));
        return sources;
    }
}
