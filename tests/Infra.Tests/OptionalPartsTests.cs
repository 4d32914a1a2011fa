using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests;

/// <summary>What is there only when the policies or the context ask for it.</summary>
[Collection(CloudCollection.Name)]
public sealed class OptionalPartsTests(CloudFixture cloud)
{
    private SynthesizedTemplate Target => cloud.TemplatesWithEverything.Single(template => template.Name == $"DbreTargetAccount-{CloudFixture.OtherAccount}");

    [Fact]
    public void Without_another_account_there_is_no_stack_for_one() => cloud.Templates.Select(template => template.Name).ShouldBe(["DbrePrimary", "DbreRecovery"]);

    [Fact]
    public void A_policy_that_wants_it_has_a_canary_every_minute_and_no_other_has()
    {
        cloud.Primary.Resources("AWS::Scheduler::Schedule").ShouldNotContain(schedule => schedule["Name"]!.ToString().StartsWith("canary-", StringComparison.Ordinal));
        var primary = cloud.TemplatesWithEverything.Single(template => template.Name == "DbrePrimary");
        var schedule = primary.Resources("AWS::Scheduler::Schedule").Single(schedule => schedule["Name"]!.ToString() == "canary-nightly");
        var function = primary.Resources("AWS::Lambda::Function").Single(function => function["FunctionName"]!.ToString() == "dbre-write-canary");
        schedule["ScheduleExpression"]!.ToString().ShouldBe("rate(1 minute)");
        SynthesizedTemplate.Text(schedule["Target"]!["Arn"]).ShouldBe($"{{{function.LogicalId}}}");
    }

    [Fact]
    public void The_role_in_another_account_trusts_exactly_the_functions_that_may_assume_it()
    {
        var role = Target.Resources("AWS::IAM::Role").ShouldHaveSingleItem();
        role["RoleName"]!.ToString().ShouldBe("dbre-copy-target");
        var trust = role["AssumeRolePolicyDocument"]!["Statement"]!.AsArray().ShouldHaveSingleItem()!;
        var trusted = SynthesizedTemplate.Texts(trust["Condition"]!["ArnEquals"]!["aws:PrincipalArn"]);
        var copiers = RoleStatement.Of(cloud.Primary).Where(statement => statement.Actions.Contains("sts:AssumeRole")).Select(statement => $"arn:aws:iam::111111111111:role/{statement.Role["RoleName"]}");
        trusted.ShouldBe(copiers, ignoreOrder: true);
        trusted.ShouldNotBeEmpty();
    }

    [Fact]
    public void The_role_in_another_account_works_in_rds_and_kms_only()
    {
        var statements = RoleStatement.Of(Target).ToList();
        statements.SelectMany(statement => statement.Actions).Select(action => action.Split(':')[0]).Distinct().ShouldBe(["kms", "rds"], ignoreOrder: true);
    }

    [Fact]
    public void The_role_in_another_account_may_read_what_it_copies_at_home_and_nothing_else_there()
    {
        var atHome = RoleStatement.Of(Target).Where(statement => statement.Resources.Any(resource => resource.Contains("111111111111", StringComparison.Ordinal)));
        atHome.Select(statement => $"{string.Join(' ', statement.Actions)} on {string.Join(' ', statement.Resources)}").ShouldBe(
        [
            "rds:CopyDBSnapshot on arn:aws:rds:*:111111111111:snapshot:*",
            "rds:CopyDBClusterSnapshot on arn:aws:rds:*:111111111111:cluster-snapshot:*",
            "kms:DescribeKey kms:Decrypt kms:CreateGrant on arn:aws:kms:*:111111111111:key/*",
        ], ignoreOrder: true);
    }

    [Fact]
    public void The_keys_at_home_let_the_other_account_copy()
    {
        foreach (var key in cloud.TemplatesWithEverything.Where(template => template.Name is "DbrePrimary" or "DbreRecovery").SelectMany(template => template.Resources("AWS::KMS::Key")))
        {
            key["KeyPolicy"]!["Statement"]!.AsArray().Where(statement => statement!["Principal"]!.ToJsonString().Contains(CloudFixture.OtherAccount, StringComparison.Ordinal))
                .SelectMany(statement => SynthesizedTemplate.Texts(statement!["Action"])).ShouldBe(["kms:Decrypt", "kms:DescribeKey", "kms:CreateGrant"], key.ToString());
        }
    }

    [Fact]
    public void In_a_vpc_every_function_has_its_subnets_and_may_make_network_interfaces()
    {
        foreach (var template in cloud.TemplatesWithEverything)
        {
            var functions = template.Resources("AWS::Lambda::Function");
            functions.Where(function => function["VpcConfig"]?["SubnetIds"]?.AsArray().Count != 2).ShouldBeEmpty();
            RoleStatement.Of(template).Count(statement => statement.Actions.Contains("ec2:CreateNetworkInterface")).ShouldBe(functions.Count);
        }

        cloud.Templates.SelectMany(RoleStatement.Of).Where(statement => statement.Actions.Contains("ec2:CreateNetworkInterface")).ShouldBeEmpty();
    }

    [Fact]
    public void An_address_is_subscribed_to_the_topic_when_given()
    {
        cloud.Primary.Resources("AWS::SNS::Subscription").ShouldBeEmpty();
        cloud.TemplatesWithEverything.SelectMany(template => template.Resources("AWS::SNS::Subscription")).ShouldHaveSingleItem()["Endpoint"]!.ToString().ShouldBe("dbre@example.com");
    }
}
