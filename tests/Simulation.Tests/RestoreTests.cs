using Amazon.RDS.Model;
using Amazon.StepFunctions;

using Dbre.Functions.Restore;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Nights;

namespace Dbre.Simulation.Tests;

/// <summary>The deployed restore flow in virtual time: rows lost at a known second are back, under the name that clients use only once somebody else agreed.</summary>
public sealed class RestoreTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(8);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Beside_the_live_database_it_is_as_it_was_a_second_before_the_damage(bool cluster)
    {
        using var restore = Restored("beside", cluster);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Replaced.ShouldBeFalse();
        restore.Names.ShouldBe([restore.Source, $"{restore.Source}-restored"]);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void In_its_place_it_has_the_name_and_the_old_one_is_kept(bool cluster)
    {
        using var restore = Restored("replace", cluster);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Replaced.ShouldBeTrue();
        restore.Names.Count.ShouldBe(2);
        restore.Names.ShouldContain(name => name.StartsWith($"{restore.Source}-before-restore-", StringComparison.Ordinal));
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_is_monitored_and_RDS_keeps_its_master_password_as_the_source_s_in_a_secret_of_its_own(bool cluster)
    {
        using var restore = Restored("beside", cluster);

        var (source, restored) = (Kept(restore, cluster, restore.Source), Kept(restore, cluster, restore.As));
        restored.Password.SecretStatus.ShouldBe("active");
        restored.Password.KmsKeyId.ShouldBe(source.Password.KmsKeyId);
        restored.Password.SecretArn.ShouldNotBe(source.Password.SecretArn);
        (restored.Interval, restored.Role).ShouldBe((source.Interval, source.Role));
        restored.Interval.ShouldBe(15);
    }

    private static (int? Interval, string? Role, MasterUserSecret Password) Kept(SimulatedRestore restore, bool cluster, string id)
    {
        var instance = restore.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest { DBInstanceIdentifier = cluster ? $"{id}-1" : id }).DBInstances[0];
        var secret = cluster ? restore.Do<DescribeDBClustersResponse>("rds", new DescribeDBClustersRequest { DBClusterIdentifier = id }).DBClusters[0].MasterUserSecret : instance.MasterUserSecret;
        return (instance.MonitoringInterval, instance.MonitoringRoleArn, secret);
    }

    [Theory]
    [InlineData(false, "beside", null)]
    [InlineData(false, "drill", null)]
    [InlineData(true, "beside", "db.r6g.large")]
    [InlineData(true, "drill", "db.r6g.large")]
    public void What_is_gone_comes_back_from_its_retained_backups(bool cluster, string purpose, string? instanceClass)
    {
        using var restore = new SimulatedRestore(Options(purpose, cluster, approves: true) with { Gone = true, InstanceClass = instanceClass });
        restore.Names.ShouldBeEmpty();
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Names.ShouldBe(purpose == "drill" ? [] : [restore.As]);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(true, 0)]
    public void What_is_gone_may_have_its_own_name_back_and_is_compared_all_the_same(bool cluster, long off)
    {
        using var restore = new SimulatedRestore(Options("beside", cluster, approves: true) with { Gone = true, UnderItsOwnName = true, InstanceClass = cluster ? "db.r6g.large" : null });
        restore.Ask("op", off: off);
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(off == 0 ? ExecutionStatus.SUCCEEDED : ExecutionStatus.FAILED, restore.CauseOf("op"));
        restore.Names.ShouldBe([restore.Source]);
        restore.AtTheEnd().Select(v => v.Rule).ShouldBe(off == 0 ? [] : ["one database under the name"], "what was not proven has the name, and stays to be looked at");
    }

    [Fact]
    public void A_cluster_that_is_gone_is_not_restored_before_somebody_says_its_class()
    {
        using var restore = new SimulatedRestore(Options("beside", cluster: true, approves: true) with { Gone = true });
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.Evidence("op")!.Value.ShouldBe(("Refused", $"source is '{restore.Source}', a cluster that is gone, and its backups do not say of which class its instances were; give instanceClass, such as db.r6g.large, for the instance that the restored one gets."));
        restore.Names.ShouldBeEmpty();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, "db.t4g.medium", "db.t4g.large")]
    [InlineData(true, "db.r6g.large", "db.r7g.large")]
    public void A_class_that_AWS_sells_no_more_is_told_and_another_can_be_given(bool cluster, string ended, string other)
    {
        using (var refused = new SimulatedRestore(Options("beside", cluster, approves: true) with { ClassEnded = true }))
        {
            refused.Ask("op");
            refused.Cloud.Clock.Advance(Long);
            var (outcome, reason) = refused.Evidence("op")!.Value;
            outcome.ShouldBe("Refused");
            reason.ShouldStartWith($"source is '{refused.Source}', of the class {ended}, which can no longer be ordered for ");
            refused.Names.ShouldBe([refused.Source]);
        }

        using var restore = new SimulatedRestore(Options("beside", cluster, approves: true) with { ClassEnded = true, InstanceClass = other });
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Do<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest { DBInstanceIdentifier = cluster ? $"{restore.As}-1" : restore.As }).DBInstances[0].DBInstanceClass.ShouldBe(other);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    /// <summary>A clone begins as its source is now, so only the latest can be one; and what takes the other's place must not share its pages.</summary>
    [Theory]
    [InlineData("beside", true, "copy-on-write")]
    [InlineData("drill", true, "copy-on-write")]
    [InlineData("replace", true, "full-copy")]
    [InlineData("beside", false, "full-copy")]
    public void The_latest_of_a_cluster_is_a_clone_unless_it_takes_the_others_place(string purpose, bool latest, string type)
    {
        using var restore = new SimulatedRestore(Options(purpose, cluster: true, approves: true) with { ToLatest = latest });
        var types = new List<string>();
        restore.Cloud.Weather.Done += (call, _) => types.AddRange(call.Request is RestoreDBClusterToPointInTimeRequest request ? [request.RestoreType] : (string[])[]);
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        types.ShouldBe([type]);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void A_clone_has_the_rows_of_its_source_with_the_damage_and_goes_its_own_way()
    {
        using var restore = new SimulatedRestore(Options("beside", cluster: true, approves: true) with { ToLatest = true });
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.Rows(restore.As, "item").ShouldBe(restore.Rows(restore.Source, "item"));
        restore.Rows(restore.As, "account").ShouldBe(0);
        restore.Cloud.Engine.At(restore.Holder(restore.As)!.Port)!.Write("item", -1);
        restore.Rows(restore.As, "item").ShouldBe(restore.Rows(restore.Source, "item") - 1);
    }

    [Fact]
    public void Nothing_is_swapped_when_somebody_rejects_it()
    {
        using var restore = Restored("replace", cluster: false, approves: false);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.FAILED);
        restore.Evidence("op")!.Value.ShouldBe(("Refused", "arn:aws:iam::111111111111:user/approver rejected it: the wrong second"));
        restore.Replaced.ShouldBeFalse();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void Nothing_is_swapped_when_nobody_approves_in_time()
    {
        using var restore = Restored("replace", cluster: false, approves: null);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.FAILED);
        restore.Evidence("op")!.Value.Outcome.ShouldBe("Refused");
        restore.Evidence("op")!.Value.Reason.ShouldStartWith("Nobody approved it in time");
        restore.Replaced.ShouldBeFalse();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void A_drill_proves_and_leaves_nothing()
    {
        using var restore = Restored("drill", cluster: true);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Names.ShouldBe([restore.Source]);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_as_a_witness_wrote_it_down_is_not_proven_and_never_gets_the_name()
    {
        using var restore = new SimulatedRestore(Options("replace", cluster: false, approves: true));
        restore.Ask("op", off: 1);
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.FAILED);
        restore.Replaced.ShouldBeFalse();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    /// <summary>Before the restored database asked for the name it goes back to the old one; after that it stays, since clients may write to it by then.</summary>
    [Theory]
    [InlineData(false, 1, false)]
    [InlineData(true, 1, false)]
    [InlineData(false, 2, true)]
    [InlineData(true, 2, true)]
    public void A_swap_that_somebody_stops_in_the_middle_leaves_one_database_under_the_name(bool cluster, int renaming, bool replaced)
    {
        using var restore = new SimulatedRestore(Options("replace", cluster, approves: true) with { StoppedAtRenaming = renaming });
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.ABORTED);
        restore.Replaced.ShouldBe(replaced);
        restore.Evidence("op")!.Value.Outcome.ShouldBe("Failed");
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void From_a_snapshot_it_is_as_it_was_when_that_was_taken(bool cluster)
    {
        using var restore = new SimulatedRestore(Options("beside", cluster, approves: true) with { FromSnapshot = true });
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_drill_that_somebody_stops_is_removed_by_the_clean_up(bool cluster)
    {
        using var restore = new SimulatedRestore(Options("drill", cluster, approves: true));
        restore.Ask("op");
        restore.Until(() => restore.Holder(restore.As) is { Available: true }).ShouldBeTrue();
        restore.Stop("op");
        restore.Cloud.Clock.Advance(Long);

        restore.Names.ShouldBe([restore.Source]);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void In_another_Region_it_is_as_it_was_a_second_before_the_damage(bool cluster, bool fromCopy)
    {
        using var restore = Elsewhere("beside", cluster, o => o with { FromSnapshot = fromCopy });

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Names.ShouldBe([restore.Source]);
        restore.NamesIn(restore.Region).ShouldBe([restore.As]);
        restore.Rows(restore.As, "account", restore.Region).ShouldBeGreaterThan(0);
        restore.Rows(restore.Source, "account").ShouldBe(0);
        Groups(restore, cluster).ShouldBe(("tuned", restore.SecurityGroup!));
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_security_group_that_is_gone_refuses_the_restore_in_one_sentence(bool cluster)
    {
        using var restore = Elsewhere("beside", cluster, o => o with { FromSnapshot = true, SecurityGroupGone = true });

        restore.Evidence("op")!.Value.ShouldBe((
            "Refused",
            $"The restored database needs the security group '{restore.SecurityGroup}', which is not there in {restore.Region}; make it first, or give other securityGroups."));
        restore.NamesIn(restore.Region).ShouldBeEmpty();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    private static (string Parameters, string Security) Groups(SimulatedRestore restore, bool cluster)
    {
        if (cluster)
        {
            var found = restore.DoThere<DescribeDBClustersResponse>("rds", new DescribeDBClustersRequest { DBClusterIdentifier = restore.As }).DBClusters[0];
            return (found.DBClusterParameterGroup, found.VpcSecurityGroups.ShouldHaveSingleItem().VpcSecurityGroupId);
        }

        var instance = restore.DoThere<DescribeDBInstancesResponse>("rds", new DescribeDBInstancesRequest { DBInstanceIdentifier = restore.As }).DBInstances[0];
        return (instance.DBParameterGroups[0].DBParameterGroupName, instance.VpcSecurityGroups.ShouldHaveSingleItem().VpcSecurityGroupId);
    }

    [Theory]
    [InlineData("beside")]
    [InlineData("drill")]
    public void What_is_gone_with_its_backups_comes_back_from_those_that_another_Region_has(string purpose)
    {
        using var restore = Elsewhere(purpose, cluster: false, o => o with { Gone = true });

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.Names.ShouldBeEmpty();
        restore.NamesIn(restore.Region).ShouldBe(purpose == "drill" ? [] : [restore.As]);
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Fact]
    public void What_came_back_under_its_own_name_does_not_hide_the_backups_of_what_is_gone()
    {
        using var restore = Elsewhere("beside", cluster: false, o => o with { Gone = true, UnderItsOwnName = true });
        restore.Ask("again", "again");
        restore.Cloud.Clock.Advance(Long);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("op"));
        restore.StatusOf("again").ShouldBe(ExecutionStatus.SUCCEEDED, restore.CauseOf("again"));
        restore.NamesIn(restore.Region).ShouldBe([restore.Source, $"{restore.Source}-again"]);
    }

    [Fact]
    public void A_drill_in_another_Region_that_somebody_stops_is_removed_by_the_clean_up()
    {
        using var restore = new SimulatedRestore(Options("drill", cluster: false, approves: true) with { Elsewhere = true });
        restore.Ask("op");
        restore.Until(() => restore.Holder(restore.As, restore.Region) is { Available: true }).ShouldBeTrue();
        restore.Stop("op");
        restore.Cloud.Clock.Advance(Long);

        restore.NamesIn(restore.Region).ShouldBeEmpty();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("replace", false, "purpose is 'replace', but region is 'eu-west-1' and 'db-00003' is in us-east-1, and a name leads to one Region; restore it with purpose 'beside', and lead its clients to it.")]
    [InlineData("beside", true, "region is 'eu-west-1', and 'db-00004' is a cluster, whose automated backups stay in us-east-1; say 'snapshot:' with one of its copies there.")]
    public void What_another_Region_cannot_have_is_refused(string purpose, bool cluster, string reason)
    {
        using var restore = Elsewhere(purpose, cluster, o => o);

        restore.Evidence("op")!.Value.ShouldBe(("Refused", reason));
        restore.NamesIn(restore.Region).ShouldBeEmpty();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    private static SimulatedRestore Elsewhere(string purpose, bool cluster, Func<RestoreOptions, RestoreOptions> more)
    {
        var restore = new SimulatedRestore(more(Options(purpose, cluster, approves: true) with { Elsewhere = true }));
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);
        return restore;
    }

    [Fact]
    public void Who_asked_for_it_cannot_approve_it_whichever_way_the_token_was_sent()
    {
        using var restore = Approved(RestoreRules.InForce);

        restore.StatusOf("op").ShouldBe(ExecutionStatus.FAILED);
        restore.CauseOf("op").ShouldNotBeNull().ShouldContain("who asked for it; no name was changed");
        restore.Replaced.ShouldBeFalse();
        restore.AtTheEnd().ShouldBeEmpty();
    }

    /// <summary>A checker that cannot fail proves nothing: each rule taken out is missed.</summary>
    [Fact]
    public void Without_the_rule_on_approvals_it_is_missed()
    {
        using var restore = Approved(RestoreRules.InForce with { MaySwap = (_, _) => true });

        restore.AtTheEnd().ShouldContain(v => v.Rule == "a swap needs an approval");
    }

    [Fact]
    public void Without_the_way_back_of_the_names_it_is_missed()
    {
        using var restore = new SimulatedRestore(Options("replace", cluster: false, approves: true) with
        {
            StoppedAtRenaming = 1, Rules = RestoreRules.InForce with { Back = _ => SwapStep.Done },
        });
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);

        restore.AtTheEnd().ShouldContain(v => v.Rule == "one database under the name");
    }

    private static SimulatedRestore Approved(RestoreRules rules)
    {
        var restore = new SimulatedRestore(Options("replace", cluster: false, approves: true) with { DecidedBy = SimulatedRestore.Requester, Rules = rules });
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);
        return restore;
    }

    private static SimulatedRestore Restored(string purpose, bool cluster, bool? approves = true)
    {
        var restore = new SimulatedRestore(Options(purpose, cluster, approves));
        restore.Ask("op");
        restore.Cloud.Clock.Advance(Long);
        return restore;
    }

    private static RestoreOptions Options(string purpose, bool cluster, bool? approves) =>
        new(1, CloudAssemblyFolder.Path, cluster, purpose) { Pace = StubPace.OneSecond, Approves = approves };
}
