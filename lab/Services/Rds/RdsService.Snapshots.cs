using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Taking and deleting snapshots of either kind.</content>
public sealed partial class RdsService
{
    private void RegisterSnapshots()
    {
        On<CreateDBSnapshotRequest, CreateDBSnapshotResponse>(CreateDBSnapshot);
        On<CreateDBClusterSnapshotRequest, CreateDBClusterSnapshotResponse>(CreateDBClusterSnapshot);
        On<CopyDBSnapshotRequest, CopyDBSnapshotResponse>(CopyDBSnapshot);
        On<CopyDBClusterSnapshotRequest, CopyDBClusterSnapshotResponse>(CopyDBClusterSnapshot);
        On<DeleteDBSnapshotRequest, DeleteDBSnapshotResponse>(DeleteDBSnapshot);
        On<DeleteDBClusterSnapshotRequest, DeleteDBClusterSnapshotResponse>(DeleteDBClusterSnapshot);
        On<DescribeDBSnapshotsRequest, DescribeDBSnapshotsResponse>(DescribeDBSnapshots);
        On<DescribeDBClusterSnapshotsRequest, DescribeDBClusterSnapshotsResponse>(DescribeDBClusterSnapshots);
        On<DescribeDBSnapshotAttributesRequest, DescribeDBSnapshotAttributesResponse>(DescribeDBSnapshotAttributes);
        On<DescribeDBClusterSnapshotAttributesRequest, DescribeDBClusterSnapshotAttributesResponse>(DescribeDBClusterSnapshotAttributes);
        On<ModifyDBSnapshotAttributeRequest, ModifyDBSnapshotAttributeResponse>(ModifyDBSnapshotAttribute);
        On<ModifyDBClusterSnapshotAttributeRequest, ModifyDBClusterSnapshotAttributeResponse>(ModifyDBClusterSnapshotAttribute);
    }

