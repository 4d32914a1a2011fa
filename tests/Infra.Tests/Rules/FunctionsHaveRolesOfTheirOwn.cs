using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class FunctionsHaveRolesOfTheirOwn(CloudFixture cloud)
{
    [Fact]
    public void No_two_functions_share_a_role()
    {
        foreach (var template in cloud.All)
        {
            var shared = template.Resources("AWS::Lambda::Function").GroupBy(function => SynthesizedTemplate.Text(function["Role"])).Where(group => group.Count() > 1);
            shared.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Role_names_differ_across_the_stacks_of_an_account()
    {
        // Roles are global in an account, so that two Regions must not ask for the same name.
        var names = cloud.Templates.SelectMany(template => template.Resources("AWS::IAM::Role")).Select(role => role["RoleName"]!.ToString()).ToList();
        names.ShouldBeUnique();
    }
}
