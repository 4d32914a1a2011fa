using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class FunctionsKnowTheirStateMachine(CloudFixture cloud)
{
    /// <summary>A function that may ask after executions builds their ARNs from the machine's: without it, it asked for ":name" and was refused.</summary>
    [Fact]
    public void Who_may_call_Step_Functions_is_told_the_state_machine()
    {
        var roles = cloud.All.SelectMany(RoleStatement.Of).Where(s => s.Actions.Any(a => a.StartsWith("states:", StringComparison.Ordinal)))
            .Select(s => $"{{{s.Role.LogicalId}}}").ToHashSet(StringComparer.Ordinal);

        cloud.Resources("AWS::Lambda::Function")
            .Where(f => roles.Contains(SynthesizedTemplate.Text(f["Role"])) && f["Environment"]!["Variables"]!["STATE_MACHINE_ARN"] is null)
            .ShouldBeEmpty();
    }
}
