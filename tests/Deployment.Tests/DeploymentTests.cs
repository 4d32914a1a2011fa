using Amazon.KeyManagementService.Model;
using Amazon.Lambda.Model;

using Dbre.Deployment.Tests.Testing;
using Dbre.Lab.Services.Kms;
using Dbre.Lab.Services.Lambda;

namespace Dbre.Deployment.Tests;

public sealed class DeploymentTests : IDisposable
{
    private const string Role = """
        "Role": {"Type":"AWS::IAM::Role","Properties":{"RoleName":"worker",
            "AssumeRolePolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]},
            "Policies":[{"PolicyName":"allowed","PolicyDocument":{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sns:Publish","Resource":"ACTION"}]}}]}}
        """;

    private readonly Assembly assembly = new();
    private readonly Ground ground = new();

    public void Dispose() => assembly.Dispose();

    [Fact]
    public async Task Resources_are_made_in_the_order_of_their_references()
    {
        var stacks = await ground.Deploy(assembly.Stack("S", """
            {"Alias":{"Type":"AWS::KMS::Alias","Properties":{"AliasName":"alias/dbre","TargetKeyId":{"Fn::GetAtt":["Key","Arn"]}}},
             "Key":{"Type":"AWS::KMS::Key","Properties":{"Description":"a key","EnableKeyRotation":true}}}
            """));
        var key = ground.World.Service<KmsService>().Resolve("111111111111", "us-east-1", "alias/dbre").ShouldNotBeNull();
        stacks["S"].Resources["Key"].Attributes["Arn"].ShouldBe(key.Arn);
    }

    [Fact]
    public async Task Depends_on_orders_what_no_reference_orders()
    {
        await ground.Deploy(assembly.Stack("S", """
            {"Second":{"Type":"AWS::KMS::Alias","DependsOn":"First","Properties":{"AliasName":"alias/two","TargetKeyId":"alias/one"}},
             "First":{"Type":"AWS::KMS::Alias","Properties":{"AliasName":"alias/one","TargetKeyId":{"Ref":"Key"}}},
             "Key":{"Type":"AWS::KMS::Key"}}
            """));
        var keys = ground.World.Service<KmsService>();
        keys.Resolve("111111111111", "us-east-1", "alias/two")!.Arn.ShouldBe(keys.Resolve("111111111111", "us-east-1", "alias/one")!.Arn);
    }

    /// <summary>An expression and its value in stack S of us-east-1, whose parameter Colour is blue.</summary>
    public static TheoryData<string, string> Expressions => new()
    {
        { """{"Ref":"Colour"}""", "blue" },
        { """{"Ref":"AWS::Region"}""", "us-east-1" },
        { """{"Fn::Join":["-",["a",{"Ref":"AWS::AccountId"},{"Ref":"AWS::Partition"}]]}""", "a-111111111111-aws" },
        { """{"Fn::Sub":"${AWS::StackName}/${Colour}/${!Colour}/${Group}"}""", "S/blue/${Colour}/g" },
        { """{"Fn::Sub":["${A}${Colour}",{"A":{"Ref":"AWS::URLSuffix"}}]}""", "amazonaws.comblue" },
        { """{"Fn::Select":[1,{"Fn::Split":[",","x,y,z"]}]}""", "y" },
        { """{"Fn::Sub":"${Group.Arn}"}""", "arn:aws:scheduler:us-east-1:111111111111:schedule-group/g" },
        { """{"Fn::If":["Blue","yes","no"]}""", "yes" },
        { """{"Fn::If":["Neither","yes",{"Ref":"Colour"}]}""", "blue" },
    };

    [Theory]
    [MemberData(nameof(Expressions))]
    public async Task An_intrinsic_gives_what_cloudformation_gives(string expression, string value)
    {
        var stacks = await ground.Deploy(
            assembly.Stack("S", """{"Group":{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g"}}}""", $$"""
                "Parameters": {"Colour":{"Type":"String","Default":"red"} },
                "Conditions": {"Blue":{"Fn::Equals":[{"Ref":"Colour"},"blue"]},"Neither":{"Fn::And":[{"Condition":"Blue"},{"Fn::Not":[{"Condition":"Blue"}]}]} },
                "Outputs": {"It":{"Value":{{expression}} } },
                """),
            ("Colour", "blue"));
        stacks["S"].Outputs["It"].ShouldBe(value);
    }

