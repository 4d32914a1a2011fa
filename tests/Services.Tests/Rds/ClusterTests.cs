using Amazon.RDS.Model;

namespace Dbre.Services.Tests.Rds;

public sealed class ClusterTests
{
    private readonly RdsLab lab = new();

    private async Task<DBCluster> Described(string id) => (await lab.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id })).DBClusters[0];

    [Fact]
    public async Task A_cluster_serves_once_it_has_an_instance()
    {
        await lab.Home.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = "c", Engine = "aurora-postgresql", MasterUsername = "app", MasterUserPassword = RdsLab.Password,
        });
        lab.Pass();
        var cluster = await Described("c");
        (cluster.Status, cluster.DBClusterMembers).ShouldBe(("available", null));
        lab.Engine.At(cluster.Port!.Value).ShouldBeNull();

        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("c", "c-1"));
        lab.Pass();

        var member = (await Described("c")).DBClusterMembers.ShouldHaveSingleItem();
        (member.DBInstanceIdentifier, member.IsClusterWriter).ShouldBe(("c-1", true));
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 5);
        (await RdsLab.Described(lab.Home, "c-1")).DBClusterIdentifier.ShouldBe("c");
    }

    [Fact]
    public async Task A_restored_cluster_has_the_rows_once_it_has_a_writer()
    {
        var cluster = await lab.Cluster("c");
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 5);
        await lab.Home.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "c", DBClusterSnapshotIdentifier = "s" });
        lab.Pass();

        await lab.Home.RestoreDBClusterFromSnapshotAsync(new RestoreDBClusterFromSnapshotRequest { DBClusterIdentifier = "back", SnapshotIdentifier = "s", Engine = "aurora-postgresql" });
        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("back", "back-1"));
        lab.Pass();

        lab.Engine.At((await Described("back")).Port!.Value)!.Tables["item"].ShouldBe(5);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_failover_makes_the_reader_the_writer_and_the_endpoint_follows()
    {
        var cluster = await lab.Cluster("c");
        (await RdsLab.Refused(lab.Home.FailoverDBClusterAsync(new FailoverDBClusterRequest { DBClusterIdentifier = "c" }))).Code.ShouldBe("InvalidDBClusterStateFault");
        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("c", "c-2"));
        lab.Pass();
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 5);

        await lab.Home.FailoverDBClusterAsync(new FailoverDBClusterRequest { DBClusterIdentifier = "c", TargetDBInstanceIdentifier = "c-2" });
        lab.Pass();

        (await Described("c")).DBClusterMembers.Single(m => m.IsClusterWriter == true).DBInstanceIdentifier.ShouldBe("c-2");
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 1);
        lab.Engine.At(cluster.Port!.Value)!.Tables["item"].ShouldBe(6);
    }

    [Fact]
    public async Task Deleting_the_writer_hands_over_to_the_reader()
    {
        var cluster = await lab.Cluster("c");
        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("c", "c-2"));
        lab.Pass();
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 5);

        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "c-1" });
        lab.Pass();

        (await Described("c")).DBClusterMembers.ShouldHaveSingleItem().IsClusterWriter.ShouldBe(true);
        lab.Engine.At(cluster.Port!.Value)!.Tables["item"].ShouldBe(5);
    }

    [Fact]
    public async Task A_cluster_is_deleted_after_its_instances_and_keeps_its_rows_until_then()
    {
        var cluster = await lab.Cluster("c");
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 5);
        var delete = new DeleteDBClusterRequest { DBClusterIdentifier = "c", SkipFinalSnapshot = true };
        (await RdsLab.Refused(lab.Home.DeleteDBClusterAsync(delete))).ShouldBe(
            ("InvalidDBClusterStateFault", "Cluster cannot be deleted, it still contains DB instances in non-deleting state."));
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "c-1" });
        lab.Pass();
        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("c", "c-3"));
        lab.Pass();
        lab.Engine.At(cluster.Port!.Value)!.Tables["item"].ShouldBe(5);

        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "c-3" });
        await lab.Home.DeleteDBClusterAsync(delete);
        lab.Pass();

        (await RdsLab.Refused(Described("c"))).Code.ShouldBe("DBClusterNotFoundFault");
        lab.Engine.Databases.ShouldBeEmpty();
    }

    [Fact]
    public async Task Members_take_no_snapshots_of_their_own()
    {
        await lab.Cluster("c");

        (await RdsLab.Refused(lab.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "c-1", DBSnapshotIdentifier = "s" }))).Message.ShouldContain("snapshot of the cluster");
        (await RdsLab.Refused(lab.Home.StopDBInstanceAsync(new StopDBInstanceRequest { DBInstanceIdentifier = "c-1" }))).Code.ShouldBe("InvalidDBClusterStateFault");
    }

    [Fact]
    public async Task Member_and_cluster_have_the_same_engine()
    {
        await lab.Cluster("c");
        var member = RdsLab.Member("c", "c-2");
        member.Engine = "postgres";

        (await RdsLab.Refused(lab.Home.CreateDBInstanceAsync(member))).Code.ShouldBe("InvalidParameterValue");
    }
}
