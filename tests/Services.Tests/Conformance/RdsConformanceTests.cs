using System.Collections;
using System.Reflection;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Dbre.Services.Tests.Rds;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Conformance;

/// <summary>
/// The same calls to our RDS and to moto's: the same HTTP status and error code, and no member of an answer missing that moto gives. Where they
/// differ, the difference is listed with what AWS documents; one that is not listed fails, and so does one that is listed and no longer there.
/// </summary>
[Collection(nameof(Moto))]
public sealed class RdsConformanceTests(Moto moto)
{
    private const string NotEmulated = "GlobalWriteForwardingRequested, HostedZoneId, KmsKeyId";

    [MotoFact]
    public async Task Calls_answer_as_moto_does_or_as_AWS_documents()
    {
        var lab = new RdsLab();
        using var ours = new Ground(lab.Home, lab.Recovery, lab.Pass);
        using var theirs = new Ground(
            new AmazonRDSClient(EmulatedCloud.Operator, moto.Config<AmazonRDSConfig>()),
            new AmazonRDSClient(EmulatedCloud.Operator, new AmazonRDSConfig { ServiceURL = moto.Address, AuthenticationRegion = EmulatedCloud.OtherRegion, MaxErrorRetry = 0 }), _ => { });
        var found = new List<string>();
        foreach (var (name, call) in Calls)
        {
            found.AddRange(Differences(await ours.Ask(call), await theirs.Ask(call)).Select(d => $"{name}: {d}"));
        }

        lab.Cloud.Faults.ShouldBeEmpty();
        found.ShouldBe(Known.SelectMany(k => k.Differences), ignoreOrder: true);
    }

    /// <summary>What differs, and what AWS documents of it (botocore's model of RDS, or the Amazon RDS User Guide and API Reference).</summary>
    private static IEnumerable<(string Documented, string[] Differences)> Known =>
    [
        ("A database that is being made has no endpoint yet, and none of its times (API Reference, Endpoint and LatestRestorableTime); moto's is available at once.",
        [
            "create: without Endpoint, LatestRestorableTime",
            "create member: without Endpoint, KmsKeyId, LatestRestorableTime",
            $"create cluster: without AutoMinorVersionUpgrade, BacktrackWindow, EarliestRestorableTime, Endpoint, {NotEmulated}, LatestRestorableTime, PubliclyAccessible, ReaderEndpoint, ScalingConfigurationInfo",
            $"restore cluster: without AutoMinorVersionUpgrade, BacktrackWindow, EarliestRestorableTime, Endpoint, {NotEmulated}, LatestRestorableTime, PubliclyAccessible, ReaderEndpoint, ScalingConfigurationInfo",
        ]),
        ("A cluster that is being deleted has nothing left to restore to. Of Route 53, Serverless v1 and Backtrack nothing is emulated, and moto gives a key to what is not encrypted.",
        [
            $"describe cluster: without AutoMinorVersionUpgrade, BacktrackWindow, {NotEmulated}, PubliclyAccessible, ScalingConfigurationInfo",
            $"delete cluster: without AutoMinorVersionUpgrade, BacktrackWindow, EarliestRestorableTime, {NotEmulated}, LatestRestorableTime, PubliclyAccessible, ScalingConfigurationInfo",
            "describe cluster snapshot: without KmsKeyId",
            "delete cluster snapshot: without KmsKeyId",
        ]),
        ("SnapshotCreateTime is when the snapshot was taken, so one that is being taken has none (API Reference, CreateDBSnapshot, sample response).",
        [
            "snapshot: without OriginalSnapshotCreateTime, SnapshotCreateTime",
            "copy: without SnapshotCreateTime",
            "copy to the other Region: without SnapshotCreateTime",
            "cluster snapshot: without KmsKeyId, SnapshotCreateTime",
        ]),
        ("A restored database or a replica gets the tags that are given, not those of its source; nor does it remember a source in a member that is a replica's (API Reference).",
        [
            "restore: without Endpoint, LatestRestorableTime, TagList",
            "restore to the latest: without Endpoint, LatestRestorableTime, ReadReplicaSourceDBInstanceIdentifier, TagList",
            "replica: without Endpoint, LatestRestorableTime, TagList",
            "promote: without LatestRestorableTime, TagList",
            "rename: without TagList",
            "describe renamed: without TagList",
        ]),
        ("A promoted replica is no longer one of its source's, and cannot be promoted again (User Guide, Promoting a read replica).",
        [
            "reboot: without ReadReplicaDBInstanceIdentifiers",
            "promote again: 400 InvalidDBInstanceState, moto 200",
        ]),
        ("Deleting needs a final snapshot's name or SkipFinalSnapshot (API Reference, DeleteDBInstance); moto deletes, and has nothing left to delete then.",
        [
            "delete without a word on the snapshot: 400 InvalidParameterCombination, moto 200",
            "delete: 200, moto 404 DBInstanceNotFound",
        ]),
        ("DBClusterAlreadyExistsFault is the error of CreateDBCluster and RestoreDBClusterFromSnapshot in botocore's model.",
        [
            "create cluster again: 400 DBClusterAlreadyExistsFault, moto 400 DBClusterSnapshotAlreadyExistsFault",
            "restore cluster onto one: 400 DBClusterAlreadyExistsFault, moto 400 DBClusterSnapshotAlreadyExistsFault",
        ]),
        ("DBInstanceNotFoundFault is an error of ListTagsForResource in botocore's model, and Engine is required by CreateDBInstance.",
        [
            "tags of none: 404 DBInstanceNotFound, moto 200",
            "create without an engine: 400 MissingParameter, moto 500 ",
        ]),
    ];

