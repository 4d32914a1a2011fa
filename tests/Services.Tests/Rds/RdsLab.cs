using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Services.Ec2;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Services.SecretsManager;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Rds;

/// <summary>RDS over the stub engine in virtual time, through real SDK clients.</summary>
internal sealed class RdsLab
{
    internal const string Password = "correct-horse-9";

    internal RdsLab(StubPace? pace = null)
    {
        Cloud = new EmulatedCloud();
        Engine = new StubEngine(Cloud.Clock, 7, pace ?? StubPace.OneSecond);
        Cloud.With(world => Rds = new RdsService(world, Engine)).With(world => new SecretsManagerService(world)).With(world => new Ec2Service(world));
        Monitors = Cloud.World.Iam.CreateRole(EmulatedCloud.Account, "monitors",
            """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"monitoring.rds.amazonaws.com"},"Action":"sts:AssumeRole"}}""").Arn;
        Ec2 = new AmazonEC2Client(EmulatedCloud.Operator, Cloud.Config<AmazonEC2Config>());
        Home = Client(EmulatedCloud.Region);
        Recovery = Client(EmulatedCloud.OtherRegion);
        Other = Client(EmulatedCloud.Region, EmulatedCloud.OtherOperator);
    }

    internal EmulatedCloud Cloud { get; }

    internal StubEngine Engine { get; }

    internal RdsService Rds { get; private set; } = null!;

    internal AmazonRDSClient Home { get; }

    internal AmazonRDSClient Recovery { get; }

    /// <summary>The other account, in the home Region.</summary>
    internal AmazonRDSClient Other { get; }

    /// <summary>EC2 of the home Region.</summary>
    internal AmazonEC2Client Ec2 { get; }

    /// <summary>A role that enhanced monitoring may assume.</summary>
    internal string Monitors { get; }

    internal AmazonRDSClient Client(string region, AWSCredentials? credentials = null) =>
        new(credentials ?? EmulatedCloud.Operator, Cloud.Config<AmazonRDSConfig>(region));

    internal void Pass(int seconds = 10) => Cloud.Clock.Advance(TimeSpan.FromSeconds(seconds));

    internal string Key(string region = EmulatedCloud.Region, string account = EmulatedCloud.Account, string? policy = null)
    {
        var user = $"arn:aws:iam::{account}:user/{(account == EmulatedCloud.Account ? "lab" : "lab2")}";
        var answer = Cloud.World.Invoke(
            Cloud.World.Iam.ContextForUser(user, region), "kms", new Amazon.KeyManagementService.Model.CreateKeyRequest { Policy = policy }).GetAwaiter().GetResult();
        return ((Amazon.KeyManagementService.Model.CreateKeyResponse)answer).KeyMetadata.Arn;
    }

    /// <summary>The id of a new security group.</summary>
    internal async Task<string> SecurityGroup(string name, string? vpc = null) =>
        (await Ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = name, Description = "of a test", VpcId = vpc })).GroupId;

    internal static CreateDBInstanceRequest Instance(string id, string? key = null, params (string Key, string Value)[] tags) => new()
    {
        DBInstanceIdentifier = id,
        Engine = "postgres",
        DBInstanceClass = "db.t4g.micro",
        AllocatedStorage = 20,
        MasterUsername = "app",
        MasterUserPassword = Password,
        DBName = "shop",
        StorageEncrypted = key is null ? null : true,
        KmsKeyId = key,
        Tags = [.. tags.Select(t => new Amazon.RDS.Model.Tag { Key = t.Key, Value = t.Value })],
    };

    /// <summary>An available instance with 10 rows in the table "item".</summary>
    internal async Task<DBInstance> Created(string id, string? key = null, params (string Key, string Value)[] tags)
    {
        await Home.CreateDBInstanceAsync(Instance(id, key, tags));
        Pass();
        var instance = await Described(Home, id);
        Engine.At(instance.Endpoint.Port!.Value)!.Write("item", 10);
        return instance;
    }

    /// <summary>An available snapshot of a new instance.</summary>
    internal async Task<DBSnapshot> Snapshot(string id, string? key = null, params (string Key, string Value)[] tags)
    {
        await Created("db-of-" + id, key);
        await Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest
        {
            DBInstanceIdentifier = "db-of-" + id, DBSnapshotIdentifier = id, Tags = [.. tags.Select(t => new Amazon.RDS.Model.Tag { Key = t.Key, Value = t.Value })],
        });
        Pass();
        return await SnapshotOf(Home, id);
    }

    /// <summary>An available cluster with one instance, "<paramref name="id"/>-1".</summary>
    internal async Task<DBCluster> Cluster(string id, string? key = null)
    {
        await Home.CreateDBClusterAsync(new CreateDBClusterRequest
        {
            DBClusterIdentifier = id,
            Engine = "aurora-postgresql",
            MasterUsername = "app",
            MasterUserPassword = Password,
            StorageEncrypted = key is null ? null : true,
            KmsKeyId = key,
        });
        await Home.CreateDBInstanceAsync(Member(id, id + "-1"));
        Pass();
        return (await Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = id })).DBClusters[0];
    }

    internal static CreateDBInstanceRequest Member(string cluster, string id) => new()
    {
        DBInstanceIdentifier = id, DBClusterIdentifier = cluster, Engine = "aurora-postgresql", DBInstanceClass = "db.r6g.large",
    };

    internal static async Task<DBInstance> Described(IAmazonRDS rds, string id) =>
        (await rds.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = id })).DBInstances[0];

    internal static async Task<DBSnapshot> SnapshotOf(IAmazonRDS rds, string id) =>
        (await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = id })).DBSnapshots[0];

    /// <summary>A call that must be refused: its code and message.</summary>
    internal static async Task<(string Code, string Message)> Refused(Task call)
    {
        var refusal = await Should.ThrowAsync<AmazonRDSException>(call);
        return (refusal.ErrorCode, refusal.Message);
    }

    internal StubDatabase At(DBInstance instance) => Engine.At(instance.Endpoint.Port!.Value)!;
}
