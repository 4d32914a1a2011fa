using System.Text.Json.Nodes;

using Amazon.StepFunctions.Model;

using Dbre.Deployment.Tests.Testing;

namespace Dbre.Deployment.Tests;

public sealed class StateMachineTests : IDisposable
{
    private const string Role = """
        {"Type":"AWS::IAM::Role","Properties":{"RoleName":"flow",
            "AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"states.amazonaws.com"},"Action":"sts:AssumeRole"}]}}}
        """;

    private readonly Assembly assembly = new();
    private readonly Ground ground = new();

    public void Dispose() => assembly.Dispose();

    [Fact]
    public async Task Placeholders_are_replaced_as_cloudformation_replaces_them()
    {
        var stacks = await ground.Deploy(assembly.Stack("S", WithMachine("first")));
        var machine = await Machine(stacks["S"].Resources["Machine"].PhysicalId);
        JsonNode.Parse(machine.Definition)!["States"]!["Say"]!["Result"]!.ToString().ShouldBe("first of arn:aws:scheduler:us-east-1:111111111111:schedule-group/g, ${Unknown}");
    }

    [Fact]
    public async Task A_state_machine_is_brought_in_line_in_place()
    {
        var arn = (await ground.Deploy(assembly.Stack("S", WithMachine("first"))))["S"].Resources["Machine"].PhysicalId;
        (await ground.Deploy(assembly.Stack("S", WithMachine("second"))))["S"].Resources["Machine"].PhysicalId.ShouldBe(arn);
        (await Machine(arn)).Definition.ShouldContain("second of");
    }

    [Fact]
    public async Task A_field_of_the_definition_that_the_engine_does_not_know_is_refused_with_the_resource() =>
        (await ground.Refusal(assembly.Stack("S", WithMachine("first").Replace("\\\"End\\\"", "\\\"Ending\\\"", StringComparison.Ordinal))))
            .ShouldStartWith("S: Machine (AWS::StepFunctions::StateMachine) was refused: InvalidDefinition: ");

    private static string WithMachine(string word) => $$"""
        { "Role": {{Role}},
          "Group": {"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g"} },
          "Machine": {"Type":"AWS::StepFunctions::StateMachine","Properties":{"StateMachineName":"m","RoleArn":{"Fn::GetAtt":["Role","Arn"]},
            "DefinitionString":"{\"StartAt\":\"Say\",\"States\":{\"Say\":{\"Type\":\"Pass\",\"Result\":\"{{word}} of ${Group}, ${Unknown}\",\"End\":true} } }",
            "DefinitionSubstitutions":{"Group":{"Fn::GetAtt":["Group","Arn"]} },
            "LoggingConfiguration":{"Level":"OFF"},"TracingConfiguration":{"Enabled":true} } } }
        """;

    private async Task<DescribeStateMachineResponse> Machine(string arn) =>
        (DescribeStateMachineResponse)await ground.World.Invoke(ground.Operator, "states", new DescribeStateMachineRequest { StateMachineArn = arn });
}
