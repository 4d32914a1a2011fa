using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class StateMachinesAreSeen(CloudFixture cloud)
{
    [Fact]
    public void Every_state_machine_logs_everything_and_is_traced() => cloud.Resources("AWS::StepFunctions::StateMachine").Where(machine =>
        machine["LoggingConfiguration"]?["Level"]?.ToString() != "ALL"
        || machine["TracingConfiguration"]?["Enabled"]?.GetValue<bool>() != true
        || machine["StateMachineType"]?.ToString() != "STANDARD").ShouldBeEmpty();
}
