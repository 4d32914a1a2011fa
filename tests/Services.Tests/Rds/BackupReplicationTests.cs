using Amazon.RDS;
using Amazon.RDS.Model;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services.Rds;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

/// <summary>Automated backups in a second Region: begun, followed, restored from, stopped, and what is left of them when the instance is gone.</summary>
public sealed class BackupReplicationTests
{
    private static readonly string Source = Arn("db:db");
    private readonly RdsLab lab = new();

    private DateTime Now => lab.Cloud.Clock.GetUtcNow().UtcDateTime;

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1, 4)]
    public async Task A_restore_in_the_other_Region_shows_the_rows_of_its_second(int seconds, long rows)
    {
        var source = await Replicated();
        lab.Pass(600);
        lab.At(source).Write("item", -6);
        var deletion = Now;
        lab.Pass(1200);

        await lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", (await Replica())!, deletion.AddSeconds(seconds)));
        lab.Pass();

        var restored = await RdsLab.Described(lab.Recovery, "back");
        (restored.DBInstanceStatus, restored.DBInstanceArn).ShouldBe(("available", "arn:aws:rds:eu-west-1:111111111111:db:back"));
        lab.At(restored).Tables["item"].ShouldBe(rows);
        lab.At(source).Tables["item"].ShouldBe(4);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_pending_then_replicating_and_described_in_the_Region_that_it_is_in()
    {
        var source = await lab.Created("db");
        var started = (await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => r.Tags = [new Tag { Key = "why", Value = "disaster" }]))).DBInstanceAutomatedBackup;

        (started.Status, started.RestoreWindow, started.BackupRetentionPeriod).ShouldBe(("pending", null, 7));
        started.DBInstanceAutomatedBackupsArn.ShouldStartWith("arn:aws:rds:eu-west-1:111111111111:auto-backup:ab-");
        (started.DBInstanceArn, started.DbiResourceId, started.DBInstanceIdentifier, started.Region).ShouldBe((Source, source.DbiResourceId, "db", "us-east-1"));
        lab.Pass(2);

        var replica = (await Replica())!;
        (replica.Status, replica.DBInstanceAutomatedBackupsArn, replica.TagList.ShouldHaveSingleItem().Key).ShouldBe(("replicating", started.DBInstanceAutomatedBackupsArn, "why"));
        var home = (await Backups(lab.Home)).ShouldHaveSingleItem();
        (home.Status, home.BackupRetentionPeriod).ShouldBe(("active", 1));
        home.DBInstanceAutomatedBackupsArn.ShouldStartWith("arn:aws:rds:us-east-1:111111111111:auto-backup:ab-");
        home.DBInstanceAutomatedBackupsReplications.ShouldHaveSingleItem().DBInstanceAutomatedBackupsArn.ShouldBe(started.DBInstanceAutomatedBackupsArn);
        (await Replications()).ShouldBe([started.DBInstanceAutomatedBackupsArn]);
        var snapshot = (await lab.Recovery.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "automated" })).DBSnapshots.ShouldHaveSingleItem();
        (snapshot.Status, snapshot.SourceRegion, snapshot.DbiResourceId).ShouldBe(("available", "us-east-1", source.DbiResourceId));
        (await RdsLab.Refused(lab.Recovery.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = snapshot.DBSnapshotIdentifier }))).Code.ShouldBe("InvalidDBSnapshotState");
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Its_window_begins_with_the_copy_and_ends_one_upload_before_the_one_at_home()
    {
        await Replicated(started: 60);
        lab.Pass(1000);

        var window = (await Replica())!.RestoreWindow;

        // 03:00:10 is when the instance is there; the copy takes a second.
        (window.EarliestTime, window.LatestTime).ShouldBe((At("03:01:11"), At("03:10:00")));
        (await RdsLab.Described(lab.Home, "db")).LatestRestorableTime.ShouldBe(At("03:15:00"));
        var replica = (await Replica())!;
        var late = await RdsLab.Refused(lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", replica, At("03:10:01"))));
        var early = await RdsLab.Refused(lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", replica, At("03:01:10"))));
        (late.Code, early.Code).ShouldBe(("InvalidParameterValue", "InvalidParameterValue"));
        late.Message.ShouldContain("later than 2026-11-21T03:10:00Z");
        early.Message.ShouldContain("earlier than 2026-11-21T03:01:11Z");
        (await RdsLab.Refused(lab.Home.RestoreDBInstanceToPointInTimeAsync(To("back", replica, At("03:05:00"))))).Code.ShouldBe("DBInstanceAutomatedBackupNotFound");
    }

    public static TheoryData<string, Action<StartDBInstanceAutomatedBackupsReplicationRequest>, string, string> Refusals => new()
    {
        { "no ARN", r => r.SourceDBInstanceArn = "db", "InvalidParameterValue", "SourceDBInstanceArn: db" },
        { "another's ARN", r => r.SourceDBInstanceArn = Arn("snapshot:db"), "InvalidParameterValue", "SourceDBInstanceArn" },
        { "its own Region", r => r.SourceDBInstanceArn = "arn:aws:rds:eu-west-1:111111111111:db:db", "InvalidParameterValue", "another Region" },
        { "another account", r => r.SourceDBInstanceArn = "arn:aws:rds:us-east-1:222222222222:db:db", "DBInstanceNotFound", "222222222222" },
        { "what is not there", r => r.SourceDBInstanceArn = Arn("db:none"), "DBInstanceNotFound", "none" },
        { "without backups", r => r.SourceDBInstanceArn = Arn("db:bare"), "InvalidDBInstanceState", "BackupRetentionPeriod is 0" },
        { "stopped", r => r.SourceDBInstanceArn = Arn("db:stopped"), "InvalidDBInstanceState", "stopped" },
        { "a member of a cluster", r => r.SourceDBInstanceArn = Arn("db:ledger-1"), "InvalidDBInstanceState", "ledger" },
        { "for no day", r => r.BackupRetentionPeriod = 0, "InvalidParameterValue", "BackupRetentionPeriod" },
        { "for too long", r => r.BackupRetentionPeriod = 36, "InvalidParameterValue", "between 1 and 35" },
        { "encrypted, without a key", r => r.SourceDBInstanceArn = Arn("db:secret"), "InvalidParameterCombination", "KMS key ID" },
        { "encrypted, a key that is not there", r => (r.SourceDBInstanceArn, r.KmsKeyId) = (Arn("db:secret"), "alias/none"), "KMSKeyNotAccessibleFault", "alias/none" },
        { "not encrypted, with a key", r => r.KmsKeyId = "alias/aws/rds", "InvalidParameterCombination", "not encrypted" },
        { "again", r => r.SourceDBInstanceArn = Arn("db:twice"), "InvalidDBInstanceAutomatedBackupState", "already" },
        { "a reserved tag", r => r.Tags = [new Tag { Key = "aws:x", Value = "" }], "InvalidParameterValue", "aws:x" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_AWS_does_not_replicate_is_refused_with_its_code(string what, Action<StartDBInstanceAutomatedBackupsReplicationRequest> spoil, string code, string named)
    {
        await lab.Created("db");
        await lab.Created("stopped");
        await lab.Created("twice");
        await lab.Created("secret", lab.Key());
        await lab.Cluster("ledger");
        var bare = RdsLab.Instance("bare");
        bare.BackupRetentionPeriod = 0;
        await lab.Home.CreateDBInstanceAsync(bare);
        await lab.Home.StopDBInstanceAsync(new StopDBInstanceRequest { DBInstanceIdentifier = "stopped" });
        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => r.SourceDBInstanceArn = Arn("db:twice")));
        lab.Pass();

        var refusal = await RdsLab.Refused(lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(spoil)));

        refusal.Code.ShouldBe(code, what);
        refusal.Message.ShouldContain(named);
        (await Backups(lab.Recovery)).Select(b => b.DBInstanceIdentifier).ShouldBe(["twice"]);
        (await Replications()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("us-east-1", null)]
    [InlineData(null, "https://rds.ap-south-1.amazonaws.com/?X-Amz-Credential=a/20261121/ap-south-1/rds/aws4_request")]
    public async Task The_presigned_request_is_neither_needed_nor_looked_at(string? region, string? url)
    {
        await lab.Created("db");

        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => (r.SourceRegion, r.PreSignedUrl) = (region, url)));
        lab.Pass();

        (await Replica())!.Status.ShouldBe("replicating");
    }

    [Fact]
    public async Task What_was_encrypted_is_under_the_other_Regions_key_in_backup_snapshot_and_restored_instance()
    {
        var (key, other) = (lab.Key(), lab.Key(EmulatedCloud.OtherRegion));
        await lab.Created("db", key);
        (await RdsLab.Refused(lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => r.KmsKeyId = key)))).Code.ShouldBe("KMSKeyNotAccessibleFault");
        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => r.KmsKeyId = other));
        lab.Pass(1200);

        var replica = (await Replica())!;
        await lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", replica, null));
        lab.Pass();

        (replica.Encrypted, replica.KmsKeyId).ShouldBe((true, other));
        (await Backups(lab.Home)).ShouldHaveSingleItem().KmsKeyId.ShouldBe(key);
        (await lab.Recovery.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "automated", DBInstanceIdentifier = "db" })).DBSnapshots[0].KmsKeyId.ShouldBe(other);
        var restored = await RdsLab.Described(lab.Recovery, "back");
        (restored.StorageEncrypted, restored.KmsKeyId).ShouldBe((true, other));
    }

    [Fact]
    public async Task What_is_restored_has_the_groups_of_its_own_Region_and_is_found_by_resource_id()
    {
        await lab.Home.CreateOptionGroupAsync(new CreateOptionGroupRequest { OptionGroupName = "audited", EngineName = "postgres", MajorEngineVersion = "16", OptionGroupDescription = "d" });
        var wished = RdsLab.Instance("db");
        wished.OptionGroupName = "audited";
        await lab.Home.CreateDBInstanceAsync(wished);
        lab.Pass();
        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request());
        lab.Pass(1200);
        var request = To("back", (await Replica())!, null);
        (request.SourceDbiResourceId, request.SourceDBInstanceAutomatedBackupsArn) = ((await Replica())!.DbiResourceId, null);
        request.OptionGroupName = "audited";
        (await RdsLab.Refused(lab.Recovery.RestoreDBInstanceToPointInTimeAsync(request))).Code.ShouldBe("OptionGroupNotFoundFault");
        request.OptionGroupName = null;

        await lab.Recovery.RestoreDBInstanceToPointInTimeAsync(request);
        lab.Pass();

        var restored = await RdsLab.Described(lab.Recovery, "back");
        restored.OptionGroupMemberships[0].OptionGroupName.ShouldBe("default:postgres-16");
        (restored.DBSubnetGroup.VpcId, restored.AvailabilityZone).ShouldBe(("vpc-eu-west-1", "eu-west-1a"));
    }

    [Fact]
    public async Task Stopped_it_is_retained_as_it_was_for_its_own_retention_and_the_instance_restores_at_home_as_before()
    {
        var source = await Replicated(days: 2);
        lab.Pass(1190);

        var answer = (await lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop())).DBInstanceAutomatedBackup;
        var end = (await Replica())!.RestoreWindow.LatestTime;
        lab.Pass(3600);
        lab.At(source).Write("item", 5);

        answer.Status.ShouldBe("replicating");
        var replica = (await Replica())!;
        (replica.Status, replica.RestoreWindow.LatestTime, end).ShouldBe(("retained", end, At("03:15:00")));
        (await Replications()).ShouldBeEmpty();
        (await RdsLab.Refused(lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop()))).Code.ShouldBe("InvalidDBInstanceState");
        lab.Pass(86_400 + 3600);
        await lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", replica, null));
        await lab.Home.RestoreDBInstanceToPointInTimeAsync(To("home", (await Backups(lab.Home))[0], null));
        lab.Pass();
        lab.At(await RdsLab.Described(lab.Recovery, "back")).Tables["item"].ShouldBe(10);
        lab.At(await RdsLab.Described(lab.Home, "home")).Tables["item"].ShouldBe(15);
        lab.Pass(86_400);
        (await Replica()).ShouldBeNull();
        (await RdsLab.Refused(lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("late", replica, null)))).Code.ShouldBe("DBInstanceAutomatedBackupNotFound");
        (await lab.Recovery.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBInstanceIdentifier = "db" })).DBSnapshots.ShouldBeNull();
        lab.Engine.Snapshots.Keys.ShouldNotContain(s => s.Contains("eu-west-1/snapshot/rds:db-", StringComparison.Ordinal));
        await lab.Home.RestoreDBInstanceToPointInTimeAsync(To("again", (await Backups(lab.Home)).Single(b => b.DBInstanceIdentifier == "db"), null));
        lab.Pass();
        lab.At(await RdsLab.Described(lab.Home, "again")).Tables["item"].ShouldBe(15);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Begun_again_it_goes_on_under_the_key_that_it_has()
    {
        var (key, other) = (lab.Key(EmulatedCloud.OtherRegion), lab.Key(EmulatedCloud.OtherRegion));
        await lab.Created("db", lab.Key());
        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => r.KmsKeyId = key));
        lab.Pass(1200);
        await lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop());
        var before = (await Replica())!;

        var refusal = await RdsLab.Refused(lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => r.KmsKeyId = other)));
        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => (r.KmsKeyId, r.BackupRetentionPeriod) = (key, 14)));
        lab.Pass(1200);

        refusal.Code.ShouldBe("InvalidDBInstanceAutomatedBackupState");
        refusal.Message.ShouldContain(key);
        var after = (await Replica())!;
        (after.Status, after.DBInstanceAutomatedBackupsArn, after.BackupRetentionPeriod).ShouldBe(("replicating", before.DBInstanceAutomatedBackupsArn, 14));
        after.RestoreWindow.EarliestTime.ShouldBe(before.RestoreWindow.EarliestTime);
        after.RestoreWindow.LatestTime.ShouldBe(before.RestoreWindow.LatestTime!.Value.AddMinutes(20));
        (await Replications()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Only_retained_ones_are_deleted_and_their_snapshots_with_them()
    {
        await Replicated();
        lab.Pass(1200);
        var delete = new DeleteDBInstanceAutomatedBackupRequest { DBInstanceAutomatedBackupsArn = (await Replica())!.DBInstanceAutomatedBackupsArn };
        (await RdsLab.Refused(lab.Recovery.DeleteDBInstanceAutomatedBackupAsync(delete))).Code.ShouldBe("InvalidDBInstanceAutomatedBackupState");
        await lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop());

        await lab.Recovery.DeleteDBInstanceAutomatedBackupAsync(delete);
        lab.Pass();

        (await Replica()).ShouldBeNull();
        lab.Engine.Snapshots.Keys.ShouldHaveSingleItem().ShouldContain("us-east-1");
        await lab.Home.RestoreDBInstanceToPointInTimeAsync(To("back", (await Backups(lab.Home))[0], null));
        lab.Pass();
        (await RdsLab.Described(lab.Home, "back")).DBInstanceStatus.ShouldBe("available");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deleted_instance_is_restored_in_the_other_Region_also_when_nothing_is_left_at_home(bool keptAtHome)
    {
        var source = await Replicated(days: 3);
        lab.Pass(1200);
        lab.At(source).Write("item", 1);
        lab.Pass(1200);
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true, DeleteAutomatedBackups = !keptAtHome });
        lab.Pass();
        (await Replica())!.Status.ShouldBe("retained");
        (await RdsLab.Refused(lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop()))).Code.ShouldBe("DBInstanceNotFound");
        // What is kept at home expires a day before the replica, which needs the same log.
        lab.Pass(2 * 86_400);
        (await Backups(lab.Home)).ShouldBeEmpty();

        await lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", (await Replica())!, null));
        lab.Pass();

        lab.At(await RdsLab.Described(lab.Recovery, "back")).Tables["item"].ShouldBe(11);
        lab.Pass(86_400);
        (await Replica()).ShouldBeNull();
        lab.Engine.Snapshots.Keys.ShouldHaveSingleItem().ShouldContain("rds:back-");
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_instance_that_is_deleted_while_the_first_snapshot_is_copied_waits_for_it_and_leaves_nothing()
    {
        var slow = new RdsLab(StubPace.OneSecond with { Copy = new StubPace.Span(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) });
        await slow.Created("db");
        await slow.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request());
        (await RdsLab.Refused(slow.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop()))).Code.ShouldBe("InvalidDBInstanceState");

        await slow.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true });
        slow.Pass(30);
        (await RdsLab.Described(slow.Home, "db")).DBInstanceStatus.ShouldBe("deleting");
        slow.Pass(60);

        (await slow.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances.ShouldBeNull();
        (await Backups(slow.Recovery)).ShouldBeEmpty();
        slow.Engine.Snapshots.Keys.ShouldBeEmpty();
        slow.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_retention_at_home_what_was_replicated_is_retained()
    {
        await Replicated();
        lab.Pass(1200);

        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", BackupRetentionPeriod = 0, ApplyImmediately = true });

        (await Replica())!.Status.ShouldBe("retained");
        await lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", (await Replica())!, null));
        lab.Pass();
        lab.At(await RdsLab.Described(lab.Recovery, "back")).Tables["item"].ShouldBe(10);
    }

    [Fact]
    public async Task The_log_of_a_stopped_instance_arrives_and_then_no_more_of_it()
    {
        await Replicated();
        lab.Pass(1200);
        await lab.Home.StopDBInstanceAsync(new StopDBInstanceRequest { DBInstanceIdentifier = "db" });
        lab.Pass(3600);

        var replica = (await Replica())!;

        (replica.Status, replica.RestoreWindow.LatestTime).ShouldBe(("replicating", (await Backups(lab.Home))[0].RestoreWindow.LatestTime));
        await lab.Home.StartDBInstanceAsync(new StartDBInstanceRequest { DBInstanceIdentifier = "db" });
        lab.Pass(3600);
        (await Replica())!.RestoreWindow.LatestTime.ShouldBe((await Backups(lab.Home))[0].RestoreWindow.LatestTime!.Value.AddMinutes(-5));
    }

    [Fact]
    public async Task It_follows_an_instance_to_its_new_name()
    {
        await Replicated();
        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", NewDBInstanceIdentifier = "shop", ApplyImmediately = true });
        lab.Pass(1200);

        var replica = (await Backups(lab.Recovery)).ShouldHaveSingleItem();

        (replica.DBInstanceIdentifier, replica.DBInstanceArn, replica.Status).ShouldBe(("shop", Arn("db:shop"), "replicating"));
        (await RdsLab.Refused(lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop()))).Code.ShouldBe("DBInstanceNotFound");
        await lab.Recovery.RestoreDBInstanceToPointInTimeAsync(To("back", replica, null));
        lab.Pass();
        lab.At(await RdsLab.Described(lab.Recovery, "back")).Tables["item"].ShouldBe(10);
        await lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(new StopDBInstanceAutomatedBackupsReplicationRequest { SourceDBInstanceArn = Arn("db:shop") });
    }

    [Fact]
    public async Task A_Region_takes_as_many_as_its_quota_of_which_retained_ones_are_not()
    {
        lab.Rds.Quotas.ReplicatedBackups.ShouldBe(20);
        lab.Rds.Quotas = new RdsQuotas(ReplicatedBackups: 1);
        await lab.Created("second");
        await Replicated();
        lab.Pass(1200);
        var second = Request(r => r.SourceDBInstanceArn = Arn("db:second"));
        (await RdsLab.Refused(lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(second))).Code.ShouldBe("DBInstanceAutomatedBackupQuotaExceeded");
        await lab.Client("ap-south-1").StartDBInstanceAutomatedBackupsReplicationAsync(second);
        await lab.Recovery.StopDBInstanceAutomatedBackupsReplicationAsync(Stop());

        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(second);

        (await Backups(lab.Recovery)).Select(b => (b.DBInstanceIdentifier, b.Status)).ShouldBe([("db", "retained"), ("second", "pending")], ignoreOrder: true);
        (await Replications("second")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_copy_that_fails_leaves_no_replication()
    {
        await lab.Created("db");
        lab.Engine.Mishaps = s => s.Contains("eu-west-1", StringComparison.Ordinal) ? new StubMishap(Fails: true) : null;
        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request());
        lab.Pass();
        (await Replica()).ShouldBeNull();
        (await Replications()).ShouldBeEmpty();
        lab.Engine.Mishaps = null;

        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request());
        lab.Pass();

        (await Replica())!.Status.ShouldBe("replicating");
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_takes_the_permission_on_the_instance_the_backup_the_tags_and_the_key()
    {
        await lab.Created("db", lab.Key());
        var key = lab.Key(EmulatedCloud.OtherRegion);
        const string backups = "arn:aws:rds:eu-west-1:111111111111:auto-backup:*";
        (string Action, string Resource, string Denied)[] needed =
        [
            ("rds:StartDBInstanceAutomatedBackupsReplication", Source, "AccessDenied"), ("rds:StartDBInstanceAutomatedBackupsReplication", backups, "AccessDenied"),
            ("rds:AddTagsToResource", backups, "AccessDenied"), ("kms:DescribeKey", key, "KMSKeyNotAccessibleFault"), ("kms:CreateGrant", key, "KMSKeyNotAccessibleFault"),
        ];
        var request = Request(r => (r.KmsKeyId, r.Tags) = (key, [new Tag { Key = "why", Value = "disaster" }]));
        foreach (var missing in needed)
        {
            (await RdsLab.Refused(With(needed.Except([missing])).StartDBInstanceAutomatedBackupsReplicationAsync(request))).Code.ShouldBe(missing.Denied, missing.ToString());
        }

        await With(needed).StartDBInstanceAutomatedBackupsReplicationAsync(request);
        lab.Pass();
        (await RdsLab.Refused(With(needed).StopDBInstanceAutomatedBackupsReplicationAsync(Stop()))).Code.ShouldBe("AccessDenied");
        await With([("rds:StopDBInstanceAutomatedBackupsReplication", Source, "")]).StopDBInstanceAutomatedBackupsReplicationAsync(Stop());
    }

    [Fact]
    public async Task A_restore_takes_the_permission_on_the_instance_at_home_and_on_what_it_is_made_of_here()
    {
        await Replicated();
        lab.Pass(1200);
        var request = To("back", (await Replica())!, null);
        (string Action, string Resource, string Denied)[] needed =
        [
            .. new[] { Source, Here("db:back"), Here("og:default:postgres-16"), Here("pg:default.postgres16"), Here("subgrp:default") }
                .Select(r => ("rds:RestoreDBInstanceToPointInTime", r, "AccessDenied")),
        ];
        foreach (var missing in needed)
        {
            var (code, message) = await RdsLab.Refused(With(needed.Except([missing])).RestoreDBInstanceToPointInTimeAsync(request));
            code.ShouldBe(missing.Denied);
            message.ShouldContain(missing.Resource);
        }

        await With(needed).RestoreDBInstanceToPointInTimeAsync(request);
    }

    private AmazonRDSClient With(IEnumerable<(string Action, string Resource, string Denied)> allowed)
    {
        var statements = string.Join(",", allowed.Select(a => $$"""{"Effect":"Allow","Action":"{{a.Action}}","Resource":"{{a.Resource}}"}"""));
        return lab.Client(EmulatedCloud.OtherRegion, lab.Cloud.Role("role-" + roles++, $$"""{"Version":"2012-10-17","Statement":[{{statements}}]}"""));
    }

    private int roles;

    private async Task<DBInstance> Replicated(int days = 7, int started = 0)
    {
        var source = await lab.Created("db");
        lab.Pass(started);
        await lab.Recovery.StartDBInstanceAutomatedBackupsReplicationAsync(Request(r => r.BackupRetentionPeriod = days));
        lab.Pass();
        return source;
    }

    private static StartDBInstanceAutomatedBackupsReplicationRequest Request(Action<StartDBInstanceAutomatedBackupsReplicationRequest>? change = null)
    {
        var request = new StartDBInstanceAutomatedBackupsReplicationRequest { SourceDBInstanceArn = Source };
        change?.Invoke(request);
        return request;
    }

    private static StopDBInstanceAutomatedBackupsReplicationRequest Stop() => new() { SourceDBInstanceArn = Source };

    private static RestoreDBInstanceToPointInTimeRequest To(string target, DBInstanceAutomatedBackup from, DateTime? time) => new()
    {
        SourceDBInstanceAutomatedBackupsArn = from.DBInstanceAutomatedBackupsArn, TargetDBInstanceIdentifier = target, RestoreTime = time, UseLatestRestorableTime = time is null ? true : null,
    };

    private static string Arn(string resource) => "arn:aws:rds:us-east-1:111111111111:" + resource;

    private static string Here(string resource) => "arn:aws:rds:eu-west-1:111111111111:" + resource;

    private static DateTime At(string time) => DateTime.Parse($"2026-11-21T{time}Z", null, System.Globalization.DateTimeStyles.AdjustToUniversal);

    private async Task<DBInstanceAutomatedBackup?> Replica() => (await Backups(lab.Recovery)).SingleOrDefault(b => b.DBInstanceIdentifier == "db");

    private async Task<List<string>> Replications(string id = "db") =>
        [.. ((await RdsLab.Described(lab.Home, id)).DBInstanceAutomatedBackupsReplications ?? []).Select(r => r.DBInstanceAutomatedBackupsArn)];

    private static async Task<List<DBInstanceAutomatedBackup>> Backups(AmazonRDSClient at) =>
        (await at.DescribeDBInstanceAutomatedBackupsAsync(new DescribeDBInstanceAutomatedBackupsRequest())).DBInstanceAutomatedBackups ?? [];
}
