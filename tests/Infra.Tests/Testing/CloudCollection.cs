namespace Dbre.Infra.Tests.Testing;

/// <summary>Everybody who looks at the templates shares one synthesis, since the CDK's engine takes seconds to start.</summary>
[CollectionDefinition(Name)]
public sealed class CloudCollection : ICollectionFixture<CloudFixture>
{
    public const string Name = "cloud";
}
