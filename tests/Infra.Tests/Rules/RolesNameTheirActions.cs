using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class RolesNameTheirActions(CloudFixture cloud)
{
    [Fact]
    public void No_role_has_a_wildcard_action() =>
        cloud.All.SelectMany(RoleStatement.Of).Where(statement => statement.Actions.Any(action => action.Contains("*", StringComparison.Ordinal))).ShouldBeEmpty();

    [Fact]
    public void No_role_has_a_managed_policy() =>
        cloud.Resources("AWS::IAM::Role").Where(role => role["ManagedPolicyArns"] is not null).ShouldBeEmpty();

    [Fact]
    public void No_policy_stands_beside_a_role() => cloud.Resources("AWS::IAM::Policy").ShouldBeEmpty();
}