    [Fact]
    public async Task A_resource_whose_condition_does_not_hold_is_not_made()
    {
        var stacks = await ground.Deploy(assembly.Stack(
            "S", """{"Key":{"Type":"AWS::KMS::Key","Condition":"Never"},"Group":{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g"}}}""",
            """ "Conditions": {"Never":{"Fn::Equals":["a","b"]}}, """));
        stacks["S"].Resources.Keys.ShouldBe(["Group"]);
    }

    [Fact]
    public async Task A_property_without_a_value_is_left_out()
    {
        var stacks = await ground.Deploy(assembly.Stack("S", """{"Key":{"Type":"AWS::KMS::Key","Properties":{"Description":{"Ref":"AWS::NoValue"}}}}"""));
        stacks["S"].Resources.Keys.ShouldBe(["Key"]);
    }

    [Fact]
    public async Task A_stack_imports_what_another_exports()
    {
        assembly.Stack("Base", """{"Group":{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g"}}}""", """ "Outputs": {"It":{"Value":{"Ref":"Group"},"Export":{"Name":"group"}}}, """);
        assembly.Stack(
            "App", """{"Key":{"Type":"AWS::KMS::Key"}}""", """ "Outputs": {"Seen":{"Value":{"Fn::ImportValue":"group"}}}, """, dependencies: "Base");
        (await ground.Deploy(assembly))["App"].Outputs["Seen"].ShouldBe("g");
    }

    [Fact]
    public async Task An_export_of_another_region_is_not_found()
    {
        assembly.Stack("Base", """{"Key":{"Type":"AWS::KMS::Key"}}""", """ "Outputs": {"It":{"Value":"v","Export":{"Name":"group"}}}, """);
        assembly.Stack("App", """{"Key":{"Type":"AWS::KMS::Key"}}""", """ "Outputs": {"Seen":{"Value":{"Fn::ImportValue":"group"}}}, """, region: "eu-west-1", dependencies: "Base");
        (await ground.Refusal(assembly)).ShouldBe("App: no stack of account 111111111111 in eu-west-1 exports group.");
    }

    [Fact]
    public async Task Stacks_are_made_in_their_own_account_and_region()
    {
        const string keyWithAlias = """{"Key":{"Type":"AWS::KMS::Key"},"Alias":{"Type":"AWS::KMS::Alias","Properties":{"AliasName":"alias/dbre","TargetKeyId":{"Ref":"Key"}}}}""";
        await ground.Deploy(assembly.Stack("Here", keyWithAlias).Stack("There", keyWithAlias, region: "eu-west-1", account: "222222222222"));
        var keys = ground.World.Service<KmsService>();
        keys.Resolve("111111111111", "us-east-1", "alias/dbre").ShouldNotBeNull();
        keys.Resolve("222222222222", "eu-west-1", "alias/dbre").ShouldNotBeNull();
        keys.Resolve("111111111111", "eu-west-1", "alias/dbre").ShouldBeNull();
    }

    [Fact]
    public async Task The_same_again_changes_nothing()
    {
        assembly.Stack("S", """{"Key":{"Type":"AWS::KMS::Key"},"Group":{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g"}}}""");
        var key = (await ground.Deploy(assembly))["S"].Resources["Key"].PhysicalId;
        (await ground.Deploy(assembly))["S"].Resources["Key"].PhysicalId.ShouldBe(key);
    }

    [Fact]
    public async Task A_function_is_brought_in_line_in_place()
    {
        await ground.Deploy(assembly.Stack("S", WithFunction("first", 30)));
        await ground.Deploy(assembly.Stack("S", WithFunction("second", 60)));
        var function = ground.World.Service<LambdaService>().Functions.ShouldHaveSingleItem();
        var there = await Invoke<GetFunctionConfigurationResponse>("lambda", new GetFunctionConfigurationRequest { FunctionName = function.Name });
        there.Timeout.ShouldBe(60);
        there.Environment.Variables["COLOUR"].ShouldBe("second");
    }

