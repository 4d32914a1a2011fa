using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class RolesSayWhyOnEverything(CloudFixture cloud)
{
    [Fact]
    public void Every_permission_on_every_resource_has_a_reason_in_the_template()
    {
        foreach (var statement in cloud.All.SelectMany(RoleStatement.Of).Where(statement => statement.Resources.Contains("*")))
        {
            var reasons = statement.Role.Json["Metadata"]?["dbre:why"]?.AsArray() ?? [];
            reasons.Where(reason => SynthesizedTemplate.Texts(reason!["Action"]).SequenceEqual(statement.Actions) && reason["Why"]!.ToString().Length > 10)
                .ShouldNotBeEmpty(statement.ToString());
        }
    }
}