    private static IEnumerable<(string Name, Func<Ground, Task<object?>> Call)> Calls =>
    [
        ("create", async g => (await g.Home.CreateDBInstanceAsync(RdsLab.Instance("orders", null, ("team", "shop")))).DBInstance),
        ("create again", async g => (await g.Home.CreateDBInstanceAsync(RdsLab.Instance("orders"))).DBInstance),
        ("create with a bad name", async g => (await g.Home.CreateDBInstanceAsync(RdsLab.Instance("orders--2"))).DBInstance),
        ("create without an engine", async g => (await g.Home.CreateDBInstanceAsync(new CreateDBInstanceRequest { DBInstanceIdentifier = "x", DBInstanceClass = "db.t4g.micro" })).DBInstance),
        ("describe", async g => (await g.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "orders" })).DBInstances[0]),
        ("describe in capitals", async g => (await g.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "ORDERS" })).DBInstances[0]),
        ("describe none", async g => (await g.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "none" })).DBInstances[0]),
        ("tags", async g => (await g.Home.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = Arn("db", "orders") })).TagList[0]),
        ("tags of none", async g => (await g.Home.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = Arn("db", "none") })).TagList),
        ("modify", async g => (await g.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "orders", BackupRetentionPeriod = 7, ApplyImmediately = true })).DBInstance),
        ("modify none", async g => (await g.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "none", BackupRetentionPeriod = 7 })).DBInstance),
        ("snapshot", async g => (await g.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "orders", DBSnapshotIdentifier = "s" })).DBSnapshot),
        ("snapshot again", async g => (await g.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "orders", DBSnapshotIdentifier = "s" })).DBSnapshot),
        ("snapshot of none", async g => (await g.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "none", DBSnapshotIdentifier = "s2" })).DBSnapshot),
        ("snapshot with a bad name", async g => (await g.Home.CreateDBSnapshotAsync(new CreateDBSnapshotRequest { DBInstanceIdentifier = "orders", DBSnapshotIdentifier = "rds:s" })).DBSnapshot),
        ("describe snapshot", async g => (await g.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = "s" })).DBSnapshots[0]),
        ("describe snapshot none", async g => (await g.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { DBSnapshotIdentifier = "none" })).DBSnapshots[0]),
        ("copy", async g => (await g.Home.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = "s", TargetDBSnapshotIdentifier = "c", CopyTags = true })).DBSnapshot),
        ("copy again", async g => (await g.Home.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = "s", TargetDBSnapshotIdentifier = "c" })).DBSnapshot),
        ("copy of none", async g => (await g.Home.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = "none", TargetDBSnapshotIdentifier = "d" })).DBSnapshot),
        ("copy to the other Region", async g => (await g.Recovery.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = Arn("snapshot", "s"), TargetDBSnapshotIdentifier = "c", SourceRegion = EmulatedCloud.Region })).DBSnapshot),
        ("share", async g => (await g.Home.ModifyDBSnapshotAttributeAsync(new ModifyDBSnapshotAttributeRequest { DBSnapshotIdentifier = "s", AttributeName = "restore", ValuesToAdd = ["222222222222"] })).DBSnapshotAttributesResult),
        ("shared with", async g => (await g.Home.DescribeDBSnapshotAttributesAsync(new DescribeDBSnapshotAttributesRequest { DBSnapshotIdentifier = "s" })).DBSnapshotAttributesResult),
        ("restore", async g => (await g.Home.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest { DBInstanceIdentifier = "restored", DBSnapshotIdentifier = "s" })).DBInstance),
        ("restore onto one", async g => (await g.Home.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest { DBInstanceIdentifier = "orders", DBSnapshotIdentifier = "s" })).DBInstance),
        ("restore none", async g => (await g.Home.RestoreDBInstanceFromDBSnapshotAsync(new RestoreDBInstanceFromDBSnapshotRequest { DBInstanceIdentifier = "restored2", DBSnapshotIdentifier = "none" })).DBInstance),
        ("restore to the latest", async g => (await g.Home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest { SourceDBInstanceIdentifier = "orders", TargetDBInstanceIdentifier = "latest", UseLatestRestorableTime = true })).DBInstance),
        ("restore of none to the latest", async g => (await g.Home.RestoreDBInstanceToPointInTimeAsync(new RestoreDBInstanceToPointInTimeRequest { SourceDBInstanceIdentifier = "none", TargetDBInstanceIdentifier = "latest2", UseLatestRestorableTime = true })).DBInstance),
        ("replica", async g => (await g.Home.CreateDBInstanceReadReplicaAsync(new CreateDBInstanceReadReplicaRequest { DBInstanceIdentifier = "replica", SourceDBInstanceIdentifier = "orders" })).DBInstance),
        ("promote", async g => (await g.Home.PromoteReadReplicaAsync(new PromoteReadReplicaRequest { DBInstanceIdentifier = "replica" })).DBInstance),
        ("promote again", async g => (await g.Home.PromoteReadReplicaAsync(new PromoteReadReplicaRequest { DBInstanceIdentifier = "replica" })).DBInstance),
        ("reboot", async g => (await g.Home.RebootDBInstanceAsync(new RebootDBInstanceRequest { DBInstanceIdentifier = "orders" })).DBInstance),
        ("rename", async g => (await g.Home.ModifyDBInstanceAsync(new ModifyDBInstanceRequest { DBInstanceIdentifier = "restored", NewDBInstanceIdentifier = "renamed", ApplyImmediately = true })).DBInstance),
        ("describe renamed", async g => (await g.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { DBInstanceIdentifier = "renamed" })).DBInstances[0]),
        ("delete without a word on the snapshot", async g => (await g.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "renamed" })).DBInstance),
        ("delete", async g => (await g.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "renamed", SkipFinalSnapshot = true })).DBInstance),
        ("delete none", async g => (await g.Home.DeleteDBInstanceAsync(new DeleteDBInstanceRequest { DBInstanceIdentifier = "none", SkipFinalSnapshot = true })).DBInstance),
        ("delete snapshot", async g => (await g.Home.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = "c" })).DBSnapshot),
        ("delete snapshot none", async g => (await g.Home.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest { DBSnapshotIdentifier = "none" })).DBSnapshot),
        ("create cluster", async g => (await g.Home.CreateDBClusterAsync(new CreateDBClusterRequest { DBClusterIdentifier = "pay", Engine = "aurora-postgresql", MasterUsername = "app", MasterUserPassword = RdsLab.Password })).DBCluster),
        ("create cluster again", async g => (await g.Home.CreateDBClusterAsync(new CreateDBClusterRequest { DBClusterIdentifier = "pay", Engine = "aurora-postgresql", MasterUsername = "app", MasterUserPassword = RdsLab.Password })).DBCluster),
        ("create member", async g => (await g.Home.CreateDBInstanceAsync(RdsLab.Member("pay", "pay-1"))).DBInstance),
        ("describe cluster", async g => (await g.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = "pay" })).DBClusters[0]),
        ("describe cluster none", async g => (await g.Home.DescribeDBClustersAsync(new DescribeDBClustersRequest { DBClusterIdentifier = "none" })).DBClusters[0]),
        ("cluster snapshot", async g => (await g.Home.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "pay", DBClusterSnapshotIdentifier = "ps" })).DBClusterSnapshot),
        ("cluster snapshot again", async g => (await g.Home.CreateDBClusterSnapshotAsync(new CreateDBClusterSnapshotRequest { DBClusterIdentifier = "pay", DBClusterSnapshotIdentifier = "ps" })).DBClusterSnapshot),
        ("describe cluster snapshot", async g => (await g.Home.DescribeDBClusterSnapshotsAsync(new DescribeDBClusterSnapshotsRequest { DBClusterSnapshotIdentifier = "ps" })).DBClusterSnapshots[0]),
        ("describe cluster snapshot none", async g => (await g.Home.DescribeDBClusterSnapshotsAsync(new DescribeDBClusterSnapshotsRequest { DBClusterSnapshotIdentifier = "none" })).DBClusterSnapshots[0]),
        ("restore cluster", async g => (await g.Home.RestoreDBClusterFromSnapshotAsync(new RestoreDBClusterFromSnapshotRequest { DBClusterIdentifier = "pay2", SnapshotIdentifier = "ps", Engine = "aurora-postgresql" })).DBCluster),
        ("restore cluster onto one", async g => (await g.Home.RestoreDBClusterFromSnapshotAsync(new RestoreDBClusterFromSnapshotRequest { DBClusterIdentifier = "pay", SnapshotIdentifier = "ps", Engine = "aurora-postgresql" })).DBCluster),
        ("restore cluster none", async g => (await g.Home.RestoreDBClusterFromSnapshotAsync(new RestoreDBClusterFromSnapshotRequest { DBClusterIdentifier = "pay3", SnapshotIdentifier = "none", Engine = "aurora-postgresql" })).DBCluster),
        ("delete cluster with a member", async g => (await g.Home.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = "pay", SkipFinalSnapshot = true })).DBCluster),
        ("delete cluster", async g => (await g.Home.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = "pay2", SkipFinalSnapshot = true })).DBCluster),
        ("delete cluster none", async g => (await g.Home.DeleteDBClusterAsync(new DeleteDBClusterRequest { DBClusterIdentifier = "none", SkipFinalSnapshot = true })).DBCluster),
        ("delete cluster snapshot", async g => (await g.Home.DeleteDBClusterSnapshotAsync(new DeleteDBClusterSnapshotRequest { DBClusterSnapshotIdentifier = "ps" })).DBClusterSnapshot),
        ("delete cluster snapshot none", async g => (await g.Home.DeleteDBClusterSnapshotAsync(new DeleteDBClusterSnapshotRequest { DBClusterSnapshotIdentifier = "none" })).DBClusterSnapshot),
    ];

    private static IEnumerable<string> Differences(Answer ours, Answer theirs)
    {
        if (ours.Outcome != theirs.Outcome)
        {
            yield return $"{ours.Outcome}, moto {theirs.Outcome}";
        }
        else if (theirs.Members.Except(ours.Members, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } missing)
        {
            yield return $"without {string.Join(", ", missing)}";
        }
    }

    private static string Arn(string kind, string id) => $"arn:aws:rds:{EmulatedCloud.Region}:{EmulatedCloud.Account}:{kind}:{id}";

    private sealed record Answer(string Outcome, IReadOnlySet<string> Members);

    /// <summary>One RDS in two Regions, and what lets time pass in it.</summary>
    private sealed class Ground(AmazonRDSClient home, AmazonRDSClient recovery, Action<int> pass) : IDisposable
    {
        internal AmazonRDSClient Home => home;

        internal AmazonRDSClient Recovery => recovery;

        internal async Task<Answer> Ask(Func<Ground, Task<object?>> call)
        {
            try
            {
                var answer = await call(this);
                return new Answer("200", Members(answer));
            }
            catch (AmazonServiceException e)
            {
                return new Answer($"{(int)e.StatusCode} {e.ErrorCode}", new HashSet<string>());
            }
            finally
            {
                pass(600);
            }
        }

        public void Dispose()
        {
            home.Dispose();
            recovery.Dispose();
        }

        // An empty list and an absent one are the same on the wire.
        private static HashSet<string> Members(object? shape) => shape is null ? [] :
            [.. shape.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(p => p.GetIndexParameters().Length == 0 && p.GetValue(shape) is { } value && value is not ICollection { Count: 0 }).Select(p => p.Name)];
    }
}
