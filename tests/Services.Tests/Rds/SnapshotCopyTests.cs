using Amazon.RDS.Model;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

public sealed class SnapshotCopyTests
{
    private readonly RdsLab lab = new();

    private static CopyDBSnapshotRequest Order(DBSnapshot source, string target = "copy", string? key = null) => new()
    {
        SourceDBSnapshotIdentifier = source.DBSnapshotArn, TargetDBSnapshotIdentifier = target, KmsKeyId = key, SourceRegion = EmulatedCloud.Region,
    };

    [Fact]
    public async Task A_copy_in_another_Region_restores_with_the_rows_of_the_source()
    {
        var source = await lab.Snapshot("a", null, ("team", "shop"));
        var begun = (await lab.Recovery.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = source.DBSnapshotArn, TargetDBSnapshotIdentifier = "A", CopyTags = true, SourceRegion = EmulatedCloud.Region,
        })).DBSnapshot;
        begun.Status.ShouldBe("copying");
        lab.Pass();

        var copy = await RdsLab.SnapshotOf(lab.Recovery, "a");

        (copy.Status, copy.PercentProgress, copy.DBInstanceIdentifier, copy.SourceRegion).ShouldBe(("available", 100, "db-of-a", EmulatedCloud.Region));
        copy.SourceDBSnapshotIdentifier.ShouldBe(source.DBSnapshotArn);
        copy.OriginalSnapshotCreateTime.ShouldBe(source.SnapshotCreateTime);
        copy.SnapshotCreateTime!.Value.ShouldBeGreaterThan(source.SnapshotCreateTime!.Value);
        copy.TagList.ShouldHaveSingleItem().Key.ShouldBe("team");
        await lab.Recovery.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest { DBInstanceIdentifier = "back", DBSnapshotIdentifier = "a" });
        lab.Pass();
        var restored = await RdsLab.Described(lab.Recovery, "back");
        (restored.DBInstanceStatus, restored.MasterUsername, restored.DBName).ShouldBe(("available", "app", "shop"));
        lab.At(restored).Tables["item"].ShouldBe(10);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_encrypted_snapshot_needs_a_key_of_the_Region_that_it_is_copied_to()
    {
        var home = lab.Key();
        var there = lab.Key(EmulatedCloud.OtherRegion);
        var source = await lab.Snapshot("a", home);

        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(Order(source)))).ShouldBe(
            ("InvalidParameterValue", "Must specify new KMS key for cross region encrypted snapshot copy."));
        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(Order(source, key: home)))).Code.ShouldBe("KMSKeyNotAccessibleFault");
        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(Order(source, key: "alias/none")))).Message.ShouldContain("alias/none");

        (await lab.Recovery.CopyDBSnapshotAsync(Order(source, key: there))).DBSnapshot.KmsKeyId.ShouldBe(there);
    }

    [Fact]
    public async Task A_disabled_key_can_neither_encrypt_nor_be_read()
    {
        var home = lab.Key();
        var source = await lab.Snapshot("a", home);
        await lab.Cloud.World.Invoke(
            lab.Cloud.World.Iam.ContextForUser("arn:aws:iam::111111111111:user/lab", EmulatedCloud.Region), "kms", new Amazon.KeyManagementService.Model.DisableKeyRequest { KeyId = home });

        (await RdsLab.Refused(lab.Home.CopyDBSnapshotAsync(Order(source)))).Code.ShouldBe("KMSKeyNotAccessibleFault");
        (await RdsLab.Refused(lab.Home.CreateDBInstanceAsync(RdsLab.Instance("b", home)))).Code.ShouldBe("KMSKeyNotAccessibleFault");
    }

    [Fact]
    public async Task A_presigned_request_to_the_wrong_Region_is_refused()
    {
        var source = await lab.Snapshot("a", lab.Key());
        var order = Order(source, key: lab.Key(EmulatedCloud.OtherRegion));

        order.SourceRegion = null;
        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(order))).Message.ShouldContain("PreSignedUrl must be specified");
        order.SourceRegion = "us-west-2";
        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(order))).Message.ShouldContain("could not be authenticated");
    }

    [Fact]
    public async Task A_key_encrypts_a_plain_instance_snapshot_and_is_refused_for_a_plain_cluster_snapshot()
    {
        var key = lab.Key();
        var source = await lab.Snapshot("a");
        (await lab.Home.CopyDBSnapshotAsync(Order(source, key: key))).DBSnapshot.Encrypted.ShouldBe(true);
        await lab.Cluster("c");
        await lab.Home.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "c", DBClusterSnapshotIdentifier = "cs" });
        lab.Pass();

        var (code, message) = await RdsLab.Refused(lab.Home.CopyDBClusterSnapshotAsync(
            new CopyDBClusterSnapshotRequest { SourceDBClusterSnapshotIdentifier = "cs", TargetDBClusterSnapshotIdentifier = "cs2", KmsKeyId = key }));

        code.ShouldBe("InvalidParameterCombination");
        message.ShouldContain("unencrypted DB cluster snapshot");
    }

    [Fact]
    public async Task The_twenty_first_copy_at_once_to_a_Region_is_refused_and_one_within_the_Region_is_not()
    {
        var source = await lab.Snapshot("a");
        for (var n = 1; n <= 20; n++)
        {
            await lab.Recovery.CopyDBSnapshotAsync(Order(source, "copy-" + n));
        }

        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(Order(source, "copy-21")))).Code.ShouldBe("SnapshotQuotaExceeded");
        await lab.Home.CopyDBSnapshotAsync(Order(source, "local"));
        lab.Pass();
        await lab.Recovery.CopyDBSnapshotAsync(Order(source, "copy-21"));
    }

    [Fact]
    public async Task The_sixth_copy_at_once_of_clusters_to_a_Region_is_refused()
    {
        await lab.Cluster("c");
        var source = (await lab.Home.CreateDBClusterSnapshotAsync(
            new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "c", DBClusterSnapshotIdentifier = "cs" })).DBClusterSnapshot.DBClusterSnapshotArn;
        lab.Pass();
        Task Copy(int n) => lab.Recovery.CopyDBClusterSnapshotAsync(
            new CopyDBClusterSnapshotRequest { SourceDBClusterSnapshotIdentifier = source, TargetDBClusterSnapshotIdentifier = "cs-" + n, SourceRegion = EmulatedCloud.Region });
        for (var n = 1; n <= 5; n++)
        {
            await Copy(n);
        }

        (await RdsLab.Refused(Copy(6))).Code.ShouldBe("SnapshotQuotaExceeded");
    }

    [Fact]
    public async Task A_failed_copy_is_failed_and_can_be_deleted()
    {
        var source = await lab.Snapshot("a");
        lab.Engine.FailOn = "eu-west-1";
        await lab.Recovery.CopyDBSnapshotAsync(Order(source));
        lab.Pass();

        (await RdsLab.SnapshotOf(lab.Recovery, "copy")).Status.ShouldBe("failed");
        await lab.Recovery.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = "copy" });
        (await RdsLab.Refused(RdsLab.SnapshotOf(lab.Recovery, "copy"))).Code.ShouldBe("DBSnapshotNotFound");
    }

    [Fact]
    public async Task Neither_a_copy_under_way_nor_its_source_can_be_deleted()
    {
        var source = await lab.Snapshot("a");
        await lab.Recovery.CopyDBSnapshotAsync(Order(source));

        (await RdsLab.Refused(lab.Recovery.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = "copy" }))).Code.ShouldBe("InvalidDBSnapshotState");
        (await RdsLab.Refused(lab.Home.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = "a" }))).Code.ShouldBe("InvalidDBSnapshotState");
    }

    [Fact]
    public async Task Option_groups_are_those_of_the_destination()
    {
        var source = await lab.Snapshot("a");
        var order = Order(source);
        order.OptionGroupName = "shop-options";

        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(order))).Code.ShouldBe("OptionGroupNotFoundFault");

        await lab.Recovery.CreateOptionGroupAsync(new CreateOptionGroupRequest { OptionGroupName = "shop-options", EngineName = "postgres", MajorEngineVersion = "16", OptionGroupDescription = "x" });
        (await lab.Recovery.CopyDBSnapshotAsync(order)).DBSnapshot.OptionGroupName.ShouldBe("shop-options");
        order.OptionGroupName = null;
        order.CopyOptionGroup = true;
        order.TargetDBSnapshotIdentifier = "copy2";
        (await RdsLab.Refused(lab.Recovery.CopyDBSnapshotAsync(order))).Code.ShouldBe("InvalidParameterCombination");
    }

    [Fact]
    public async Task A_role_needs_the_permission_for_the_source_and_for_the_target()
    {
        var source = await lab.Snapshot("a");
        var role = lab.Client(EmulatedCloud.OtherRegion, lab.Cloud.Role("copier", EmulatedCloud.Allow("rds:CopyDBSnapshot", "arn:aws:rds:us-east-1:111111111111:snapshot:*")));

        var (code, message) = await RdsLab.Refused(role.CopyDBSnapshotAsync(Order(source)));

        code.ShouldBe("AccessDenied");
        message.ShouldContain("arn:aws:rds:eu-west-1:111111111111:snapshot:copy");
    }
}
