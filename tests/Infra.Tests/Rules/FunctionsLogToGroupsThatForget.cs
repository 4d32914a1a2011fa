using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class FunctionsLogToGroupsThatForget(CloudFixture cloud)
{
    [Fact]
    public void Every_function_has_a_log_group_with_retention()
    {
        foreach (var template in cloud.All)
        {
            var groups = template.Resources("AWS::Logs::LogGroup").Where(group => group["RetentionInDays"] is not null).Select(group => $"{{{group.LogicalId}}}").ToList();
            template.Resources("AWS::Lambda::Function").Where(function => !groups.Contains(SynthesizedTemplate.Text(function["LoggingConfig"]?["LogGroup"]))).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_function_may_write_to_its_own_log_group_only()
    {
        foreach (var statement in cloud.All.SelectMany(RoleStatement.Of).Where(statement => statement.Actions.Contains("logs:PutLogEvents")))
        {
            var function = statement.Role["RoleName"]!.ToString().Replace("-eu-west-1", "", StringComparison.Ordinal);
            statement.Resources.ShouldHaveSingleItem().ShouldEndWith($":log-group:/aws/lambda/{function}:*");
        }
    }
}
