using Amazon.RDS.Model;

namespace Dbre.Services.Tests.Rds;

/// <summary>Restoring clusters to a time: the volume comes back, instances are added by whoever wants them.</summary>
public sealed class ClusterTimeRestoreTests
{
    private readonly RdsLab lab = new();

    private DateTime Now => lab.Cloud.Clock.GetUtcNow().UtcDateTime;

    [Theory]
    [InlineData(-1, 10, false)]
    [InlineData(1, 4, false)]
    [InlineData(-1, 10, true)]
    [InlineData(1, 4, true)]
    public async Task A_restored_cluster_has_the_rows_of_its_moment_also_across_a_failover(int seconds, long rows, bool failover)
    {
        var cluster = await Loaded();
        if (failover)
        {
            await lab.Home.CreateDBInstanceAsync(RdsLab.Member("c", "c-2"));
            lab.Pass();
            await lab.Home.FailoverDBClusterAsync(new FailoverDBClusterRequest { DBClusterIdentifier = "c" });
            lab.Pass(600);
        }

        lab.Engine.At(cluster.Port!.Value)!.Write("item", -6);
        var deletion = Now;
        lab.Pass(900);
        await lab.Home.RestoreDBClusterToPointInTimeAsync(To("back", deletion.AddSeconds(seconds)));
        lab.Pass();
        var bare = await Described("back");
        (bare.Status, bare.DBClusterMembers).ShouldBe(("available", null));

        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("back", "back-1"));
        lab.Pass();

        lab.Engine.At(bare.Port!.Value)!.Tables["item"].ShouldBe(rows);
        lab.Engine.At(cluster.Port!.Value)!.Tables["item"].ShouldBe(4);
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_clone_begins_as_its_source_is_now()
    {
        var cluster = await Loaded();
        lab.Pass(60);
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 1);
        var request = To("clone", null);
        request.RestoreType = "copy-on-write";
        await lab.Home.RestoreDBClusterToPointInTimeAsync(request);
        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("clone", "clone-1"));
        lab.Pass();

        lab.Engine.At((await Described("clone")).Port!.Value)!.Tables["item"].ShouldBe(11);
    }

    [Fact]
    public async Task A_clone_is_made_where_its_source_is()
    {
        var request = To("clone", null);
        (request.SourceDBClusterIdentifier, request.RestoreType) = ((await Loaded()).DBClusterArn, "copy-on-write");

        (await RdsLab.Refused(lab.Recovery.RestoreDBClusterToPointInTimeAsync(request))).Code.ShouldBe("DBClusterNotFoundFault");
    }

    public static TheoryData<string, Action<RestoreDBClusterToPointInTimeRequest>, string> Refusals => new()
    {
        { "a time to come", r => r.RestoreToTime = r.RestoreToTime!.Value.AddDays(1), "InvalidParameterValue" },
        { "a time before the first backup", r => r.RestoreToTime = r.RestoreToTime!.Value.AddDays(-1), "InvalidParameterValue" },
        { "both times", r => r.UseLatestRestorableTime = true, "InvalidParameterCombination" },
        { "a clone of the past", r => r.RestoreType = "copy-on-write", "InvalidParameterCombination" },
        { "a type that is none", r => r.RestoreType = "half-copy", "InvalidParameterValue" },
        { "a source that is not there", r => r.SourceDBClusterIdentifier = "none", "DBClusterNotFoundFault" },
        { "a resource that is not there", r => { r.SourceDBClusterIdentifier = null; r.SourceDbClusterResourceId = "cluster-NONE"; }, "DBClusterAutomatedBackupNotFoundFault" },
        { "itself", r => r.DBClusterIdentifier = "c", "DBClusterAlreadyExistsFault" },
        { "no backups", r => r.BackupRetentionPeriod = 0, "InvalidParameterValue" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_AWS_does_not_restore_is_refused_with_its_code(string what, Action<RestoreDBClusterToPointInTimeRequest> spoil, string code)
    {
        await Loaded();
        var request = To("back", Now.AddMinutes(-8));
        spoil(request);

        (await RdsLab.Refused(lab.Home.RestoreDBClusterToPointInTimeAsync(request))).Code.ShouldBe(code, what);

        (await lab.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest())).DBClusters.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Retained_backups_restore_a_deleted_cluster_until_they_are_deleted()
    {
        var cluster = await Loaded();
        (await Described("c")).EarliestRestorableTime.ShouldNotBeNull();
        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "c-1" });
        lab.Pass();
        await lab.Home.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = "c", SkipFinalSnapshot = true, DeleteAutomatedBackups = false });
        lab.Pass();
        (await lab.Home.DescribeDBClusterAutomatedBackupsAsync(new DescribeDBClusterAutomatedBackupsRequest())).DBClusterAutomatedBackups.ShouldHaveSingleItem().Status.ShouldBe("retained");
        var request = To("back", null);
        (request.SourceDBClusterIdentifier, request.SourceDbClusterResourceId) = (null, cluster.DbClusterResourceId);
        // There is no volume left that a clone could share.
        request.RestoreType = "copy-on-write";
        (await RdsLab.Refused(lab.Home.RestoreDBClusterToPointInTimeAsync(request))).Code.ShouldBe("DBClusterNotFoundFault");
        request.RestoreType = null;

        await lab.Home.RestoreDBClusterToPointInTimeAsync(request);
        await lab.Home.CreateDBInstanceAsync(RdsLab.Member("back", "back-1"));
        lab.Pass();

        lab.Engine.At((await Described("back")).Port!.Value)!.Tables["item"].ShouldBe(10);
        await lab.Home.DeleteDBClusterAutomatedBackupAsync(new DeleteDBClusterAutomatedBackupRequest { DbClusterResourceId = cluster.DbClusterResourceId });
        (await RdsLab.Refused(lab.Home.RestoreDBClusterToPointInTimeAsync(request))).Code.ShouldBe("DBClusterAutomatedBackupNotFoundFault");
    }

    private async Task<DBCluster> Loaded()
    {
        var cluster = await lab.Cluster("c");
        lab.Engine.At(cluster.Port!.Value)!.Write("item", 10);
        lab.Pass(1000);
        return cluster;
    }

    private async Task<DBCluster> Described(string id) => (await lab.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id })).DBClusters[0];

    private static RestoreDBClusterToPointInTimeRequest To(string target, DateTime? time) => new()
    {
        SourceDBClusterIdentifier = "c", DBClusterIdentifier = target, RestoreToTime = time, UseLatestRestorableTime = time is null ? true : null,
    };
}
