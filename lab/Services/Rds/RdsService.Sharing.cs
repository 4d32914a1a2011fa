using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Sharing: the attribute <c>restore</c> of a manual snapshot lists the accounts that may copy and restore it.</content>
public sealed partial class RdsService
{
    private const string RestoreAttribute = "restore", Everyone = "all";
    private const int MostAccounts = 20;

    private DescribeDBSnapshotAttributesResponse DescribeDBSnapshotAttributes(CallContext call, DescribeDBSnapshotAttributesRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBSnapshotIdentifier));
        return new() { DBSnapshotAttributesResult = InstanceAttributes(ForSharing(call, SnapshotKind.Instance, request.DBSnapshotIdentifier, "rds:DescribeDBSnapshotAttributes")) };
    }

    private DescribeDBClusterSnapshotAttributesResponse DescribeDBClusterSnapshotAttributes(CallContext call, DescribeDBClusterSnapshotAttributesRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBClusterSnapshotIdentifier));
        return new()
        {
            DBClusterSnapshotAttributesResult = ClusterAttributes(
                ForSharing(call, SnapshotKind.Cluster, request.DBClusterSnapshotIdentifier, "rds:DescribeDBClusterSnapshotAttributes")),
        };
    }

    private ModifyDBSnapshotAttributeResponse ModifyDBSnapshotAttribute(CallContext call, ModifyDBSnapshotAttributeRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBSnapshotIdentifier), nameof(request.AttributeName), nameof(request.ValuesToAdd), nameof(request.ValuesToRemove));
        var snapshot = ForSharing(call, SnapshotKind.Instance, request.DBSnapshotIdentifier, "rds:ModifyDBSnapshotAttribute");
        Share(snapshot, request.AttributeName, request.ValuesToAdd ?? [], request.ValuesToRemove ?? []);
        return new() { DBSnapshotAttributesResult = InstanceAttributes(snapshot) };
    }

    private ModifyDBClusterSnapshotAttributeResponse ModifyDBClusterSnapshotAttribute(CallContext call, ModifyDBClusterSnapshotAttributeRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.DBClusterSnapshotIdentifier), nameof(request.AttributeName), nameof(request.ValuesToAdd), nameof(request.ValuesToRemove));
        var snapshot = ForSharing(call, SnapshotKind.Cluster, request.DBClusterSnapshotIdentifier, "rds:ModifyDBClusterSnapshotAttribute");
        Share(snapshot, request.AttributeName, request.ValuesToAdd ?? [], request.ValuesToRemove ?? []);
        return new() { DBClusterSnapshotAttributesResult = ClusterAttributes(snapshot) };
    }

    private SnapshotRecord ForSharing(CallContext call, SnapshotKind kind, string? name, string action)
    {
        var area = AreaOf(call);
        var id = Identifiers.ToFind(name, kind.IdParameter);
        call.Authorize(action, area.Arn(kind.ArnType, area.LocalName(id, kind.ArnType)));
        return OwnSnapshot(area, kind, id);
    }

    private void Share(SnapshotRecord snapshot, string? attribute, List<string> add, List<string> remove)
    {
        RdsErrors.Require(attribute, "AttributeName");
        if (attribute != RestoreAttribute)
        {
            throw RdsErrors.InvalidValue($"Invalid attribute name: {attribute}; only {RestoreAttribute} is allowed.");
        }

        if (snapshot.Type != "manual")
        {
            throw snapshot.Kind.State($"Only manual snapshots can be shared: {snapshot.Id} is {snapshot.Type}.");
        }

        if (snapshot.Status != "available")
        {
            throw snapshot.Kind.State($"Snapshot {snapshot.Id} cannot be shared: it is {snapshot.Status}, not available.");
        }

        if (add.Concat(remove).FirstOrDefault(v => v != Everyone && !(v.Length == 12 && v.All(char.IsAsciiDigit))) is { } wrong)
        {
            throw RdsErrors.InvalidValue($"Invalid account: '{wrong}'; it must be an account of 12 digits, or {Everyone}.");
        }

        if (add.Count > 0 && snapshot.KmsKeyArn is { } key)
        {
            RefuseToShareEncrypted(snapshot, add, key);
        }

        if (snapshot.SharedWith.Except(remove).Union(add).Count() > MostAccounts)
        {
            throw new ServiceException("SharedSnapshotQuotaExceeded", $"A snapshot can be shared with at most {MostAccounts} accounts.");
        }

        snapshot.SharedWith.ExceptWith(remove);
        snapshot.SharedWith.UnionWith(add);
    }

    private void RefuseToShareEncrypted(SnapshotRecord snapshot, List<string> add, string key)
    {
        if (keys.IsDefault(key))
        {
            throw snapshot.Kind.State("Sharing snapshots encrypted with the default service key for RDS is currently not supported");
        }

        if (add.Contains(Everyone))
        {
            throw snapshot.Kind.State($"The encrypted snapshot {snapshot.Id} cannot be made public.");
        }
    }

    private static DBSnapshotAttributesResult InstanceAttributes(SnapshotRecord snapshot) => new()
    {
        DBSnapshotIdentifier = snapshot.Id,
        DBSnapshotAttributes = [new DBSnapshotAttribute { AttributeName = RestoreAttribute, AttributeValues = [.. snapshot.SharedWith] }],
    };

    private static DBClusterSnapshotAttributesResult ClusterAttributes(SnapshotRecord snapshot) => new()
    {
        DBClusterSnapshotIdentifier = snapshot.Id,
        DBClusterSnapshotAttributes = [new DBClusterSnapshotAttribute { AttributeName = RestoreAttribute, AttributeValues = [.. snapshot.SharedWith] }],
    };
}
