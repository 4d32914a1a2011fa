using Amazon.RDS;
using Amazon.RDS.Model;

using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

/// <summary>What makes a restored database like its source again.</summary>
public sealed class ModifyTests
{
    private readonly RdsLab lab = new();

    [Fact]
    public async Task What_was_modified_is_what_is_described_and_a_parameter_group_waits_for_a_reboot()
    {
        await lab.Home.CreateDBParameterGroupAsync(new CreateDBParameterGroupRequest { DBParameterGroupName = "tuned", DBParameterGroupFamily = "postgres16", Description = "d" });
        await lab.Created("db");

        await lab.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest
        {
            DBInstanceIdentifier = "db", ApplyImmediately = true, DBParameterGroupName = "tuned", MonitoringInterval = 60, MonitoringRoleArn = lab.Monitors,
            CloudwatchLogsExportConfiguration = new CloudwatchLogsExportConfiguration { EnableLogTypes = ["postgresql"] }, EnableIAMDatabaseAuthentication = true, MultiAZ = true,
        });

        var instance = await RdsLab.Described(lab.Home, "db");
        (instance.DBParameterGroups[0].DBParameterGroupName, instance.DBParameterGroups[0].ParameterApplyStatus).ShouldBe(("tuned", "pending-reboot"));
        (instance.MonitoringInterval, instance.MonitoringRoleArn).ShouldBe((60, lab.Monitors));
        (instance.EnabledCloudwatchLogsExports.ShouldHaveSingleItem(), instance.IAMDatabaseAuthenticationEnabled, instance.MultiAZ).ShouldBe(("postgresql", true, true));
        await lab.Home.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "db" });
        lab.Pass();
        (await RdsLab.Described(lab.Home, "db")).DBParameterGroups[0].ParameterApplyStatus.ShouldBe("in-sync");
    }

    [Fact]
    public async Task A_cluster_s_parameter_group_waits_for_the_reboot_of_each_member()
    {
        await lab.Home.CreateDBClusterParameterGroupAsync(new CreateDBClusterParameterGroupRequest { DBClusterParameterGroupName = "tuned", DBParameterGroupFamily = "aurora-postgresql16", Description = "d" });
        await lab.Cluster("c");
        await lab.Home.ModifyDBClusterAsync(new ModifyDBClusterRequest { DBClusterIdentifier = "c", DBClusterParameterGroupName = "tuned", ApplyImmediately = true });
        (await Described()).DBClusterParameterGroup.ShouldBe("tuned");
        (await Described()).DBClusterMembers[0].DBClusterParameterGroupStatus.ShouldBe("pending-reboot");

        await lab.Home.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "c-1" });
        lab.Pass();

        (await Described()).DBClusterMembers[0].DBClusterParameterGroupStatus.ShouldBe("in-sync");
    }

    public static TheoryData<string, Action<ModifyDBInstanceRequest>, string, string> Refusals => new()
    {
        { "a group that is not there", r => r.DBParameterGroupName = "none", "DBParameterGroupNotFound", "none" },
        { "a group of another family", r => r.DBParameterGroupName = "old", "InvalidParameterCombination", "postgres12" },
        { "monitoring for nobody", r => r.MonitoringInterval = 60, "InvalidParameterCombination", "MonitoringRoleARN" },
        { "an odd interval", r => r.MonitoringInterval = 7, "InvalidParameterValue", "MonitoringInterval" },
        { "a role that is not there", r => (r.MonitoringInterval, r.MonitoringRoleArn) = (60, "arn:aws:iam::111111111111:role/none"), "InvalidParameterValue", "ENHANCED_MONITORING" },
        { "a role for no monitoring", r => (r.MonitoringInterval, r.MonitoringRoleArn) = (0, "arn:aws:iam::111111111111:role/monitors"), "InvalidParameterCombination", "MonitoringInterval" },
        { "a rotation", r => r.RotateMasterUserPassword = true, "InvalidParameterValue", "RotateMasterUserPassword" },
        { "two changes of what it is", r => (r.MasterUserPassword, r.NewDBInstanceIdentifier) = ("another-horse-8", "x"), "InvalidParameterCombination", "NewDBInstanceIdentifier" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_cannot_be_modified_is_refused_by_name_and_changes_nothing(string what, Action<ModifyDBInstanceRequest> spoil, string code, string named)
    {
        await lab.Home.CreateDBParameterGroupAsync(new CreateDBParameterGroupRequest { DBParameterGroupName = "old", DBParameterGroupFamily = "postgres12", Description = "d" });
        await lab.Created("db");
        var request = new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", ApplyImmediately = true, DeletionProtection = true };
        spoil(request);

        var refusal = await RdsLab.Refused(lab.Home.ModifyDBInstanceAsync(request));

        refusal.Code.ShouldBe(code, what);
        refusal.Message.ShouldContain(named);
        (await RdsLab.Described(lab.Home, "db")).DeletionProtection.ShouldBe(false);
    }

    [Fact]
    public async Task Monitoring_is_for_those_who_may_pass_the_role_to_it()
    {
        var request = RdsLab.Instance("db");
        (request.MonitoringInterval, request.MonitoringRoleArn) = (30, lab.Monitors);
        await lab.Home.CreateDBInstanceAsync(request);
        lab.Pass();
        (await RdsLab.Described(lab.Home, "db")).MonitoringInterval.ShouldBe(30);
        var change = new ModifyDBInstanceRequest { DBInstanceIdentifier = "db", ApplyImmediately = true, MonitoringInterval = 5, MonitoringRoleArn = lab.Monitors };

        var (code, message) = await RdsLab.Refused(Passing("rds.amazonaws.com").ModifyDBInstanceAsync(change));
        code.ShouldBe("AccessDenied");
        message.ShouldContain("iam:PassRole");
        await Passing("monitoring.rds.amazonaws.com").ModifyDBInstanceAsync(change);

        (await RdsLab.Described(lab.Home, "db")).MonitoringInterval.ShouldBe(5);
    }

    private AmazonRDSClient Passing(string to) => lab.Client(EmulatedCloud.Region, lab.Cloud.Role(to,
        $$$"""
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"rds:ModifyDBInstance","Resource":"*"},
          {"Effect":"Allow","Action":"iam:PassRole","Resource":"*","Condition":{"StringEquals":{"iam:PassedToService":"{{{to}}}"} } }]}
        """));

    private async Task<DBCluster> Described() => (await lab.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = "c" })).DBClusters[0];
}
