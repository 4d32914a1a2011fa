using Amazon.EC2.Model;
using Amazon.RDS.Model;
using Dbre.Lab.Services.Ec2;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

/// <summary>Databases take security groups of EC2 that are there, in the VPC of their subnet group, and keep them from being deleted.</summary>
public sealed class DatabaseSecurityGroupTests
{
    private readonly RdsLab lab = new();

    [Fact]
    public async Task A_database_gets_the_default_group_of_its_VPC_or_those_that_are_given()
    {
        var group = await lab.SecurityGroup("orders");
        await lab.Created("plain");
        var wished = RdsLab.Instance("db");
        wished.VpcSecurityGroupIds = [group];
        await lab.Home.CreateDBInstanceAsync(wished);

        var standard = (await lab.Ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [new() { Name = "group-name", Values = ["default"] }] })).SecurityGroups.ShouldHaveSingleItem();
        (await GroupsOf("plain")).ShouldBe([standard.GroupId]);
        (await GroupsOf("db")).ShouldBe([group]);
    }

    [Fact]
    public async Task A_group_that_is_not_there_is_refused_by_whatever_names_it_and_nothing_is_changed()
    {
        await Prepare();

        foreach (var call in Calls("sg-none"))
        {
            (await RdsLab.Refused(call())).ShouldBe(("InvalidParameterValue", "Invalid security group , groupId= sg-none, groupName=."));
        }

        await NothingIsChanged();
    }

    [Fact]
    public async Task A_group_of_another_VPC_is_refused_by_whatever_names_it_and_nothing_is_changed()
    {
        lab.Cloud.World.Service<Ec2Service>().AddVpc(EmulatedCloud.Account, EmulatedCloud.Region, "vpc-other");
        var group = await lab.SecurityGroup("orders", "vpc-other");
        await Prepare();

        foreach (var call in Calls(group))
        {
            (await RdsLab.Refused(call())).ShouldBe((
                "InvalidParameterCombination",
                "The DB instance and EC2 security group are in different VPCs. The DB instance is in vpc-us-east-1 and the EC2 security group is in vpc-other"));
        }

        await NothingIsChanged();
    }

    [Fact]
    public async Task A_group_of_a_database_is_deleted_only_when_that_is_gone()
    {
        var (first, second) = (await lab.SecurityGroup("first"), await lab.SecurityGroup("second"));
        var wished = RdsLab.Instance("db");
        wished.VpcSecurityGroupIds = [first];
        await lab.Home.CreateDBInstanceAsync(wished);
        await lab.Cluster("pay");
        await lab.Home.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = "pay", VpcSecurityGroupIds = [second], ApplyImmediately = true });

        foreach (var group in (string[])[first, second])
        {
            var refusal = await Should.ThrowAsync<Amazon.EC2.AmazonEC2Exception>(lab.Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = group }));
            (refusal.ErrorCode, refusal.Message).ShouldBe(("DependencyViolation", $"resource {group} has a dependent object"));
        }

        await lab.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "db", SkipFinalSnapshot = true });
        lab.Pass();
        (await lab.Ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = first })).Return.ShouldBe(true);
    }

    private async Task Prepare()
    {
        await lab.Snapshot("snap");
        await lab.Cluster("pay");
        lab.Pass(600);
        await lab.Home.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "pay", DBClusterSnapshotIdentifier = "pay-snap" });
        lab.Pass();
    }

    private IEnumerable<Func<Task>> Calls(string group)
    {
        var wished = RdsLab.Instance("new");
        wished.VpcSecurityGroupIds = [group];
        return
        [
            () => lab.Home.CreateDBInstanceAsync(wished),
            () => lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "db-of-snap", VpcSecurityGroupIds = [group], BackupRetentionPeriod = 9, MonitoringInterval = 60, MonitoringRoleArn = lab.Monitors, ApplyImmediately = true }),
            () => lab.Home.CreateDBInstanceReadReplicaAsync(new CreateDBInstanceReadReplicaRequest { DBInstanceIdentifier = "new", SourceDBInstanceIdentifier = "db-of-snap", VpcSecurityGroupIds = [group] }),
            () => lab.Home.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest { DBInstanceIdentifier = "new", DBSnapshotIdentifier = "snap", VpcSecurityGroupIds = [group] }),
            () => lab.Home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest { SourceDBInstanceIdentifier = "db-of-snap", TargetDBInstanceIdentifier = "new", UseLatestRestorableTime = true, VpcSecurityGroupIds = [group] }),
            () => lab.Home.CreateDBClusterAsync(new CreateDBClusterRequest { DBClusterIdentifier = "new", Engine = "aurora-postgresql", MasterUsername = "app", MasterUserPassword = RdsLab.Password, VpcSecurityGroupIds = [group] }),
            () => lab.Home.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = "pay", VpcSecurityGroupIds = [group], BackupRetentionPeriod = 9, ApplyImmediately = true }),
            () => lab.Home.RestoreDBClusterFromSnapshotAsync(new RestoreDBClusterFromSnapshotRequest { DBClusterIdentifier = "new", SnapshotIdentifier = "pay-snap", Engine = "aurora-postgresql", VpcSecurityGroupIds = [group] }),
            () => lab.Home.RestoreDBClusterToPointInTimeAsync(new RestoreDBClusterToPointInTimeRequest { SourceDBClusterIdentifier = "pay", DBClusterIdentifier = "new", UseLatestRestorableTime = true, VpcSecurityGroupIds = [group] }),
        ];
    }

    private async Task NothingIsChanged()
    {
        lab.Pass();
        (await lab.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest())).DBInstances.Select(i => i.DBInstanceIdentifier).ShouldBe(["db-of-snap", "pay-1"]);
        var cluster = (await lab.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest())).DBClusters.ShouldHaveSingleItem();
        var instance = await RdsLab.Described(lab.Home, "db-of-snap");
        (cluster.DBClusterIdentifier, cluster.BackupRetentionPeriod, instance.BackupRetentionPeriod, instance.MonitoringInterval).ShouldBe(("pay", 1, 1, 0));
        lab.Cloud.Faults.ShouldBeEmpty();
    }

    private async Task<IEnumerable<string>> GroupsOf(string id) => (await RdsLab.Described(lab.Home, id)).VpcSecurityGroups.Select(g => g.VpcSecurityGroupId);
}
