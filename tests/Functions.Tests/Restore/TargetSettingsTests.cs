using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Restore;

namespace Dbre.Functions.Tests.Restore;

public sealed class TargetSettingsTests
{
    private const string Key = "arn:aws:kms:us-east-1:111111111111:key/1";
    private const string NoneGiven = "It has the default security group of its VPC, since none were given.";

    private static readonly RestoreInput Input = new("orders", null, null, "orders-restored", RestorePurpose.Beside, "arn:me", []);

    private static readonly SourceDatabase Source = new(
        "orders", DatabaseKind.Cluster, "aurora-postgresql", "arn:aws:rds:us-east-1:111111111111:cluster:orders", "cluster-1", "available", 7, null, Key, null, null,
        new RestoreSettings(["db.r6g.large", "db.r6g.large"], "private", ["sg-home"], "tuned", null, 7, true, true, false, false, false, [], new Dictionary<string, string>(), ["By hand."])
        {
            Password = new ManagedPassword(Key),
        });

    [Fact]
    public void In_its_own_Region_it_is_as_the_source_is() => TargetSettings.Of(Source, Input).ShouldBe(Source.Settings);

    [Fact]
    public void A_class_that_is_given_is_every_instance_s()
    {
        TargetSettings.Of(Source, Input with { InstanceClass = "db.r7g.large" }).MemberClasses.ShouldBe(["db.r7g.large", "db.r7g.large"]);
        TargetSettings.Of(Source with { Settings = Source.Settings with { MemberClasses = [] } }, Input with { InstanceClass = "db.r7g.large" }).MemberClasses.ShouldBe(["db.r7g.large"]);
    }

    [Fact]
    public void In_another_Region_groups_are_looked_for_by_name_and_what_is_of_one_Region_is_not_taken_along()
    {
        var settings = TargetSettings.Of(Source, Input with { Region = "eu-west-1" });

        (settings.SubnetGroup, settings.ParameterGroup, settings.DeletionProtection).ShouldBe(("private", "tuned", true));
        settings.SecurityGroups.ShouldBeEmpty();
        settings.Password.ShouldBe(new ManagedPassword(null));
        settings.NotCarried.ShouldBe(["By hand.", NoneGiven, $"The secret of its master password is under Secrets Manager's own key, since {Key} is of the source's Region."]);
    }

    [Fact]
    public void What_is_given_is_taken()
    {
        var settings = TargetSettings.Of(Source with { Settings = Source.Settings with { Password = null } }, Input with { Region = "eu-west-1", SubnetGroup = "recovery", SecurityGroups = ["sg-away"] });

        settings.SubnetGroup.ShouldBe("recovery");
        settings.SecurityGroups.ShouldBe(["sg-away"]);
        settings.NotCarried.ShouldBe(["By hand."]);
    }

    [Fact]
    public void Of_what_is_gone_no_network_is_known()
    {
        var gone = Source with { Status = null, Settings = Source.Settings with { SubnetGroup = null, SecurityGroups = [], Password = null } };

        TargetSettings.Of(gone, Input).NotCarried.ShouldBe(["By hand.", NoneGiven]);
        TargetSettings.Of(gone, Input with { SecurityGroups = ["sg-1"] }).SecurityGroups.ShouldBe(["sg-1"]);
    }
}
