using System.Text.Json.Nodes;

using Dbre.Functions.Core.Policies;
using Dbre.Infra;

namespace Dbre.Lab.Tests.Testing;

/// <summary>A lab for the tests of a class with the stacks that policies of their own call for, synthesized for them.</summary>
public abstract class OwnPoliciesFixture(JsonObject policies) : IAsyncLifetime
{
    private readonly string assembly = Directory.CreateTempSubdirectory("dbre-own-policies-").FullName;

    public NightLab Lab { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var json = policies.ToJsonString();
        var file = PolicyFile.Parse(json);
        file.Problems.ShouldBeEmpty();
        var checkedIn = Sources.Read(RepositoryRoot.Path, SettingsReader.Read(CommandLine.ReadContext(RepositoryRoot.Path, new Dictionary<string, string>())));
        CloudApp.Synthesize(checkedIn with { Policies = file.Policies, PoliciesJson = json }, assembly);
        Lab = await NightLab.Start(assembly);
    }

    public async Task DisposeAsync()
    {
        await Lab.DisposeAsync();
        Directory.Delete(assembly, recursive: true);
    }
}
