using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests;

/// <summary>Names that code, people and other stacks rely on: changing one replaces a resource.</summary>
[Collection(CloudCollection.Name)]
public sealed class DeployedNamesTests(CloudFixture cloud)
{
    [Theory]
    [InlineData("AWS::DynamoDB::Table", "TableName", "dbre-ledger")]
    [InlineData("AWS::KMS::Alias", "AliasName", "alias/dbre")]
    [InlineData("AWS::SNS::Topic", "TopicName", "dbre-notifications")]
    [InlineData("AWS::SQS::Queue", "QueueName", "dbre-undelivered")]
    [InlineData("AWS::StepFunctions::StateMachine", "StateMachineName", "snapshot-copy")]
    [InlineData("AWS::StepFunctions::StateMachine", "StateMachineName", "clean-up")]
    [InlineData("AWS::Events::Rule", "Name", "dbre-run-ended-badly")]
    [InlineData("AWS::Scheduler::ScheduleGroup", "Name", "dbre")]
    [InlineData("AWS::Scheduler::Schedule", "Name", "snapshot-copy-nightly")]
    public void The_primary_stack_has(string type, string property, string name) =>
        cloud.Primary.Resources(type).Select(resource => resource[property]!.ToString()).ShouldContain(name);

    [Fact]
    public void The_primary_stack_has_a_bucket_of_evidence_and_one_of_runs() => cloud.Primary.Resources("AWS::S3::Bucket").Select(bucket => SynthesizedTemplate.Text(bucket["BucketName"]))
        .ShouldBe(["dbre-evidence-111111111111-us-east-1", "dbre-runs-111111111111-us-east-1"], ignoreOrder: true);

    [Fact]
    public void A_function_is_named_after_its_class_and_runs_the_executable_of_its_domain()
    {
        var starter = cloud.Primary.Resources("AWS::Lambda::Function").Single(function => function["FunctionName"]!.ToString() == "dbre-start-nightly-run");
        starter["Handler"]!.ToString().ShouldBe("Dbre.Functions.Snapshots");
        starter["Runtime"]!.ToString().ShouldBe("dotnet10");
        var environment = starter["Environment"]!["Variables"]!.AsObject().ToDictionary(variable => variable.Key, variable => SynthesizedTemplate.Text(variable.Value));
        environment.ShouldBe(
            new Dictionary<string, string>
            {
                ["ANNOTATIONS_HANDLER"] = "StartNightlyRun",
                ["LEDGER_TABLE"] = "dbre-ledger",
                ["EVIDENCE_BUCKET"] = "dbre-evidence-111111111111-us-east-1",
                ["RUN_BUCKET"] = "dbre-runs-111111111111-us-east-1",
                ["RECOVERY_REGIONS"] = "eu-west-1",
                ["TOPIC_ARN"] = "arn:aws:sns:us-east-1:111111111111:dbre-notifications",
                ["STATE_MACHINE_ARN"] = "arn:aws:states:us-east-1:111111111111:stateMachine:snapshot-copy",
                ["DATABASE_CA_FILE"] = "{DatabaseCaFile}",
                ["POWERTOOLS_SERVICE_NAME"] = "dbre-snapshots",
                ["POWERTOOLS_LOG_LEVEL"] = "Information",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void The_recovery_stack_has_the_key_and_the_function_that_measures()
    {
        cloud.Recovery.Resources("AWS::KMS::Alias").ShouldHaveSingleItem()["AliasName"]!.ToString().ShouldBe("alias/dbre");
        cloud.Recovery.Resources("AWS::Lambda::Function").ShouldHaveSingleItem()["FunctionName"]!.ToString().ShouldBe("dbre-measure-database");
        cloud.Recovery.Resources("AWS::IAM::Role").ShouldHaveSingleItem()["RoleName"]!.ToString().ShouldBe("dbre-measure-database-eu-west-1");
    }

    [Theory]
    [InlineData("snapshot-copy", "cron(0 3 * * ? *)")]
    [InlineData("restore-drill", "cron(0 9 * * ? *)")]
    public void A_schedule_hands_over_the_policy_file_and_the_time_for_which_it_fires(string flow, string at)
    {
        var schedule = cloud.Primary.Resources("AWS::Scheduler::Schedule").Single(schedule => schedule["Name"]!.ToString() == $"{flow}-nightly");
        schedule["ScheduleExpression"]!.ToString().ShouldBe(at);
        schedule["Target"]!["Input"]!.ToString().ShouldBe(
            $$"""{"policy":"nightly","policies":{{cloud.CheckedIn.PoliciesJson}},"scheduledTime":"<aws.scheduler.scheduled-time>","flow":"{{flow}}"}""");
    }
}
