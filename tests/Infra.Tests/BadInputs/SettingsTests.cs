namespace Dbre.Infra.Tests.BadInputs;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("acount", "111111111111", "Context has the unknown key 'acount'; allowed are account, region,")]
    [InlineData("account", "1111", "Context account is '1111'; allowed is the 12 digits of an AWS account id.")]
    [InlineData("region", "Virginia", "Context region is 'Virginia'; allowed is a Region such as us-east-1.")]
    [InlineData("recoveryRegion", "us-east-1", "Context recoveryRegion is 'us-east-1', which is the primary Region; it must be another one.")]
    [InlineData("evidenceLockMode", "NONE", "Context evidenceLockMode is 'NONE'; allowed is GOVERNANCE or COMPLIANCE.")]
    [InlineData("evidenceLockDays", "0", "Context evidenceLockDays is '0'; allowed is 1 to 36500 days.")]
    [InlineData("evidenceLockDays", "36501", "Context evidenceLockDays is '36501'; allowed is 1 to 36500 days.")]
    [InlineData("vpcSubnetIds.eu-west-1", "subnet-1", "Context has one of vpcSubnetIds.eu-west-1 and vpcSecurityGroupIds.eu-west-1; functions in a VPC need both.")]
    [InlineData("vpcSubnetIds", "subnet-1", "Context has one of vpcSubnetIds and vpcSecurityGroupIds; functions in a VPC need both.")]
    public void A_setting_that_is_not_allowed_is_refused(string key, string value, string problem) =>
        Should.Throw<SynthesisException>(() => SettingsReader.Read(new Dictionary<string, string> { [key] = value })).Message.ShouldStartWith(problem);

    [Fact]
    public void Each_region_has_subnets_of_its_own()
    {
        var settings = SettingsReader.Read(new Dictionary<string, string>
        {
            ["vpcSubnetIds"] = "subnet-1, subnet-2", ["vpcSecurityGroupIds"] = "sg-1", ["vpcSubnetIds.eu-west-1"] = "subnet-3", ["vpcSecurityGroupIds.eu-west-1"] = "sg-3",
        });
        settings.Vpcs.Keys.ShouldBe(["eu-west-1", "us-east-1"]);
        settings.Vpcs["us-east-1"].SubnetIds.ShouldBe(["subnet-1", "subnet-2"]);
        settings.Vpcs["eu-west-1"].SecurityGroupIds.ShouldBe(["sg-3"]);
    }

    [Fact]
    public void The_keys_of_the_cdk_itself_are_left_alone() =>
        SettingsReader.Read(new Dictionary<string, string> { ["aws:cdk:enable-path-metadata"] = "true", ["@aws-cdk/core:newStyle"] = "true" }).Region.ShouldBe("us-east-1");

    [Theory]
    [InlineData("deploy")]
    [InlineData("-c")]
    public void An_argument_that_is_not_known_is_refused(string argument) =>
        Should.Throw<SynthesisException>(() => CommandLine.Parse([argument])).Message.ShouldStartWith($"The argument '{argument}' is not known");
}
