using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Describing snapshots.</content>
public sealed partial class RdsService
{
    /// <summary>Every snapshot of an account in a Region, of either kind.</summary>
    public IReadOnlyList<SnapshotView> SnapshotsOf(string account, string region)
    {
        lock (World.Gate)
        {
            var area = AreaOf(account, region);
            return [.. area.InstanceSnapshots.Values.Concat(area.ClusterSnapshots.Values).Select(View)];
        }
    }

    /// <summary>A snapshot as it truly is; null when there is none of that name.</summary>
    public SnapshotView? SnapshotOf(string account, string region, bool cluster, string id)
    {
        lock (World.Gate)
        {
            return AreaOf(account, region).Snapshots(cluster ? SnapshotKind.Cluster : SnapshotKind.Instance).GetValueOrDefault(id) is { } found ? View(found) : null;
        }
    }

    private static SnapshotView View(SnapshotRecord s) => new(
        s.Account, s.Region, s.Id, s.Kind == SnapshotKind.Cluster, s.Arn, s.Source.Id, s.Status, s.Type, s.Created, s.OriginallyCreated, s.Stored, s.CopiedFromArn);

    private DescribeDBSnapshotsResponse DescribeDBSnapshots(CallContext call, DescribeDBSnapshotsRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBInstanceIdentifier), nameof(request.DBSnapshotIdentifier), nameof(request.SnapshotType), nameof(request.Filters),
            nameof(request.MaxRecords), nameof(request.Marker), nameof(request.IncludeShared), nameof(request.IncludePublic), nameof(request.DbiResourceId));
        var found = RdsFilters.Apply(
            Visible(call, SnapshotKind.Instance, new SnapshotQuery(
                request.DBSnapshotIdentifier, request.DBInstanceIdentifier, request.DbiResourceId, request.SnapshotType, request.IncludeShared, request.IncludePublic)),
            request.Filters,
            ("db-instance-id", s => [s.Source.Id, $"arn:aws:rds:{s.Region}:{s.Account}:db:{s.Source.Id}"]),
            ("db-snapshot-id", s => [s.Id, s.Arn]),
            ("dbi-resource-id", s => [s.Source.ResourceId]),
            ("snapshot-type", s => [s.Type]),
            ("engine", s => [s.Source.Engine]));
        var page = RdsPages.Of(found, s => s.Arn, request.MaxRecords, request.Marker);
        return new DescribeDBSnapshotsResponse { DBSnapshots = [.. page.Items.Select(s => s.AsInstanceSnapshot(call.Account))], Marker = page.NextToken };
    }

    private DescribeDBClusterSnapshotsResponse DescribeDBClusterSnapshots(CallContext call, DescribeDBClusterSnapshotsRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterIdentifier), nameof(request.DBClusterSnapshotIdentifier), nameof(request.SnapshotType), nameof(request.Filters),
            nameof(request.MaxRecords), nameof(request.Marker), nameof(request.IncludeShared), nameof(request.IncludePublic), nameof(request.DbClusterResourceId));
        var found = RdsFilters.Apply(
            Visible(call, SnapshotKind.Cluster, new SnapshotQuery(
                request.DBClusterSnapshotIdentifier, request.DBClusterIdentifier, request.DbClusterResourceId, request.SnapshotType, request.IncludeShared, request.IncludePublic)),
            request.Filters,
            ("db-cluster-id", s => [s.Source.Id, $"arn:aws:rds:{s.Region}:{s.Account}:cluster:{s.Source.Id}"]),
            ("db-cluster-snapshot-id", s => [s.Id, s.Arn]),
            ("snapshot-type", s => [s.Type]),
            ("engine", s => [s.Source.Engine]));
        var page = RdsPages.Of(found, s => s.Arn, request.MaxRecords, request.Marker);
        return new DescribeDBClusterSnapshotsResponse { DBClusterSnapshots = [.. page.Items.Select(s => s.AsClusterSnapshot(call.Account))], Marker = page.NextToken };
    }

    private IEnumerable<SnapshotRecord> Visible(CallContext call, SnapshotKind kind, SnapshotQuery query)
    {
        var area = AreaOf(call);
        call.Authorize(kind.DescribeAction, area.Arn(kind.ArnType, area.LocalName(query.Id?.ToLowerInvariant() ?? "*", kind.ArnType)));
        if (query.Id is not null && query.SourceId is not null)
        {
            throw RdsErrors.InvalidCombination($"{kind.IdParameter} cannot be given together with the identifier of the database.");
        }

        var (shared, open) = query.SnapshotType switch
        {
            null => (query.IncludeShared == true, query.IncludePublic == true),
            "manual" or "automated" => (false, false),
            "shared" => (true, false),
            "public" => (false, true),
            _ => throw RdsErrors.InvalidValue($"Unknown snapshot type: {query.SnapshotType}; allowed are manual, automated, shared, public."),
        };
        var own = area.Snapshots(kind).Values.Where(s => query.SnapshotType is null || s.Type == query.SnapshotType);
        // Sharing is Regional: a snapshot shared by another account shows in its own Region.
        var others = areas.Where(a => a.Key.Region == call.Region && a.Key.Account != call.Account).OrderBy(a => a.Key.Account, StringComparer.Ordinal)
            .SelectMany(a => a.Value.Snapshots(kind).Values)
            .Where(s => (shared && s.SharedWith.Contains(call.Account)) || (open && s.SharedWith.Contains("all")));
        // An ARN names a snapshot of another account without further ado.
        if (query.Id is { } id && Arn.TryParse(id) is { } arn && arn.Account != call.Account)
        {
            var named = areas.GetValueOrDefault((arn.Account, arn.Region))?.Snapshots(kind).Values.FirstOrDefault(s => s.Arn == id.ToLowerInvariant());
            return named is not null && named.VisibleTo(call.Account) && named.Region == call.Region ? [named] : throw kind.NotFound(id);
        }

        var found = own.Concat(others).Where(s =>
            (query.SourceId is null || string.Equals(s.Source.Id, area.LocalName(query.SourceId.ToLowerInvariant(), kind.SourceArnType), StringComparison.Ordinal))
            && (query.ResourceId is null || s.Source.ResourceId == query.ResourceId)
            && (query.Id is null || s.Arn == area.Arn(kind.ArnType, area.LocalName(query.Id.ToLowerInvariant(), kind.ArnType)))).ToArray();
        return query.Id is null || found.Length > 0 ? found : throw kind.NotFound(query.Id);
    }

    private sealed record SnapshotQuery(string? Id, string? SourceId, string? ResourceId, string? SnapshotType, bool? IncludeShared, bool? IncludePublic);
}
