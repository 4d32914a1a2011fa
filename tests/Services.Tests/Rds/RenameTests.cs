using Amazon.RDS.Model;

namespace Dbre.Services.Tests.Rds;

/// <summary>Renaming: the address belongs to the name, everything else to the instance.</summary>
public sealed class RenameTests
{
    private readonly RdsLab lab = new();

    [Fact]
    public async Task After_a_swap_the_address_of_the_name_leads_to_who_has_it_now()
    {
        var first = await lab.Created("shop", null, ("team", "payments"));
        var second = await lab.Created("shop-restored");
        lab.At(second).Write("item", 5);

        await Rename("shop", "shop-old");
        lab.Engine.At(first.Endpoint.Port!.Value).ShouldBeNull();
        await Rename("shop-restored", "shop");

        var (now, old) = (await RdsLab.Described(lab.Home, "shop"), await RdsLab.Described(lab.Home, "shop-old"));
        (now.Endpoint.Address, now.Endpoint.Port).ShouldBe((first.Endpoint.Address, first.Endpoint.Port));
        lab.At(now).Tables["item"].ShouldBe(15);
        lab.At(old).Tables["item"].ShouldBe(10);
        lab.Engine.At(second.Endpoint.Port!.Value).ShouldBeNull();
        (old.DbiResourceId, old.DBInstanceArn, old.TagList[0].Value).ShouldBe((first.DbiResourceId, "arn:aws:rds:us-east-1:111111111111:db:shop-old", "payments"));
        (await RdsLab.Refused(RdsLab.Described(lab.Home, "shop-restored"))).Code.ShouldBe("DBInstanceNotFound");

        // And back again.
        await Rename("shop", "shop-restored");
        await Rename("shop-old", "shop");
        var back = await RdsLab.Described(lab.Home, "shop");
        (back.Endpoint.Port, back.DbiResourceId).ShouldBe((first.Endpoint.Port, first.DbiResourceId));
        lab.At(back).Tables["item"].ShouldBe(10);
        (await RdsLab.Described(lab.Home, "shop-restored")).Endpoint.Port.ShouldBe(second.Endpoint.Port);
        lab.At(await RdsLab.Described(lab.Home, "shop-restored")).Tables["item"].ShouldBe(15);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_takes_the_name_of_a_deleted_instance_is_found_at_its_address()
    {
        var first = await lab.Created("shop");
        var second = await lab.Created("other");
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "shop", SkipFinalSnapshot = true });
        lab.Pass();

        await Rename("other", "shop");

        (await RdsLab.Described(lab.Home, "shop")).Endpoint.Port.ShouldBe(first.Endpoint.Port);
        (await lab.Created("other")).Endpoint.Port.ShouldBe(second.Endpoint.Port);
        lab.Engine.At(first.Endpoint.Port!.Value)!.Tables["item"].ShouldBe(10);
    }

    [Fact]
    public async Task While_it_is_renamed_it_keeps_the_old_name_and_holds_the_new_one()
    {
        await lab.Created("shop");
        await lab.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "shop", DBSnapshotIdentifier = "s" });
        lab.Pass();
        await lab.Home.ModifyDBInstanceAsync(To("shop", "shop-old"));

        var during = await RdsLab.Described(lab.Home, "shop");
        (during.DBInstanceStatus, during.PendingModifiedValues.DBInstanceIdentifier).ShouldBe(("renaming", "shop-old"));
        (await RdsLab.Refused(lab.Home.CreateDBInstanceAsync(RdsLab.Instance("shop-old")))).Code.ShouldBe("DBInstanceAlreadyExists");
        (await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(To("shop", "third")))).Code.ShouldBe("InvalidDBInstanceState");
        lab.Pass();

        (await RdsLab.Described(lab.Home, "shop-old")).PendingModifiedValues.DBInstanceIdentifier.ShouldBeNull();
        (await RdsLab.SnapshotOf(lab.Home, "s")).DBInstanceIdentifier.ShouldBe("shop");
    }

    [Fact]
    public async Task A_name_that_is_taken_bad_or_for_later_is_refused()
    {
        await lab.Created("shop");
        await lab.Created("other");

        (await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(To("shop", "Other")))).Code.ShouldBe("DBInstanceAlreadyExists");
        (await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(To("shop", "1st")))).Code.ShouldBe("InvalidParameterValue");
        var later = To("shop", "shop-old");
        later.ApplyImmediately = false;
        (await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(later))).Message.ShouldContain("NewDBInstanceIdentifier");
        (await RdsLab.Described(lab.Home, "shop")).DBInstanceStatus.ShouldBe("available");
    }

    [Fact]
    public async Task After_a_swap_of_clusters_the_endpoints_of_the_name_lead_to_who_has_it_now()
    {
        var first = await lab.Cluster("c");
        lab.Engine.At(first.Port!.Value)!.Write("item", 5);
        var second = await lab.Cluster("c-restored");
        lab.Engine.At(second.Port!.Value)!.Write("item", 7);

        await RenameCluster("c", "c-old");
        lab.Engine.At(first.Port!.Value).ShouldBeNull();
        await RenameCluster("c-restored", "c");

        var (now, old) = (await Cluster("c"), await Cluster("c-old"));
        (now.Port, now.ReaderEndpoint, now.DBClusterArn).ShouldBe((first.Port, first.ReaderEndpoint, first.DBClusterArn));
        lab.Engine.At(now.Port!.Value)!.Tables["item"].ShouldBe(7);
        lab.Engine.At(old.Port!.Value)!.Tables["item"].ShouldBe(5);
        lab.Engine.At(second.Port!.Value).ShouldBeNull();
        old.DbClusterResourceId.ShouldBe(first.DbClusterResourceId);
        (await RdsLab.Described(lab.Home, "c-1")).DBClusterIdentifier.ShouldBe("c-old");
        (await RdsLab.Refused(Cluster("c-restored"))).Code.ShouldBe("DBClusterNotFoundFault");
        (await RdsLab.Refused(lab.Home.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = "c", NewDBClusterIdentifier = "c-old", ApplyImmediately = true }))).Code
            .ShouldBe("DBClusterAlreadyExistsFault");

        // A member by another name stays in the cluster, and the cluster's endpoint stays with the writer.
        await Rename("c-1", "c-first");
        lab.Engine.At(old.Port!.Value)!.Tables["item"].ShouldBe(5);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    private async Task<DBCluster> Cluster(string id) => (await lab.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id })).DBClusters[0];

    private async Task RenameCluster(string id, string to)
    {
        await lab.Home.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = id, NewDBClusterIdentifier = to, ApplyImmediately = true });
        lab.Pass();
    }

    private async Task Rename(string id, string to)
    {
        await lab.Home.ModifyDBInstanceAsync(To(id, to));
        lab.Pass();
    }

    private static ModifyDBInstanceRequest To(string id, string name) => new() { DBInstanceIdentifier = id, NewDBInstanceIdentifier = name, ApplyImmediately = true };
}
