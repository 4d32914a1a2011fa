using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class FunctionsAreReached(CloudFixture cloud)
{
    [Fact]
    public void Every_function_is_invoked_by_a_state_machine_a_schedule_or_another_function()
    {
        // A function that nobody may invoke is dead code with permissions.
        var names = cloud.Primary.Resources("AWS::Lambda::Function").ToDictionary(function => $"{{{function.LogicalId}}}", function => function["FunctionName"]!.ToString());
        var invoked = RoleStatement.Of(cloud.Primary).Where(statement => statement.Actions.Contains("lambda:InvokeFunction")).SelectMany(statement => statement.Resources)
            .Select(resource => names.GetValueOrDefault(resource) ?? resource.Split(":")[^1]).ToHashSet();
        names.Values.Where(function => !invoked.Contains(function)).ShouldBeEmpty();
    }
}
