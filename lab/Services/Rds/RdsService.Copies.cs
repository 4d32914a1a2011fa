using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Copying snapshots: within a Region, to the caller's Region from another, from another account that shared.</content>
public sealed partial class RdsService
{
    private CopyDBSnapshotResponse CopyDBSnapshot(CallContext call, CopyDBSnapshotRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.SourceDBSnapshotIdentifier), nameof(request.TargetDBSnapshotIdentifier), nameof(request.KmsKeyId), nameof(request.Tags),
            nameof(request.CopyTags), nameof(request.PreSignedUrl), nameof(request.SourceRegion), nameof(request.OptionGroupName), nameof(request.CopyOptionGroup),
            nameof(request.SnapshotTarget));
        if (request.SnapshotTarget is not (null or "region"))
        {
            throw RdsErrors.InvalidValue($"The lab does not emulate SnapshotTarget={request.SnapshotTarget}; only region is.");
        }

        var copy = Copy(call, SnapshotKind.Instance, new CopyOrder(
            request.SourceDBSnapshotIdentifier, nameof(request.SourceDBSnapshotIdentifier), request.TargetDBSnapshotIdentifier, nameof(request.TargetDBSnapshotIdentifier),
            request.KmsKeyId, TagSet.Of(request.Tags), request.CopyTags == true, request.PreSignedUrl, request.OptionGroupName, request.CopyOptionGroup == true));
        return new CopyDBSnapshotResponse { DBSnapshot = copy.AsInstanceSnapshot(call.Account) };
    }

    private CopyDBClusterSnapshotResponse CopyDBClusterSnapshot(CallContext call, CopyDBClusterSnapshotRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.SourceDBClusterSnapshotIdentifier), nameof(request.TargetDBClusterSnapshotIdentifier), nameof(request.KmsKeyId), nameof(request.Tags),
            nameof(request.CopyTags), nameof(request.PreSignedUrl), nameof(request.SourceRegion));
        var copy = Copy(call, SnapshotKind.Cluster, new CopyOrder(
            request.SourceDBClusterSnapshotIdentifier, nameof(request.SourceDBClusterSnapshotIdentifier), request.TargetDBClusterSnapshotIdentifier,
            nameof(request.TargetDBClusterSnapshotIdentifier), request.KmsKeyId, TagSet.Of(request.Tags), request.CopyTags == true, request.PreSignedUrl, null, false));
        return new CopyDBClusterSnapshotResponse { DBClusterSnapshot = copy.AsClusterSnapshot(call.Account) };
    }

    private SnapshotRecord Copy(CallContext call, SnapshotKind kind, CopyOrder order)
    {
        RdsErrors.Require(order.Source, order.SourceParameter);
        RdsErrors.Require(order.Target, order.TargetParameter);
        var area = AreaOf(call);
        var sourceArn = Arn.TryParse(order.Source) is null ? area.Arn(kind.ArnType, order.Source!.ToLowerInvariant()) : order.Source!;
        call.Authorize(kind.CopyAction, sourceArn);
        var source = SourceSnapshot(call, kind, sourceArn);
        var acrossRegions = source.Region != area.Region;
        var acrossAccounts = source.Account != area.Account;
        if (source.Status != "available")
        {
            throw kind.State($"Snapshot {source.Id} cannot be copied: it is {source.Status}, not available.");
        }

        var key = CopyKey(call, source, order.Key, acrossRegions, acrossAccounts);
        PreSignedUrl.Check(order.PreSignedUrl, source.Region, acrossRegions && key is not null && source.KmsKeyArn is not null);
        RefuseBeyondConcurrency(area, kind, acrossRegions);
        if (order.CopyTags && acrossAccounts)
        {
            throw RdsErrors.InvalidCombination("Tags cannot be copied from a snapshot that another account shares: leave CopyTags out.");
        }

        if (order.CopyTags)
        {
            order.Tags.AddFrom(source.Tags);
        }

        var options = kind == SnapshotKind.Instance ? CopyOptions(area, source, order, acrossAccounts, acrossRegions) : null;
        var copy = AddSnapshot(call, area, kind, order.Target!, kind.CopyAction, order.Tags, id => new SnapshotRecord(kind, area.Account, area.Region, id, "manual", source.Engine, source.Source)
        {
            Tags = order.Tags,
            KmsKeyArn = key,
            OptionGroup = options,
            CopiedFromArn = source.Arn,
            CopiedFromRegion = acrossRegions ? source.Region : null,
        });
        StartCopy(area, source, copy, acrossRegions);
        return copy;
    }

    private void StartCopy(Area area, SnapshotRecord source, SnapshotRecord copy, bool acrossRegions)
    {
        var started = World.Now;
        (copy.Status, copy.CrossRegion) = (acrossRegions ? "copying" : "creating", acrossRegions);
        copy.OriginallyCreated = source.OriginallyCreated;
        source.Readers++;
        // Clusters have no events of copies.
        var tells = copy.Kind == SnapshotKind.Instance;
        if (tells)
        {
            Tell(area, EventSource.Of(copy), acrossRegions ? "RDS-EVENT-0059" : "RDS-EVENT-0196", $"Started copy of snapshot {source.Id} from region {source.Region}", "notification");
        }

        new Sequence().Then(World, () => copy.Engine.CopySnapshot(source.Stored, copy.Stored, percent => Progress(copy, percent), default), () =>
        {
            source.Readers--;
            (copy.Status, copy.Percent, copy.Created) = ("available", 100, World.Now);
            if (tells)
            {
                var minutes = (int)Math.Ceiling((World.Now - started).TotalMinutes);
                Tell(
                    area, EventSource.Of(copy), acrossRegions ? "RDS-EVENT-0060" : "RDS-EVENT-0190",
                    $"Finished copy of snapshot {source.Id} from region {source.Region} in {minutes} minutes", "notification");
            }
        }, _ =>
        {
            source.Readers--;
            copy.Status = "failed";
        });
    }

    private void Progress(SnapshotRecord copy, int percent)
    {
        lock (World.Gate)
        {
            copy.Percent = percent;
        }
    }

    private SnapshotRecord SourceSnapshot(CallContext call, SnapshotKind kind, string arn)
    {
        // "rds:" names of automated snapshots have a colon of their own: the resource is all after the account.
        var found = Arn.TryParse(arn) is { Service: "rds" } parsed && parsed.Resource.StartsWith(kind.ArnType + ":", StringComparison.Ordinal)
            ? areas.GetValueOrDefault((parsed.Account, parsed.Region))?.Snapshots(kind).GetValueOrDefault(parsed.Resource[(kind.ArnType.Length + 1)..].ToLowerInvariant())
            : null;
        return found is not null && found.VisibleTo(call.Account) ? found : throw kind.NotFound(arn);
    }

    // AWS's rules for the key of a copy (RDS API reference, CopyDBSnapshot and CopyDBClusterSnapshot, KmsKeyId).
    private string? CopyKey(CallContext call, SnapshotRecord source, string? asked, bool acrossRegions, bool acrossAccounts)
    {
        if (source.KmsKeyArn is not { } sourceKey)
        {
            return asked is null ? null
                : source.Kind == SnapshotKind.Instance ? keys.Encrypting(call, asked, "The target KMS key")
                : throw RdsErrors.InvalidCombination("KmsKeyId cannot be given: an unencrypted DB cluster snapshot cannot be encrypted by copying it.");
        }

        if (asked is null && acrossRegions)
        {
            throw RdsErrors.InvalidValue("Must specify new KMS key for cross region encrypted snapshot copy.");
        }

        if (asked is null && acrossAccounts)
        {
            throw RdsErrors.KeyNotAccessible("The target KMS key", null);
        }

        keys.RequireReadable(call, sourceKey);
        return asked is null ? sourceKey : keys.Encrypting(call, asked, "The target KMS key");
    }

    // AWS's quotas: 20 copies from other Regions to one at a time, 5 of Aurora clusters.
    private void RefuseBeyondConcurrency(Area area, SnapshotKind kind, bool acrossRegions)
    {
        var most = kind == SnapshotKind.Instance ? QuotasOf(area.Region).CrossRegionCopies : QuotasOf(area.Region).CrossRegionClusterCopies;
        if (acrossRegions && area.Snapshots(kind).Values.Count(s => s is { CrossRegion: true, Status: "copying" }) >= most)
        {
            throw new ServiceException(
                "SnapshotQuotaExceeded", $"You may not have more than {most} cross region {kind.Word} copies in progress at one time to {area.Region}.");
        }
    }

    private static string CopyOptions(Area area, SnapshotRecord source, CopyOrder order, bool acrossAccounts, bool acrossRegions)
    {
        if (order.CopyOptionGroup && order.OptionGroup is not null)
        {
            throw RdsErrors.InvalidCombination("OptionGroupName and CopyOptionGroup cannot be given together.");
        }

        if (order.CopyOptionGroup && !acrossAccounts)
        {
            throw RdsErrors.InvalidCombination("CopyOptionGroup can only be given when the snapshot is another account's.");
        }

        if (order.OptionGroup is { } asked)
        {
            return area.Groups.OptionGroup(asked).OptionGroupName;
        }

        var standard = Groups.DefaultOptions(source.Source.Engine, source.Source.EngineVersion);
        if (order.CopyOptionGroup && source.OptionGroup is { } name && name != standard)
        {
            if (!area.Groups.Options.ContainsKey(name))
            {
                area.Groups.AddOptionGroup(name, source.Source.Engine, EngineFacts.MajorVersion(source.Source.Engine, source.Source.EngineVersion), $"Copied with snapshot {source.Arn}", TagSet.Of(null));
            }

            return name;
        }

        // An option group is Regional and an account's: elsewhere the copy gets the default one.
        return acrossRegions || acrossAccounts ? standard : source.OptionGroup ?? standard;
    }

    private sealed record CopyOrder(
        string? Source, string SourceParameter, string? Target, string TargetParameter, string? Key, TagSet Tags, bool CopyTags, string? PreSignedUrl, string? OptionGroup,
        bool CopyOptionGroup);
}
