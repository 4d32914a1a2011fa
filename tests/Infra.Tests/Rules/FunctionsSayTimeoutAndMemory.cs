using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class FunctionsSayTimeoutAndMemory(CloudFixture cloud)
{
    [Fact]
    public void Every_function_states_timeout_and_memory() =>
        cloud.Resources("AWS::Lambda::Function").Where(function => function["Timeout"] is null || function["MemorySize"] is null).ShouldBeEmpty();
}
