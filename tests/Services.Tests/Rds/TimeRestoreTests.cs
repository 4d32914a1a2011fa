using Amazon.RDS.Model;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

/// <summary>Automated backups and what is restored from them to a time: rows are counters whose past is known.</summary>
public sealed class TimeRestoreTests
{
    private readonly RdsLab lab = new();

    private DateTime Now => lab.Cloud.Clock.GetUtcNow().UtcDateTime;

    [Theory]
    [InlineData(-1, 10)]
    [InlineData(1, 4)]
    public async Task A_restore_shows_the_rows_of_its_moment_one_second_either_side_of_a_deletion(int seconds, long rows)
    {
        var source = await lab.Created("db");
        lab.Pass(600);
        lab.At(source).Write("item", -6);
        var deletion = Now;
        lab.Pass(900);

        await lab.Home.RestoreDBInstanceToPointInTimeAsync(To("back", deletion.AddSeconds(seconds)));
        lab.Pass();

        var restored = await RdsLab.Described(lab.Home, "back");
        restored.DBInstanceStatus.ShouldBe("available");
        lab.At(restored).Tables["item"].ShouldBe(rows);
        lab.At(source).Tables["item"].ShouldBe(4);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_growing_table_has_the_rows_that_it_had_and_a_dropped_one_is_back()
    {
        var source = await lab.Created("db");
        lab.At(source).Grow("event", 3600);
        lab.Pass(1000);
        lab.At(source).Drop("item");
        lab.Pass(1000);

        await lab.Home.RestoreDBInstanceToPointInTimeAsync(To("back", Now.AddSeconds(-1500)));
        lab.Pass();

        lab.At(await RdsLab.Described(lab.Home, "back")).Tables.ShouldBe(new Dictionary<string, long> { ["event"] = 500, ["item"] = 10 }, ignoreOrder: true);
    }

    [Fact]
    public async Task The_window_begins_with_the_first_backup_and_ends_where_the_log_was_uploaded_last()
    {
        await lab.Home.CreateDBInstanceAsync(RdsLab.Instance("db"));
        (await Backup("db")).ShouldBe(default);
        var made = Now;
        lab.Pass(2);
        (await RdsLab.Described(lab.Home, "db")).LatestRestorableTime.ShouldBeNull();
        lab.Pass(700);

        var (status, window) = await Backup("db");

        status.ShouldBe("active");
        window!.EarliestTime.ShouldBe(made.AddSeconds(2));
        window.LatestTime.ShouldBe(made.AddMinutes(10));
        (await RdsLab.Described(lab.Home, "db")).LatestRestorableTime.ShouldBe(made.AddMinutes(10));
        var snapshot = (await lab.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "automated" })).DBSnapshots.ShouldHaveSingleItem();
        (snapshot.DBSnapshotIdentifier, snapshot.SnapshotType).ShouldBe(("rds:db-2026-11-21-03-00", "automated"));
        (await RdsLab.Refused(lab.Home.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = snapshot.DBSnapshotIdentifier }))).Code.ShouldBe("InvalidDBSnapshotState");
    }

    public static TheoryData<string, Action<RestoreDBInstanceToPointInTimeRequest>, string, string> Refusals => new()
    {
        { "a time to come", r => r.RestoreTime = r.RestoreTime!.Value.AddDays(1), "InvalidParameterValue", "The specified instance cannot be restored to a time later than 2026-11-21T03:15:00Z." },
        { "a time before the first backup", r => r.RestoreTime = r.RestoreTime!.Value.AddDays(-1), "InvalidParameterValue", "The specified instance cannot be restored to a time earlier than 2026-11-21T03:00:02Z." },
        { "both times", r => r.UseLatestRestorableTime = true, "InvalidParameterCombination", "UseLatestRestorableTime" },
        { "no time", r => r.RestoreTime = null, "InvalidParameterCombination", "RestoreTime" },
        { "no source", r => r.SourceDBInstanceIdentifier = null, "InvalidParameterCombination", "SourceDBInstanceIdentifier" },
        { "two sources", r => r.SourceDbiResourceId = "db-1", "InvalidParameterCombination", "SourceDbiResourceId" },
        { "a source that is not there", r => r.SourceDBInstanceIdentifier = "none", "DBInstanceNotFound", "none" },
        { "a resource that is not there", r => { r.SourceDBInstanceIdentifier = null; r.SourceDbiResourceId = "db-NONE"; }, "DBInstanceAutomatedBackupNotFound", "db-NONE" },
        { "a source without backups", r => r.SourceDBInstanceIdentifier = "bare", "PointInTimeRestoreNotEnabled", "bare" },
        { "itself", r => r.TargetDBInstanceIdentifier = "DB", "DBInstanceAlreadyExists", "db" },
        { "a bad name", r => r.TargetDBInstanceIdentifier = "1st", "InvalidParameterValue", "1st" },
        { "a group that is not there", r => r.OptionGroupName = "none", "OptionGroupNotFoundFault", "none" },
        { "less storage", r => r.AllocatedStorage = 5, "InvalidParameterCombination", "AllocatedStorage" },
        { "what the lab has not", r => r.Domain = "d-1", "InvalidParameterValue", "Domain" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_AWS_does_not_restore_is_refused_with_its_code(string what, Action<RestoreDBInstanceToPointInTimeRequest> spoil, string code, string named)
    {
        await lab.Created("db");
        var bare = RdsLab.Instance("bare");
        bare.BackupRetentionPeriod = 0;
        await lab.Home.CreateDBInstanceAsync(bare);
        lab.Pass(1000);
        var request = To("back", Now.AddMinutes(-10));
        spoil(request);

        var refusal = await RdsLab.Refused(lab.Home.RestoreDBInstanceToPointInTimeAsync(request));

        refusal.Code.ShouldBe(code, what);
        refusal.Message.ShouldContain(named);
        (await lab.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances.Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_restored_instance_has_the_defaults_unless_told_otherwise_and_the_class_of_its_source()
    {
        await lab.Home.CreateOptionGroupAsync(new CreateOptionGroupRequest { OptionGroupName = "audited", EngineName = "postgres", MajorEngineVersion = "16", OptionGroupDescription = "d" });
        var key = lab.Key();
        var wished = RdsLab.Instance("db", key, ("team", "shop"));
        (wished.OptionGroupName, wished.VpcSecurityGroupIds, wished.BackupRetentionPeriod, wished.DBInstanceClass) = ("audited", [await lab.SecurityGroup("orders")], 5, "db.r6g.large");
        await lab.Home.CreateDBInstanceAsync(wished);
        lab.Pass(1000);

        var request = To("back", null);
        request.Tags = [new Tag { Key = "why", Value = "drill" }];
        await lab.Home.RestoreDBInstanceToPointInTimeAsync(request);
        lab.Pass();

        var restored = await RdsLab.Described(lab.Home, "back");
        restored.OptionGroupMemberships[0].OptionGroupName.ShouldBe("default:postgres-16");
        restored.VpcSecurityGroups[0].VpcSecurityGroupId.ShouldNotBe(wished.VpcSecurityGroupIds[0]);
        (restored.DBInstanceClass, restored.BackupRetentionPeriod, restored.KmsKeyId, restored.DBName).ShouldBe(("db.r6g.large", 5, key, "shop"));
        restored.TagList.ShouldHaveSingleItem().Key.ShouldBe("why");
        (await Backup("back")).Status.ShouldBe("active");
    }

    [Fact]
    public async Task Retained_backups_restore_a_deleted_instance_until_their_retention_is_over()
    {
        var source = await lab.Created("db");
        lab.Pass(3600);
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true, DeleteAutomatedBackups = false });
        lab.Pass();
        (await Backup("db")).Status.ShouldBe("retained");
        var request = To("back", null);
        (request.SourceDBInstanceIdentifier, request.SourceDbiResourceId) = (null, source.DbiResourceId);

        await lab.Home.RestoreDBInstanceToPointInTimeAsync(request);
        lab.Pass();

        lab.At(await RdsLab.Described(lab.Home, "back")).Tables["item"].ShouldBe(10);
        lab.Pass((int)TimeSpan.FromDays(1).TotalSeconds);
        request.TargetDBInstanceIdentifier = "late";
        (await RdsLab.Refused(lab.Home.RestoreDBInstanceToPointInTimeAsync(request))).Code.ShouldBe("DBInstanceAutomatedBackupNotFound");
        (await Backup("db")).ShouldBe(default);
    }

    [Fact]
    public async Task Without_retention_there_is_no_backup_left()
    {
        var source = await lab.Created("db");
        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", BackupRetentionPeriod = 0, ApplyImmediately = true });
        (await Backup("db")).ShouldBe(default);
        (await lab.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest())).DBSnapshots.ShouldBeNull();
        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", BackupRetentionPeriod = 3, ApplyImmediately = true });
        lab.Pass(600);
        (await Backup("db")).Status.ShouldBe("active");

        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true });
        lab.Pass();

        (await RdsLab.Refused(lab.Home.DescribeDBInstanceAutomatedBackupsAsync(new DescribeDBInstanceAutomatedBackupsRequest { DbiResourceId = source.DbiResourceId }))).Code
            .ShouldBe("DBInstanceAutomatedBackupNotFound");
        lab.Engine.Snapshots.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restore_takes_the_permission_on_source_target_and_groups()
    {
        await lab.Created("db");
        lab.Pass(1000);
        string[] needed = ["db:db", "db:back", "og:default:postgres-16", "pg:default.postgres16", "subgrp:default"];
        foreach (var missing in needed)
        {
            var allowed = string.Join("\",\"", needed.Where(r => r != missing).Select(r => "arn:aws:rds:us-east-1:111111111111:" + r));
            var role = lab.Client(EmulatedCloud.Region, lab.Cloud.Role(missing.Replace(':', '-'), EmulatedCloud.Allow("rds:RestoreDBInstanceToPointInTime", "*").Replace("\"*\"", $"[\"{allowed}\"]", StringComparison.Ordinal)));

            var (code, message) = await RdsLab.Refused(role.RestoreDBInstanceToPointInTimeAsync(To("back", null)));

            code.ShouldBe("AccessDenied", missing);
            message.ShouldContain(missing);
        }
    }

    private static RestoreDBInstanceToPointInTimeRequest To(string target, DateTime? time) => new()
    {
        SourceDBInstanceIdentifier = "db", TargetDBInstanceIdentifier = target, RestoreTime = time, UseLatestRestorableTime = time is null ? true : null,
    };

    private async Task<(string? Status, RestoreWindow? Window)> Backup(string id)
    {
        var found = (await lab.Home.DescribeDBInstanceAutomatedBackupsAsync(new DescribeDBInstanceAutomatedBackupsRequest())).DBInstanceAutomatedBackups?.SingleOrDefault(b => b.DBInstanceIdentifier == id);
        return found is null ? default : (found.Status, found.RestoreWindow);
    }
}
