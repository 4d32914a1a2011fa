using Amazon.RDS.Model;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

public sealed class InstanceTests
{
    private readonly RdsLab lab = new();

    [Fact]
    public async Task A_created_instance_becomes_available_with_an_endpoint_and_its_tags()
    {
        var created = (await lab.Home.CreateDBInstanceAsync(RdsLab.Instance("db", "alias/aws/rds", ("team", "shop")))).DBInstance;
        (created.DBInstanceStatus, created.Endpoint).ShouldBe(("creating", null));
        lab.Pass();

        var instance = await RdsLab.Described(lab.Home, "arn:aws:rds:us-east-1:111111111111:db:db");

        (instance.DBInstanceStatus, instance.Engine, instance.EngineVersion, instance.BackupRetentionPeriod).ShouldBe(("available", "postgres", "16.4", 1));
        (instance.DBInstanceArn, instance.StorageEncrypted).ShouldBe(("arn:aws:rds:us-east-1:111111111111:db:db", true));
        instance.KmsKeyId.ShouldStartWith("arn:aws:kms:us-east-1:111111111111:key/");
        instance.DbiResourceId.ShouldMatch("^db-[A-Z0-9]{26}$");
        instance.CertificateDetails.CAIdentifier.ShouldBe(instance.CACertificateIdentifier);
        instance.OptionGroupMemberships[0].OptionGroupName.ShouldBe("default:postgres-16");
        instance.TagList.ShouldHaveSingleItem().Value.ShouldBe("shop");
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    public static TheoryData<string, Action<CreateDBInstanceRequest>, string, string> BadCreations => new()
    {
        { "an engine that the lab has not", r => r.Engine = "oracle-ee", "InvalidParameterValue", "oracle-ee" },
        { "a version that the engine has not", r => r.EngineVersion = "99.1", "InvalidParameterCombination", "Cannot find version 99.1 for postgres" },
        { "no class", r => r.DBInstanceClass = null, "MissingParameter", "DBInstanceClass" },
        { "a class of no form", r => r.DBInstanceClass = "large", "InvalidParameterValue", "large" },
        { "too little storage", r => r.AllocatedStorage = 5, "InvalidParameterValue", "AllocatedStorage is 5" },
        { "a retention past 35", r => r.BackupRetentionPeriod = 36, "InvalidParameterValue", "BackupRetentionPeriod" },
        { "a short password", r => r.MasterUserPassword = "short", "InvalidParameterValue", "MasterUserPassword" },
        { "a password with a character not allowed", r => r.MasterUserPassword = "long/enough", "InvalidParameterValue", "MasterUserPassword" },
        { "a reserved user", r => r.MasterUsername = "rdsadmin", "InvalidParameterValue", "reserved word" },
        { "a key without encryption", r => r.KmsKeyId = "alias/aws/rds", "InvalidParameterCombination", "StorageEncrypted" },
        { "a key that is not there", r => { r.StorageEncrypted = true; r.KmsKeyId = "alias/none"; }, "KMSKeyNotAccessibleFault", "alias/none" },
        { "a subnet group that is not there", r => r.DBSubnetGroupName = "none", "DBSubnetGroupNotFoundFault", "none" },
        { "an option group that is not there", r => r.OptionGroupName = "none", "OptionGroupNotFoundFault", "none" },
        { "a tag of AWS's", r => r.Tags = [new Tag { Key = "aws:x", Value = "y" }], "InvalidParameterValue", "reserved prefix" },
        { "two zones", r => r.MultiAZ = true, "InvalidParameterValue", "MultiAZ" },
        { "a password both kept and said", r => r.ManageMasterUserPassword = true, "InvalidParameterCombination", "ManageMasterUserPassword" },
        { "a domain", r => r.Domain = "d-1", "InvalidParameterValue", "Domain" },
        { "insights", r => r.EnablePerformanceInsights = true, "InvalidParameterValue", "EnablePerformanceInsights" },
    };

    [Theory]
    [MemberData(nameof(BadCreations))]
    public async Task Creating_with_what_AWS_or_the_lab_does_not_take_is_refused_by_name(string what, Action<CreateDBInstanceRequest> spoil, string code, string named)
    {
        var request = RdsLab.Instance("db");
        spoil(request);

        var refusal = await RdsLab.Refused(lab.Home.CreateDBInstanceAsync(request));

        refusal.Code.ShouldBe(code, what);
        refusal.Message.ShouldContain(named);
        (await lab.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances.ShouldBeNull();
    }

    [Fact]
    public async Task A_stopped_instance_can_be_started_but_not_snapshot()
    {
        await lab.Created("db");
        await lab.Home.StopDBInstanceAsync(new StopDBInstanceRequest { DBInstanceIdentifier = "db" });
        lab.Pass();
        (await RdsLab.Described(lab.Home, "db")).DBInstanceStatus.ShouldBe("stopped");

        (await RdsLab.Refused(lab.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "db", DBSnapshotIdentifier = "s" }))).Code.ShouldBe("InvalidDBInstanceState");
        (await RdsLab.Refused(lab.Home.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "db" }))).Code.ShouldBe("InvalidDBInstanceState");
        await lab.Home.StartDBInstanceAsync(new StartDBInstanceRequest { DBInstanceIdentifier = "db" });
        lab.Pass();
        (await RdsLab.Described(lab.Home, "db")).DBInstanceStatus.ShouldBe("available");
    }

    [Theory]
    [InlineData(null, null, "FinalDBSnapshotIdentifier is required")]
    [InlineData(true, "final", "can not be specified")]
    public async Task Deleting_says_exactly_one_of_skip_and_name(bool? skip, string? name, string sentence)
    {
        await lab.Created("db");

        var (code, message) = await RdsLab.Refused(lab.Home.DeleteDBInstanceAsync(
            new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = skip, FinalDBSnapshotIdentifier = name }));

        code.ShouldBe("InvalidParameterCombination");
        message.ShouldContain(sentence);
    }

    [Fact]
    public async Task A_final_snapshot_is_there_after_the_instance_is_gone()
    {
        await lab.Created("db");
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", FinalDBSnapshotIdentifier = "final" });
        lab.Pass();

        (await RdsLab.Refused(RdsLab.Described(lab.Home, "db"))).Code.ShouldBe("DBInstanceNotFound");
        (await RdsLab.SnapshotOf(lab.Home, "final")).Status.ShouldBe("available");
    }

    [Fact]
    public async Task A_protected_instance_is_not_deleted_until_the_protection_is_off()
    {
        await lab.Created("db");
        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", DeletionProtection = true });
        var delete = new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true };

        (await RdsLab.Refused(lab.Home.DeleteDBInstanceAsync(delete))).Message.ShouldContain("protected");
        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", DeletionProtection = false });
        await lab.Home.DeleteDBInstanceAsync(delete);
    }

    [Fact]
    public async Task A_changed_master_password_reaches_the_server()
    {
        var instance = await lab.Created("db");
        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", MasterUserPassword = "another-horse-8", ApplyImmediately = true });
        (await RdsLab.Described(lab.Home, "db")).DBInstanceStatus.ShouldBe("resetting-master-credentials");
        lab.Pass();

        lab.At(instance).MasterPassword.ShouldBe("another-horse-8");
        (await RdsLab.Described(lab.Home, "db")).DBInstanceStatus.ShouldBe("available");
    }

    [Fact]
    public async Task A_replica_shows_its_source_and_goes_on_alone_once_promoted()
    {
        await lab.Created("db");
        await lab.Home.CreateDBInstanceReadReplicaAsync(new CreateDBInstanceReadReplicaRequest { DBInstanceIdentifier = "copy", SourceDBInstanceIdentifier = "db" });
        lab.Pass();
        var replica = await RdsLab.Described(lab.Home, "copy");
        replica.ReadReplicaSourceDBInstanceIdentifier.ShouldBe("db");
        lab.At(replica).Tables["item"].ShouldBe(10);
        (await RdsLab.Described(lab.Home, "db")).ReadReplicaDBInstanceIdentifiers.ShouldBe(["copy"]);
        (await RdsLab.Refused(lab.Home.StopDBInstanceAsync(new StopDBInstanceRequest { DBInstanceIdentifier = "db" }))).Code.ShouldBe("InvalidDBInstanceState");

        await lab.Home.PromoteReadReplicaAsync(new PromoteReadReplicaRequest { DBInstanceIdentifier = "copy" });
        lab.Pass();

        (await RdsLab.Described(lab.Home, "copy")).ReadReplicaSourceDBInstanceIdentifier.ShouldBeNull();
        lab.At(replica).Write("item", 1);
        lab.At(replica).Tables["item"].ShouldBe(11);
    }

    [Fact]
    public async Task An_instance_without_backups_has_no_replica()
    {
        var request = RdsLab.Instance("db");
        request.BackupRetentionPeriod = 0;
        await lab.Home.CreateDBInstanceAsync(request);
        lab.Pass();

        (await RdsLab.Refused(lab.Home.CreateDBInstanceReadReplicaAsync(
            new CreateDBInstanceReadReplicaRequest { DBInstanceIdentifier = "copy", SourceDBInstanceIdentifier = "db" }))).Code.ShouldBe("InvalidDBInstanceState");
    }

    [Fact]
    public async Task An_instance_that_the_engine_cannot_make_is_failed_and_says_why()
    {
        lab.Engine.FailOn = "db-";
        await lab.Home.CreateDBInstanceAsync(RdsLab.Instance("db"));
        lab.Pass();

        var instance = await RdsLab.Described(lab.Home, "db");
        instance.DBInstanceStatus.ShouldBe("failed");
        instance.StatusInfos.ShouldHaveSingleItem().Message.ShouldContain("told to fail");
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true });
    }

    [Fact]
    public async Task A_role_may_do_what_its_policy_says_and_nothing_else()
    {
        await lab.Created("db");
        var role = lab.Client(EmulatedCloud.Region, lab.Cloud.Role("reader", EmulatedCloud.Allow("rds:DescribeDBInstances", "*")));
        (await RdsLab.Described(role, "db")).DBInstanceIdentifier.ShouldBe("db");

        var (code, message) = await RdsLab.Refused(role.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true }));

        code.ShouldBe("AccessDenied");
        message.ShouldContain("rds:DeleteDBInstance");
    }
}
