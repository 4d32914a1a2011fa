using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class FunctionsAreTraced(CloudFixture cloud)
{
    [Fact]
    public void Every_function_is_traced() =>
        cloud.Resources("AWS::Lambda::Function").Where(function => function["TracingConfig"]?["Mode"]?.ToString() != "Active").ShouldBeEmpty();
}
