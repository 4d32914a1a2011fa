using Amazon.RDS.Model;

namespace Dbre.Services.Tests.Rds;

public sealed class IdentifierTests
{
    private readonly RdsLab lab = new();

    public static TheoryData<string> Wrong => ["1abc", "-abc", "abc-", "a--b", "a_b", "a.b", "rds:auto", "é", new string('a', 64)];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Instance_names_that_AWS_refuses_are_refused(string id)
    {
        var (code, message) = await RdsLab.Refused(lab.Home.CreateDBInstanceAsync(RdsLab.Instance(id)));

        code.ShouldBe("InvalidParameterValue");
        message.ShouldContain("DBInstanceIdentifier");
    }

    [Fact]
    public async Task Instance_snapshots_may_have_255_characters_and_cluster_snapshots_63()
    {
        await lab.Created("db");
        await lab.Cluster("c");
        Task Take(int length) => lab.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "db", DBSnapshotIdentifier = new string('s', length) });
        Task TakeOfCluster(int length) => lab.Home.CreateDBClusterSnapshotAsync(
            new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "c", DBClusterSnapshotIdentifier = new string('s', length) });

        await Take(255);
        lab.Pass();
        (await RdsLab.Refused(Take(256))).Code.ShouldBe("InvalidParameterValue");
        await TakeOfCluster(63);
        (await RdsLab.Refused(TakeOfCluster(64))).Code.ShouldBe("InvalidParameterValue");
    }

    [Fact]
    public async Task Case_does_not_count()
    {
        await lab.Created("Shop");

        (await RdsLab.Described(lab.Home, "SHOP")).DBInstanceIdentifier.ShouldBe("shop");
        (await RdsLab.Refused(lab.Home.CreateDBInstanceAsync(RdsLab.Instance("sHOP")))).Code.ShouldBe("DBInstanceAlreadyExists");
    }

    [Fact]
    public async Task Automated_names_can_neither_be_made_nor_deleted_by_hand()
    {
        await lab.Created("db");

        (await RdsLab.Refused(lab.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "db", DBSnapshotIdentifier = "rds:db-2026" })))
            .Code.ShouldBe("InvalidParameterValue");
        (await RdsLab.Refused(lab.Home.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = "rds:db-2026" }))).Code.ShouldBe("DBSnapshotNotFound");
    }
}
