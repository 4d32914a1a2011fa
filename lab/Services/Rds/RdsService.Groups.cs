using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Subnet groups, option groups, and the account's quotas.</content>
public sealed partial class RdsService
{
    private DescribeDBSubnetGroupsResponse DescribeDBSubnetGroups(CallContext call, DescribeDBSubnetGroupsRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBSubnetGroupName), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        call.Authorize("rds:DescribeDBSubnetGroups", area.Arn("subgrp", request.DBSubnetGroupName ?? "*"));
        IEnumerable<DBSubnetGroup> found = request.DBSubnetGroupName is { } name ? [area.Groups.SubnetGroup(name)] : area.Groups.Subnets.Values.Select(g => g.Shape);
        var page = RdsPages.Of(found, g => g.DBSubnetGroupName, request.MaxRecords, request.Marker);
        return new DescribeDBSubnetGroupsResponse { DBSubnetGroups = [.. page.Items], Marker = page.NextToken };
    }

    private CreateDBSubnetGroupResponse CreateDBSubnetGroup(CallContext call, CreateDBSubnetGroupRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBSubnetGroupName), nameof(request.DBSubnetGroupDescription), nameof(request.SubnetIds), nameof(request.Tags));
        RdsErrors.Require(request.DBSubnetGroupName, nameof(request.DBSubnetGroupName));
        RdsErrors.Require(request.DBSubnetGroupDescription, nameof(request.DBSubnetGroupDescription));
        var area = AreaOf(call);
        var name = request.DBSubnetGroupName.ToLowerInvariant();
        var (arn, tags) = (area.Arn("subgrp", name), TagSet.Of(request.Tags));
        call.Authorize("rds:CreateDBSubnetGroup", arn);
        AuthorizeTags(call, arn, tags);
        if (area.Groups.Subnets.ContainsKey(name))
        {
            throw new ServiceException("DBSubnetGroupAlreadyExists", $"The DB subnet group '{name}' already exists.");
        }

        if (request.SubnetIds is not { Count: >= 2 })
        {
            throw new ServiceException("DBSubnetGroupDoesNotCoverEnoughAZs", "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ coverage is too small: give at least 2 SubnetIds.");
        }

        return new CreateDBSubnetGroupResponse { DBSubnetGroup = area.Groups.AddSubnetGroup(name, request.DBSubnetGroupDescription, request.SubnetIds, tags) };
    }

    private DescribeOptionGroupsResponse DescribeOptionGroups(CallContext call, DescribeOptionGroupsRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.OptionGroupName), nameof(request.EngineName), nameof(request.MajorEngineVersion), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        call.Authorize("rds:DescribeOptionGroups", area.Arn("og", request.OptionGroupName ?? "*"));
        IEnumerable<OptionGroup> found = request.OptionGroupName is { } name ? [area.Groups.OptionGroup(name)] : area.Groups.Options.Values.Select(g => g.Shape);
        found = found.Where(g => (request.EngineName is null || g.EngineName == request.EngineName)
            && (request.MajorEngineVersion is null || g.MajorEngineVersion == request.MajorEngineVersion));
        var page = RdsPages.Of(found, g => g.OptionGroupName, request.MaxRecords, request.Marker);
        return new DescribeOptionGroupsResponse { OptionGroupsList = [.. page.Items], Marker = page.NextToken };
    }

    private CreateOptionGroupResponse CreateOptionGroup(CallContext call, CreateOptionGroupRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.OptionGroupName), nameof(request.EngineName), nameof(request.MajorEngineVersion), nameof(request.OptionGroupDescription), nameof(request.Tags));
        RdsErrors.Require(request.MajorEngineVersion, nameof(request.MajorEngineVersion));
        RdsErrors.Require(request.OptionGroupDescription, nameof(request.OptionGroupDescription));
        var area = AreaOf(call);
        var name = Identifiers.ForNew(request.OptionGroupName, nameof(request.OptionGroupName), Identifiers.LongestSnapshot);
        var (arn, tags) = (area.Arn("og", name), TagSet.Of(request.Tags));
        call.Authorize("rds:CreateOptionGroup", arn);
        AuthorizeTags(call, arn, tags);
        EngineOf(request.EngineName, InstanceEngines);
        if (area.Groups.Options.ContainsKey(name))
        {
            throw new ServiceException("OptionGroupAlreadyExistsFault", $"An option group named {name} already exists.");
        }

        return new CreateOptionGroupResponse { OptionGroup = area.Groups.AddOptionGroup(name, request.EngineName, request.MajorEngineVersion, request.OptionGroupDescription, tags) };
    }

    private DescribeAccountAttributesResponse DescribeAccountAttributes(CallContext call, DescribeAccountAttributesRequest request)
    {
        call.Authorize("rds:DescribeAccountAttributes", "*");
        var area = AreaOf(call);
        var most = QuotasOf(area.Region);
        return new DescribeAccountAttributesResponse
        {
            AccountQuotas =
            [
                Quota("DBInstances", area.Instances.Count, most.Instances),
                Quota("ManualSnapshots", Manual(area.InstanceSnapshots), most.ManualSnapshots),
                Quota("DBClusters", area.Clusters.Count, most.Clusters),
                Quota("ManualClusterSnapshots", Manual(area.ClusterSnapshots), most.ManualClusterSnapshots),
            ],
        };
        static AccountQuota Quota(string name, long used, long most) => new() { AccountQuotaName = name, Used = used, Max = most };
        static int Manual(SortedDictionary<string, SnapshotRecord> snapshots) => snapshots.Values.Count(s => s.Type == "manual");
    }
}
