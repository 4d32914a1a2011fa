using Dbre.Deployment.Tests.Testing;
using Dbre.Lab.Services.Kms;

namespace Dbre.Deployment.Tests;

/// <summary>What the lab does not know is refused by name, before anything is made.</summary>
public sealed class RefusalTests : IDisposable
{
    private const string Key = """ "Key": {"Type":"AWS::KMS::Key","Properties":{"Description":"a key"}} """;

    private readonly Assembly assembly = new();
    private readonly Ground ground = new();

    public void Dispose() => assembly.Dispose();

    /// <summary>A second resource (the first is a good key), and what the refusal says of it.</summary>
    public static TheoryData<string, string> MyCases => new()
    {
        { """{"Type":"AWS::EC2::Instance"}""", "S: It has the type AWS::EC2::Instance, which the lab does not know; it knows AWS::CDK::Metadata, " },
        { """{"Type":"AWS::KMS::Key","Properties":{"MultiRegion":true}}""", "S: It (AWS::KMS::Key): the lab does not know the property MultiRegion." },
        { """{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g","Tags":[]}}""", "S: It (AWS::Scheduler::ScheduleGroup): the lab does not know the property Tags." },
        { """{"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f","Runtime":"dotnet10","Handler":"h","Role":"r","Code":{"S3Bucket":"b","S3Key":"k"},"TracingConfig":{"Mode":"Active","Depth":2}}}""",
            "S: It (AWS::Lambda::Function): the lab does not know the property TracingConfig.Depth." },
        { """{"Type":"AWS::DynamoDB::Table","Properties":{"TableName":"t","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"pk","KeyType":"HASH","Order":1}]}}""",
            "S: It (AWS::DynamoDB::Table): the lab does not know the property KeySchema[0].Order." },
        { """{"Type":"AWS::KMS::Key","Properties":{"Description":{"Fn::Base64":"x"}}}""", "S: It uses the intrinsic Fn::Base64, which the lab does not know; it knows Ref, " },
        { """{"Type":"AWS::KMS::Key","Properties":{"Description":{"Ref":"AWS::StackId"}}}""", "S: the lab does not know the pseudo parameter AWS::StackId." },
        { """{"Type":"AWS::KMS::Key","Properties":{"Description":{"Ref":"Nobody"}}}""", "S: Nobody is referred to, but is no resource or parameter of the template." },
        { """{"Type":"AWS::KMS::Key","CreationPolicy":{}}""", "S: It has the attribute CreationPolicy, which the lab does not know." },
        { """{"Type":"AWS::KMS::Alias","Properties":{"TargetKeyId":{"Ref":"Key"}}}""", "S: It (AWS::KMS::Alias): the property AliasName is missing." },
        { """{"Type":"AWS::KMS::Key","Properties":{"EnableKeyRotation":"maybe"}}""", "S: It (AWS::KMS::Key): the property EnableKeyRotation is maybe; it must be true or false." },
        { """{"Type":"AWS::Logs::LogGroup","Properties":{"LogGroupName":"g","RetentionInDays":"long"}}""", "S: It (AWS::Logs::LogGroup): the property RetentionInDays is long; it must be a whole number." },
    };

    [Theory]
    [MemberData(nameof(MyCases))]
    public async Task A_resource_that_cannot_be_deployed_is_refused_and_nothing_is_made(string resource, string problem)
    {
        (await ground.Refusal(assembly.Stack("S", $$"""{ {{Key}}, "It": {{resource}} }"""))).ShouldStartWith(problem);
        ground.World.Service<KmsService>().Resolve("111111111111", "us-east-1", "alias/dbre").ShouldBeNull();
        ground.Deployment.Stacks.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_template_section_that_the_lab_does_not_know_is_refused() =>
        (await ground.Refusal(assembly.Stack("S", $$"""{ {{Key}} }""", """ "Mappings": {}, """))).ShouldBe("S: the lab does not know the template section Mappings.");

    [Fact]
    public async Task A_later_stack_is_read_before_the_first_is_made()
    {
        assembly.Stack("First", $$"""{ {{Key}}, "Alias": {"Type":"AWS::KMS::Alias","Properties":{"AliasName":"alias/first","TargetKeyId":{"Ref":"Key"} } } }""");
        (await ground.Refusal(assembly.Stack("Second", """{"It":{"Type":"AWS::EC2::Instance"}}"""))).ShouldStartWith("Second: It has the type AWS::EC2::Instance");
        ground.World.Service<KmsService>().Resolve("111111111111", "us-east-1", "alias/first").ShouldBeNull();
    }

    [Fact]
    public async Task A_parameter_without_a_value_is_refused() =>
        (await ground.Refusal(assembly.Stack("S", $$"""{ {{Key}} }""", """ "Parameters": {"Colour":{"Type":"String"}}, """)))
            .ShouldBe("S: the parameter Colour has no default and needs a value.");

    [Fact]
    public async Task A_parameter_that_no_stack_declares_is_refused() =>
        (await ground.Refusal(assembly.Stack("S", $$"""{ {{Key}} }"""), ("Colour", "blue"))).ShouldEndWith("declares the parameter Colour.");

    [Fact]
    public async Task Resources_that_depend_on_each_other_are_refused() =>
        (await ground.Refusal(assembly.Stack("S", """
            {"A":{"Type":"AWS::KMS::Key","Properties":{"Description":{"Ref":"B"}}},"B":{"Type":"AWS::KMS::Key","Properties":{"Description":{"Ref":"A"}}}}
            """))).ShouldBe("The resources of S depend on each other in a circle: A → B → A.");

    [Fact]
    public async Task What_a_service_refuses_is_told_with_the_resource() =>
        (await ground.Refusal(assembly.Stack("S", """{"Alias":{"Type":"AWS::KMS::Alias","Properties":{"AliasName":"alias/x","TargetKeyId":"nobody"}}}""")))
            .ShouldStartWith("S: Alias (AWS::KMS::Alias) was refused: NotFoundException: ");

    [Fact]
    public async Task A_folder_that_is_no_cloud_assembly_is_refused() =>
        (await ground.Refusal(assembly)).ShouldEndWith("has no manifest.json; the CDK app writes it.");
}
