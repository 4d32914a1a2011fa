using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class KeysRotateAndStay(CloudFixture cloud)
{
    [Fact]
    public void Every_key_rotates_and_outlives_its_stack() => cloud.Resources("AWS::KMS::Key").Where(key =>
        key["EnableKeyRotation"]?.GetValue<bool>() != true || key.Json["DeletionPolicy"]?.ToString() != "Retain").ShouldBeEmpty();
}
