using Dbre.Infra.Catalog;
using Dbre.Infra.Workflows;

namespace Dbre.Infra.Tests.BadInputs;

public sealed class WorkflowTests
{
    private static readonly FunctionCatalog Catalog = FunctionCatalog.Read([typeof(Good)]);

    [Theory]
    [InlineData("${Better}", "${Better} is no function; allowed are Good.")]
    [InlineData("arn:aws:lambda:us-east-1:111111111111:function:good", "FunctionName is \"arn:aws:lambda:us-east-1:111111111111:function:good\"; it must be ${ClassName}")]
    [InlineData("${Good}:1", "FunctionName is \"${Good}:1\"; it must be ${ClassName}")]
    public void A_function_that_the_role_cannot_be_read_off_is_refused(string functionName, string problem) =>
        Refusal(Task(functionName)).ShouldStartWith("night.asl.json, state \"Do it\": " + problem);

    [Fact]
    public void A_state_inside_a_map_is_named_too() => Refusal(
        """{"StartAt":"Each","States":{"Each":{"Type":"Map","ItemProcessor":TASK,"End":true}}}""".Replace("TASK", Task("${Better}"), StringComparison.Ordinal)).ShouldStartWith("night.asl.json, state \"Do it\": ${Better}");

    [Fact]
    public void A_state_inside_a_branch_is_named_too() => Refusal(
        """{"StartAt":"Both","States":{"Both":{"Type":"Parallel","Branches":[TASK],"End":true}}}""".Replace("TASK", Task("${Better}"), StringComparison.Ordinal)).ShouldStartWith("night.asl.json, state \"Do it\": ${Better}");

    [Fact]
    public void A_task_that_is_no_function_is_refused() => Refusal(Task("${Good}").Replace("lambda:invoke", "aws-sdk:rds:deleteDBInstance", StringComparison.Ordinal))
        .ShouldStartWith("night.asl.json, state \"Do it\": Resource is \"arn:aws:states:::aws-sdk:rds:deleteDBInstance\"; allowed are ");

    [Fact]
    public void Text_that_is_not_json_is_refused() => Refusal("{").ShouldStartWith("night.asl.json: is not JSON: ");

    [Fact]
    public void A_machine_without_states_is_refused() => Refusal("{}").ShouldBe("night.asl.json: has no States; a state machine needs them.");

    [Fact]
    public void A_good_machine_names_its_functions() =>
        WorkflowReader.Read("night.asl.json", Task("${Good}"), Catalog).Functions.ShouldHaveSingleItem().ClassName.ShouldBe("Good");

    [Theory]
    [InlineData("\"Bucket\":\"other\",\"Key\":\"k\"", "ItemReader's Bucket is \"other\"; it must be ${RunBucket}")]
    [InlineData("\"Bucket\":\"${RunBucket}\",\"Key.$\":\"$.key\"", "ItemReader's Key.$ is \"$.key\"; it must be States.Format('runs/{}/…', $$.Execution.Name)")]
    [InlineData("\"Bucket\":\"${RunBucket}\"", "ItemReader's Key.$ is \"\"; it must be States.Format")]
    public void A_distributed_map_that_the_role_cannot_be_read_off_is_refused(string parameters, string problem) =>
        Refusal(Map(parameters)).ShouldStartWith("night.asl.json, state \"Each\": " + problem);

    [Fact]
    public void A_distributed_map_that_reads_another_way_is_refused() =>
        Refusal(Map("").Replace("s3:getObject", "s3:listObjectsV2", StringComparison.Ordinal)).ShouldContain("ItemReader's Resource is \"arn:aws:states:::s3:listObjectsV2\"; allowed is arn:aws:states:::s3:getObject");

    [Fact]
    public void A_distributed_map_names_what_it_reads_and_writes()
    {
        var map = WorkflowReader.Read("night.asl.json", Map("\"Bucket\":\"${RunBucket}\",\"Key.$\":\"States.Format('runs/{}/plans.json', $$.Execution.Name)\""), Catalog).Maps.ShouldHaveSingleItem();
        (map.Items, map.Results).ShouldBe(("runs/*/plans.json", "runs/all"));
    }

    private static string Map(string parameters) =>
        """{"StartAt":"Each","States":{"Each":{"Type":"Map","ItemReader":{"Resource":"arn:aws:states:::s3:getObject","Parameters":{PARAMETERS}},"ResultWriter":{"Resource":"arn:aws:states:::s3:putObject","Parameters":{"Bucket":"${RunBucket}","Prefix":"runs/all"}},"ItemProcessor":TASK,"End":true}}}"""
            .Replace("PARAMETERS", parameters, StringComparison.Ordinal)
            .Replace("TASK", Task("${Good}").Replace("{\"StartAt\"", "{\"ProcessorConfig\":{\"Mode\":\"DISTRIBUTED\",\"ExecutionType\":\"STANDARD\"},\"StartAt\"", StringComparison.Ordinal), StringComparison.Ordinal);

    private static string Refusal(string asl) => Should.Throw<SynthesisException>(() => WorkflowReader.Read("night.asl.json", asl, Catalog)).Message;

    private static string Task(string functionName) =>
        """{"StartAt":"Do it","States":{"Do it":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke","Parameters":{"FunctionName":"NAME"},"End":true}}}"""
            .Replace("NAME", functionName, StringComparison.Ordinal);
}
