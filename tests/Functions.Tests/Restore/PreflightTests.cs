using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Restore;

namespace Dbre.Functions.Tests.Restore;

public sealed class PreflightTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly RestoreInput Input = new("orders", Now.AddHours(-1), null, "orders-restored", RestorePurpose.Beside, "arn:me", []);

    private static readonly SourceDatabase Source = new(
        "orders", DatabaseKind.Instance, "postgres", "arn:aws:rds:us-east-1:111111111111:db:orders", "db-1", "available", 7, "arn:backup", KmsKey: null, Now.AddDays(-7), Now.AddMinutes(-5),
        new RestoreSettings(["db.t4g.medium"], null, [], null, null, 7, false, false, false, false, false, [], new Dictionary<string, string>(), []));

    [Fact]
    public void Nothing_stands_against_a_restore_within_the_window() => Problems(Input).ShouldBeEmpty();

    [Theory]
    [InlineData(1, "to is 2026-11-21T13:00:00Z, which is in the future; it is 2026-11-21T12:00:00Z now.")]
    [InlineData(0, "to is 2026-11-21T12:00:00Z; the latest that can be restored is 2026-11-21T11:55:00Z, so wait a little or say 'latest'.")]
    [InlineData(-169, "to is 2026-11-14T11:00:00Z; the earliest that can be restored is 2026-11-14T12:00:00Z. Older states are in its snapshots.")]
    public void A_time_outside_the_window_is_refused(int hours, string problem) => Problems(Input with { To = Now.AddHours(hours) }).ShouldBe([problem]);

    [Fact]
    public void The_edges_of_the_window_are_inside()
    {
        Problems(Input with { To = Source.Earliest }).ShouldBeEmpty();
        Problems(Input with { To = Source.Latest }).ShouldBeEmpty();
        Problems(Input with { To = Source.Latest!.Value.AddSeconds(1) }).ShouldHaveSingleItem();
    }

    [Fact]
    public void Backups_that_are_off_leave_nothing_to_restore_from() =>
        Problems(Input, Source with { BackupRetentionDays = 0, AutomatedBackup = null, Earliest = null, Latest = null })
            .ShouldBe(["source is 'orders', whose automated backups are off, so there is no log to restore from; restore one of its snapshots instead."]);

    [Theory]
    [InlineData("Enabled", null)]
    [InlineData("Disabled", "source is 'orders', whose key arn:key is Disabled; nothing under it can be restored before it is enabled.")]
    [InlineData(null, "source is 'orders', whose key arn:key is gone; nothing under it can be restored before it is enabled.")]
    public void A_key_that_is_not_enabled_is_told(string? state, string? problem)
    {
        var known = new Known(Source with { KmsKey = "arn:key" }, null, null, null) { KeyState = state };

        Preflight.Problems(Input, known, "op", "kept", "us-east-1", Now).ShouldBe(problem is null ? [] : [problem]);
    }

    [Fact]
    public void Quotas_that_leave_no_room_are_told_and_what_the_operation_made_already_is_no_reason()
    {
        var full = new Known(Source, null, null, null) { Instances = new Room(40, 40) };
        var cluster = Source with { Kind = DatabaseKind.Cluster, Settings = Source.Settings with { MemberClasses = ["db.r6g.large", "db.r6g.large"] } };

        Preflight.Problems(Input, full, "op", "kept", "us-east-1", Now)
            .ShouldBe(["The restore needs 1 DB instance in us-east-1, and 40 of the quota of 40 are used; raise the quota or remove some first."]);
        Preflight.Problems(Input with { Purpose = RestorePurpose.Replace }, full with { Source = cluster, Instances = new Room(39, 40), Clusters = new Room(40, 40) }, "op", "kept", "us-east-1", Now).Count.ShouldBe(2);
        Preflight.Problems(Input, full with { TargetHolder = new NamedDatabase("orders-restored", "db-2", "arn", "creating", null, 0, "op") }, "op", "kept", "us-east-1", Now).ShouldBeEmpty();
    }

    [Fact]
    public void A_first_backup_that_is_not_finished_is_waited_for() =>
        Problems(Input, Source with { Earliest = null, Latest = null }).ShouldHaveSingleItem().ShouldContain("its first automated backup is not finished");

    [Fact]
    public void A_source_that_is_nowhere_is_told() =>
        Preflight.Problems(Input, new Known(null, null, null, null), "op", "kept", "us-east-1", Now).ShouldBe(["source is 'orders'; there is no such database in us-east-1, and no automated backup of one of that name. What else is left of it are its snapshots, to be restored by hand."]);

    [Fact]
    public void A_cluster_without_instances_says_not_which_ones_to_make() =>
        Problems(Input, Source with { Kind = DatabaseKind.Cluster, Settings = Source.Settings with { MemberClasses = [] } }).ShouldHaveSingleItem().ShouldContain("a cluster without instances");

    [Fact]
    public void Of_a_cluster_that_is_gone_nobody_knows_the_class_but_who_asks()
    {
        var gone = Source with { Kind = DatabaseKind.Cluster, Status = null, Settings = Source.Settings with { MemberClasses = [] } };

        Problems(Input, gone).ShouldBe(["source is 'orders', a cluster that is gone, and its backups do not say of which class its instances were; give instanceClass, such as db.r6g.large, for the instance that the restored one gets."]);
        Problems(Input with { InstanceClass = "db.r6g.large" }, gone).ShouldBeEmpty();
    }

    [Fact]
    public void A_source_that_lives_says_its_class_itself() =>
        Problems(Input with { InstanceClass = "db.r6g.large" }).ShouldBe(["instanceClass is 'db.r6g.large', but 'orders' is there with db.t4g.medium, and what is restored gets the same; leave instanceClass out."]);

    [Fact]
    public void A_class_that_is_sold_no_more_is_told_and_another_may_be_given_then()
    {
        var known = new Known(Source with { Version = "16.4" }, null, null, null) { Unorderable = ["db.t4g.medium"] };

        Of(Input, known).ShouldBe(["source is 'orders', of the class db.t4g.medium, which can no longer be ordered for postgres 16.4 in us-east-1; give instanceClass, such as db.r6g.large."]);
        Of(Input with { InstanceClass = "db.r6g.large" }, known).ShouldBeEmpty();
        Of(Input with { InstanceClass = "db.x9.huge" }, known with { Unorderable = ["db.t4g.medium", "db.x9.huge"] })
            .ShouldBe(["instanceClass is 'db.x9.huge', which cannot be ordered for postgres 16.4 in us-east-1; give another."]);
    }

    [Fact]
    public void Groups_that_are_not_there_are_told_in_one_sentence()
    {
        var known = new Known(Source, null, null, null) { Groups = new FoundGroups(["the DB subnet group 'private'", "the option group 'audit'"], []) };

        Of(Input, known).ShouldBe(["The restored database needs the DB subnet group 'private' and the option group 'audit', which are not there in us-east-1; make them first."]);
        Of(Input, known with { Groups = new FoundGroups(["the security group 'sg-1'"], []) }).ShouldBe(["The restored database needs the security group 'sg-1', which is not there in us-east-1; make it first."]);
    }

    [Fact]
    public void A_security_group_of_another_VPC_is_told_with_both()
    {
        var known = new Known(Source, null, null, null) { Groups = new FoundGroups([], [new GroupApart("sg-1", "vpc-b", "private", "vpc-a")]) };

        Preflight.Problems(Away with { SecurityGroups = ["sg-1"] }, known, "op", "kept", "eu-west-1", Now)
            .ShouldBe(["The restored database needs the security group 'sg-1', which is in vpc-b, and the DB subnet group 'private', which is in vpc-a; give groups of one VPC."]);
        Of(Input, known).ShouldBeEmpty("the source has both");
    }

    [Theory]
    [InlineData("postgres", "15.8", "16.4", true)]
    [InlineData("postgres", "16.1", "16.4", false)]
    [InlineData("mariadb", "10.6.18", "10.11.8", true)]
    [InlineData("mariadb", "10.11.7", "10.11.8", false)]
    public void A_snapshot_of_another_major_version_has_groups_of_its_own(string engine, string then, string now, bool told)
    {
        var known = new Known(Source with { Engine = engine, Version = now }, new SourceSnapshot("s", "available", "orders", then), null, null);

        var problems = Of(Input with { To = null, Snapshot = "s" }, known);

        problems.ShouldBe(told ? [$"to is 'snapshot:s', of {engine} {then}; 'orders' is {now} by now, and its groups do not fit the other version, so restore that snapshot by hand."] : []);
    }

    private static IReadOnlyList<string> Of(RestoreInput input, Known known) => Preflight.Problems(input, known, "op", "kept", "us-east-1", Now);

    [Fact]
    public void What_is_gone_is_restored_from_its_backups_but_replaces_nothing()
    {
        var gone = Source with { Status = null };

        Problems(Input, gone).ShouldBeEmpty();
        Problems(Input with { As = "orders" }, gone).ShouldBeEmpty("the name is free");
        Problems(Input with { As = "orders" }).ShouldBe(["as is 'orders', the source itself; a restore makes a new database, so give another name."]);
        Problems(Input with { Purpose = RestorePurpose.Replace }, gone).ShouldHaveSingleItem().ShouldStartWith("purpose is 'replace', but 'orders' is gone");
    }

    [Theory]
    [InlineData("orders", "the source itself")]
    [InlineData("-orders", "allowed are 1 to 63 letters")]
    [InlineData("orders--two", "allowed are 1 to 63 letters")]
    [InlineData("2orders", "allowed are 1 to 63 letters")]
    [InlineData("orders_two", "allowed are 1 to 63 letters")]
    [InlineData("a123456789b123456789c123456789d123456789e123456789f123456789g123", "allowed are 1 to 63 letters")]
    public void A_name_that_RDS_would_not_take_is_refused(string name, string problem) => Problems(Input with { As = name }).ShouldHaveSingleItem().ShouldContain(problem);

    [Fact]
    public void A_target_that_exists_is_refused_unless_this_operation_made_it()
    {
        var there = new NamedDatabase("orders-restored", "db-2", "arn:2", "available", "host", 5432, "op");

        Preflight.Problems(Input, new Known(Source, null, there, null), "op", "kept", "us-east-1", Now).ShouldBeEmpty();
        Preflight.Problems(Input, new Known(Source, null, there with { Operation = null }, null), "op", "kept", "us-east-1", Now)
            .ShouldBe(["as is 'orders-restored', a database that exists (available); give a name that is free."]);
    }

    [Fact]
    public void A_drill_says_by_its_name_that_it_may_be_removed()
    {
        Problems(Input with { Purpose = RestorePurpose.Drill }).ShouldHaveSingleItem().ShouldContain("its name must begin with dbre-drill-");
        Problems(Input with { Purpose = RestorePurpose.Drill, As = "dbre-drill-orders" }).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(null, null, "there is no such snapshot in us-east-1")]
    [InlineData("creating", "orders", "which is creating; it must be available")]
    [InlineData("available", "billing", "a snapshot of 'billing' and not of 'orders'")]
    [InlineData("available", "orders", null)]
    public void A_snapshot_has_to_be_one_of_the_source_and_there(string? status, string? of, string? problem)
    {
        var snapshot = status is null ? null : new SourceSnapshot("s", status, of!);

        var problems = Preflight.Problems(Input with { To = null, Snapshot = "s" }, new Known(Source, snapshot, null, null), "op", "kept", "us-east-1", Now);

        (problems.Count == 0 ? null : problems.ShouldHaveSingleItem()).ShouldSatisfyAllConditions(p => (p is null).ShouldBe(problem is null), p => (p ?? "").ShouldContain(problem ?? ""));
    }

    [Fact]
    public void Another_Region_restores_what_is_replicated_to_it_under_any_name_that_is_free_there()
    {
        Elsewhere(Away).ShouldBeEmpty();
        Elsewhere(Away with { As = "orders" }).ShouldBeEmpty("the name is free there");
        Elsewhere(Away, Source with { AutomatedBackup = null, Earliest = null, Latest = null })
            .ShouldBe(["region is 'eu-west-1', to which the automated backups of 'orders' are not replicated; say 'snapshot:' with one of its copies there, and for the next time switch their replication on (start-db-instance-automated-backups-replication)."]);
        Elsewhere(Away, Source with { Kind = DatabaseKind.Cluster, AutomatedBackup = null, Earliest = null, Latest = null })
            .ShouldBe(["region is 'eu-west-1', and 'orders' is a cluster, whose automated backups stay in us-east-1; say 'snapshot:' with one of its copies there."]);
        Elsewhere(Away with { Purpose = RestorePurpose.Replace })
            .ShouldBe(["purpose is 'replace', but region is 'eu-west-1' and 'orders' is in us-east-1, and a name leads to one Region; restore it with purpose 'beside', and lead its clients to it."]);
        Preflight.Problems(Away, new Known(null, null, null, null), "op", "kept", "eu-west-1", Now)
            .ShouldBe(["source is 'orders'; there is no such database, and in eu-west-1 no automated backup of one of that name. What else is left of it are its snapshots, to be restored by hand."]);
    }

    [Fact]
    public void Groups_of_the_source_s_names_must_be_there_too_or_another_subnet_group_is_given()
    {
        var known = new Known(Source with { Settings = Source.Settings with { SubnetGroup = "private" } }, null, null, null) { Groups = new FoundGroups(["the DB subnet group 'private'"], []) };

        Preflight.Problems(Away, known, "op", "kept", "eu-west-1", Now)
            .ShouldBe(["The restored database needs the DB subnet group 'private', which is not there in eu-west-1; make it first, or give another subnetGroup."]);
        Preflight.Problems(Away, known with { Groups = new FoundGroups(["the option group 'audit'"], []) }, "op", "kept", "eu-west-1", Now)
            .ShouldBe(["The restored database needs the option group 'audit', which is not there in eu-west-1; make it first."]);
        Preflight.Problems(Away with { SecurityGroups = ["sg-1", "sg-2"] }, known with { Groups = new FoundGroups(["the DB subnet group 'private'", "the security group 'sg-2'"], []) }, "op", "kept", "eu-west-1", Now)
            .ShouldBe(["The restored database needs the DB subnet group 'private' and the security group 'sg-2', which are not there in eu-west-1; make them first, or give another subnetGroup and other securityGroups."]);
    }

    [Theory]
    [InlineData(DatabaseKind.Instance)]
    [InlineData(DatabaseKind.Cluster)]
    public void A_copy_needs_no_replicated_backups_and_has_a_key_of_its_own(DatabaseKind kind)
    {
        var source = Source with { Kind = kind, KmsKey = "arn:home", AutomatedBackup = null, Earliest = null, Latest = null };
        var known = new Known(source, new SourceSnapshot("s", "available", "orders", KmsKey: "arn:away"), null, null);

        known.Key.ShouldBe("arn:away");
        Preflight.Problems(Away with { To = null, Snapshot = "s" }, known with { KeyState = "Enabled" }, "op", "kept", "eu-west-1", Now).ShouldBeEmpty();
        Preflight.Problems(Away with { To = null, Snapshot = "s" }, known with { KeyState = "Disabled" }, "op", "kept", "eu-west-1", Now)
            .ShouldBe(["source is 'orders', whose key arn:away is Disabled; nothing under it can be restored before it is enabled."]);
    }

    [Fact]
    public void Networks_are_given_only_where_the_source_s_does_not_hold()
    {
        var given = Input with { SubnetGroup = "private", SecurityGroups = ["sg-1", "sg-2"] };

        Problems(given).ShouldBe(
        [
            "subnetGroup is 'private', but 'orders' is there, and what is restored in its Region gets the same as it has; leave subnetGroup out.",
            "securityGroups is 'sg-1, sg-2', but 'orders' is there, and what is restored in its Region gets the same as it has; leave securityGroups out.",
        ]);
        Problems(given, Source with { Status = null }).ShouldBeEmpty();
        Elsewhere(given with { Region = "eu-west-1" }).ShouldBeEmpty();
    }

    private static RestoreInput Away => Input with { Region = "eu-west-1" };

    private static IReadOnlyList<string> Elsewhere(RestoreInput input, SourceDatabase? source = null) =>
        Preflight.Problems(input, new Known(source ?? Source, null, null, null), "op", "kept", "eu-west-1", Now);

    [Fact]
    public void All_problems_are_told_at_once() =>
        Problems(Input with { As = "orders", Purpose = RestorePurpose.Replace, To = Now.AddHours(1) }, Source with { Status = "stopped" }).Count.ShouldBe(3);

    private static IReadOnlyList<string> Problems(RestoreInput input, SourceDatabase? source = null) =>
        Preflight.Problems(input, new Known(source ?? Source, null, null, null), "op", "orders-before-restore", "us-east-1", Now);
}
