using Dbre.Functions.Core.Policies;
using Dbre.Infra;

namespace Dbre.Lab.Tests.Testing;

/// <summary>A lab with the stacks that a policy with a copy in another account calls for, synthesized for it.</summary>
public sealed class CrossAccountFixture : IAsyncLifetime
{
    private readonly string assembly = Directory.CreateTempSubdirectory("dbre-cross-account-").FullName;

    public NightLab Lab { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var policies = Policies.Of("nightly", "*", copies: Policies.Copy("alias/dbre", account: NightLab.OtherAccount)).ToJsonString();
        var file = PolicyFile.Parse(policies);
        file.Problems.ShouldBeEmpty();
        var checkedIn = Sources.Read(RepositoryRoot.Path, SettingsReader.Read(CommandLine.ReadContext(RepositoryRoot.Path, new Dictionary<string, string>())));
        CloudApp.Synthesize(checkedIn with { Policies = file.Policies, PoliciesJson = policies }, assembly);
        Lab = await NightLab.Start(assembly);
    }

    public async Task DisposeAsync()
    {
        await Lab.DisposeAsync();
        Directory.Delete(assembly, recursive: true);
    }
}
