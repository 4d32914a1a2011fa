using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class StateMachinesInvokeWhatTheyName(CloudFixture cloud)
{
    [Fact]
    public void The_role_of_a_state_machine_invokes_the_functions_of_its_asl_and_no_others()
    {
        foreach (var template in cloud.All)
        {
            foreach (var machine in template.Resources("AWS::StepFunctions::StateMachine"))
            {
                var named = machine["DefinitionSubstitutions"]!.AsObject().Where(substitution => substitution.Key != "RunBucket")
                    .Select(substitution => SynthesizedTemplate.Text(substitution.Value)).Order().ToList();
                var role = SynthesizedTemplate.Text(machine["RoleArn"]);
                var functions = template.Resources("AWS::Lambda::Function").ToDictionary(
                    function => $"arn:aws:lambda:us-east-1:111111111111:function:{function["FunctionName"]}", function => $"{{{function.LogicalId}}}");
                var allowed = RoleStatement.Of(template).Where(statement => $"{{{statement.Role.LogicalId}}}" == role && statement.Actions.Contains("lambda:InvokeFunction"))
                    .SelectMany(statement => statement.Resources).Select(arn => functions[arn]).Order().ToList();
                allowed.ShouldBe(named, machine.ToString());
            }
        }
    }
}