    private CreateDBSnapshotResponse CreateDBSnapshot(CallContext call, CreateDBSnapshotRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBSnapshotIdentifier), nameof(request.DBInstanceIdentifier), nameof(request.Tags));
        RdsErrors.Require(request.DBSnapshotIdentifier, nameof(request.DBSnapshotIdentifier));
        var (area, record) = Found(call, request.DBInstanceIdentifier, SnapshotKind.Instance.CreateAction);
        if (record.Cluster is { } cluster)
        {
            throw RdsErrors.InstanceState($"{record.Id} is a member of the cluster {cluster.Id}: take a snapshot of the cluster.");
        }

        record.RequireState("available");
        var snapshot = TakeSnapshot(call, area, SnapshotKind.Instance, request.DBSnapshotIdentifier, TagSet.Of(request.Tags), record);
        return new CreateDBSnapshotResponse { DBSnapshot = snapshot.AsInstanceSnapshot(call.Account) };
    }

    private CreateDBClusterSnapshotResponse CreateDBClusterSnapshot(CallContext call, CreateDBClusterSnapshotRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBClusterSnapshotIdentifier), nameof(request.DBClusterIdentifier), nameof(request.Tags));
        RdsErrors.Require(request.DBClusterSnapshotIdentifier, nameof(request.DBClusterSnapshotIdentifier));
        var (area, cluster) = FoundCluster(call, request.DBClusterIdentifier, SnapshotKind.Cluster.CreateAction);
        cluster.RequireState("available");
        var snapshot = TakeClusterSnapshot(call, area, request.DBClusterSnapshotIdentifier, TagSet.Of(request.Tags), cluster);
        return new CreateDBClusterSnapshotResponse { DBClusterSnapshot = snapshot.AsClusterSnapshot(call.Account) };
    }

    private SnapshotRecord TakeSnapshot(CallContext call, Area area, SnapshotKind kind, string name, TagSet tags, InstanceRecord record)
    {
        if (record.Shape.CopyTagsToSnapshot == true)
        {
            tags.AddFrom(record.Tags);
        }

        var snapshot = AddSnapshot(call, area, kind, name, kind.CreateAction, tags, id => new SnapshotRecord(kind, area.Account, area.Region, id, "manual", record.Engine, record.FactSheet())
        {
            Tags = tags,
            KmsKeyArn = record.Shape.KmsKeyId,
            OptionGroup = record.Shape.OptionGroupMemberships[0].OptionGroupName,
            LogOf = record.ServerId,
        });
        record.Status = "backing-up";
        Take(area, snapshot, record.Work, record.ServerId, () => record.Status = record.Status == "backing-up" ? "available" : record.Status);
        return snapshot;
    }

    private SnapshotRecord TakeClusterSnapshot(CallContext call, Area area, string name, TagSet tags, ClusterRecord cluster)
    {
        if (cluster.Shape.CopyTagsToSnapshot == true)
        {
            tags.AddFrom(cluster.Tags);
        }

        if (cluster.Writer is not { Status: "available" })
        {
            throw RdsErrors.ClusterState($"DB cluster {cluster.Id} has no available writer to take a snapshot of.");
        }

        var kind = SnapshotKind.Cluster;
        var snapshot = AddSnapshot(call, area, kind, name, kind.CreateAction, tags, id => new SnapshotRecord(kind, area.Account, area.Region, id, "manual", cluster.Engine, cluster.FactSheet())
        {
            Tags = tags,
            KmsKeyArn = cluster.Shape.KmsKeyId,
            LogOf = cluster.Volume,
        });
        Take(area, snapshot, cluster.Work, cluster.Volume, () => { });
        return snapshot;
    }

    /// <summary>Checks name, permission, and quota for a new snapshot, and adds it.</summary>
    private SnapshotRecord AddSnapshot(CallContext call, Area area, SnapshotKind kind, string name, string action, TagSet tags, Func<string, SnapshotRecord> make)
    {
        var arn = area.Arn(kind.ArnType, name.ToLowerInvariant());
        call.Authorize(action, arn);
        AuthorizeTags(call, arn, tags);
        var id = Identifiers.ForNew(name, kind.IdParameter, kind.LongestId);
        var snapshots = area.Snapshots(kind);
        if (snapshots.ContainsKey(id))
        {
            throw kind.Exists(id);
        }

        var most = kind == SnapshotKind.Instance ? QuotasOf(area.Region).ManualSnapshots : QuotasOf(area.Region).ManualClusterSnapshots;
        if (snapshots.Values.Count(s => s.Type == "manual") >= most)
        {
            throw new ServiceException(
                "SnapshotQuotaExceeded", $"The quota of {most} manual {kind.Word}s in {area.Region} would be exceeded.");
        }

        var snapshot = make(id);
        snapshots.Add(id, snapshot);
        return snapshot;
    }

    private void Take(Area area, SnapshotRecord snapshot, Sequence work, string serverId, Action after)
    {
        var (creating, created, category) = snapshot.Kind == SnapshotKind.Instance ? ("RDS-EVENT-0040", "RDS-EVENT-0042", "creation") : ("RDS-EVENT-0074", "RDS-EVENT-0075", "backup");
        var word = snapshot.Kind == SnapshotKind.Instance ? "manual snapshot" : "manual cluster snapshot";
        Tell(area, EventSource.Of(snapshot), creating, $"Creating {word}", category);
        DateTimeOffset frozen = default;
        work.Then(World, () =>
        {
            frozen = World.Now;
            return snapshot.Engine.TakeSnapshot(serverId, snapshot.Stored, default);
        }, () =>
        {
            (snapshot.Status, snapshot.Percent, snapshot.Created, snapshot.OriginallyCreated, snapshot.Finished) = ("available", 100, frozen, frozen, World.Now);
            Tell(area, EventSource.Of(snapshot), created, $"{char.ToUpperInvariant(word[0])}{word[1..]} created", category);
            after();
        }, e =>
        {
            // RDS tells of no failed snapshot: one has to poll. The lab's own log of the reason is the instance's status.
            snapshot.Status = "failed";
            after();
        });
    }

    private DeleteDBSnapshotResponse DeleteDBSnapshot(CallContext call, DeleteDBSnapshotRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBSnapshotIdentifier));
        return new DeleteDBSnapshotResponse { DBSnapshot = DeleteSnapshot(call, SnapshotKind.Instance, request.DBSnapshotIdentifier).AsInstanceSnapshot(call.Account) };
    }

    private DeleteDBClusterSnapshotResponse DeleteDBClusterSnapshot(CallContext call, DeleteDBClusterSnapshotRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBClusterSnapshotIdentifier));
        return new DeleteDBClusterSnapshotResponse
        {
            DBClusterSnapshot = DeleteSnapshot(call, SnapshotKind.Cluster, request.DBClusterSnapshotIdentifier).AsClusterSnapshot(call.Account),
        };
    }

    private SnapshotRecord DeleteSnapshot(CallContext call, SnapshotKind kind, string? name)
    {
        var area = AreaOf(call);
        var id = Identifiers.ToFind(name, kind.IdParameter);
        call.Authorize(kind.DeleteAction, area.Arn(kind.ArnType, area.LocalName(id, kind.ArnType)));
        var snapshot = OwnSnapshot(area, kind, id);
        if (snapshot.Type != "manual")
        {
            throw kind.State($"Only manual snapshots may be deleted: {snapshot.Id} is {snapshot.Type}.");
        }

        if (snapshot.Status is not ("available" or "failed"))
        {
            throw kind.State($"Snapshot {snapshot.Id} cannot be deleted because it is not in the available or failed state: it is {snapshot.Status}.");
        }

        if (snapshot.Readers > 0)
        {
            throw kind.State($"Snapshot {snapshot.Id} cannot be deleted because it is being copied or restored.");
        }

        area.Snapshots(kind).Remove(snapshot.Id);
        snapshot.Status = "deleted";
        new Sequence().Then(World, () => snapshot.Engine.DeleteSnapshot(snapshot.Stored, default), () => { }, _ => { });
        if (kind == SnapshotKind.Instance)
        {
            Tell(area, EventSource.Of(snapshot), "RDS-EVENT-0041", "DB snapshot deleted", "deletion");
        }

        return snapshot;
    }

    private static SnapshotRecord OwnSnapshot(Area area, SnapshotKind kind, string id) =>
        area.Snapshots(kind).GetValueOrDefault(area.LocalName(id, kind.ArnType)) ?? throw kind.NotFound(id);
}