    [Fact]
    public async Task A_function_gets_the_folder_of_its_asset()
    {
        await ground.Deploy(assembly.Stack("S", WithFunction("first", 30)));
        ground.World.Service<LambdaService>().Functions.ShouldHaveSingleItem().Folder.ShouldBe(Path.Combine(assembly.Folder, "asset"));
    }

    [Fact]
    public async Task Code_that_is_no_asset_is_refused()
    {
        assembly.Stack("S", WithFunction("first", 30).Replace(Assembly.AssetKey, "other.zip", StringComparison.Ordinal));
        (await ground.Refusal(assembly)).ShouldBe("S: Function (AWS::Lambda::Function) has its code in s3://assets/other.zip, which is no asset of the stack.");
    }

    [Fact]
    public async Task A_role_is_brought_in_line_in_place()
    {
        await ground.Deploy(assembly.Stack("S", $"{{ {Role.Replace("ACTION", "arn:aws:sns:us-east-1:111111111111:a", StringComparison.Ordinal)} }}"));
        await ground.Deploy(assembly.Stack("S", $"{{ {Role.Replace("ACTION", "arn:aws:sns:us-east-1:111111111111:b", StringComparison.Ordinal)} }}"));
        var policy = ground.World.Iam.Role("arn:aws:iam::111111111111:role/worker").Policies["allowed"];
        policy.Statements.ShouldHaveSingleItem().Resources.ShouldBe(["arn:aws:sns:us-east-1:111111111111:b"]);
    }

    [Fact]
    public async Task What_cannot_change_in_place_is_refused_with_what_to_do()
    {
        await ground.Deploy(assembly.Stack("S", """{"Group":{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g"}}}"""));
        (await ground.Refusal(assembly.Stack("S", """{"Group":{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"h"}}}"""))).ShouldBe(
            "S: Group (AWS::Scheduler::ScheduleGroup) is there with other properties, and the lab cannot change this type in place; begin anew with dbre lab down.");
    }

    [Fact]
    public async Task A_resource_that_left_the_template_is_told()
    {
        await ground.Deploy(assembly.Stack("S", """{"Key":{"Type":"AWS::KMS::Key"},"Group":{"Type":"AWS::Scheduler::ScheduleGroup","Properties":{"Name":"g"}}}"""));
        (await ground.Refusal(assembly.Stack("S", """{"Key":{"Type":"AWS::KMS::Key"}}"""))).ShouldStartWith("S: Group (AWS::Scheduler::ScheduleGroup) is there and no longer in the template");
    }

    [Fact]
    public async Task A_keys_rotation_is_kept()
    {
        var stacks = await ground.Deploy(assembly.Stack("S", """{"Key":{"Type":"AWS::KMS::Key","Properties":{"EnableKeyRotation":true}}}"""));
        (await Invoke<GetKeyRotationStatusResponse>("kms", new GetKeyRotationStatusRequest { KeyId = stacks["S"].Resources["Key"].PhysicalId })).KeyRotationEnabled.ShouldBe(true);
    }

    private static string WithFunction(string colour, int timeout) => $$"""
        { {{Role.Replace("ACTION", "arn:aws:sns:us-east-1:111111111111:a", StringComparison.Ordinal)}},
          "Function": {"Type":"AWS::Lambda::Function","Properties":{"FunctionName":"f","Runtime":"dotnet10","Architectures":["x86_64"],"Handler":"Some.Program","Timeout":{{timeout}},
            "MemorySize":512,"Role":{"Fn::GetAtt":["Role","Arn"]},"Code":{"S3Bucket":"{{Assembly.AssetBucket}}","S3Key":"{{Assembly.AssetKey}}"},
            "Environment":{"Variables":{"COLOUR":"{{colour}}"} } } } }
        """;

    private async Task<T> Invoke<T>(string service, Amazon.Runtime.AmazonWebServiceRequest request) where T : Amazon.Runtime.AmazonWebServiceResponse =>
        (T)await ground.World.Invoke(ground.Operator, service, request);
}
