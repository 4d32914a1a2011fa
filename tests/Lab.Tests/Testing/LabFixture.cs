namespace Dbre.Lab.Tests.Testing;

/// <summary>One lab for the tests of a class; each uses databases and policies of its own in it.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    public NightLab Lab { get; private set; } = null!;

    public async Task InitializeAsync() => Lab = await NightLab.Start();

    public async Task DisposeAsync() => await Lab.DisposeAsync();
}
