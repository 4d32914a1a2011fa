using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Parameter groups, as names that databases carry: their parameters change nothing in the lab's servers.</content>
public sealed partial class RdsService
{
    private void RegisterParameterGroups()
    {
        On<CreateDBParameterGroupRequest, CreateDBParameterGroupResponse>(CreateDBParameterGroup);
        On<DescribeDBParameterGroupsRequest, DescribeDBParameterGroupsResponse>(DescribeDBParameterGroups);
        On<CreateDBClusterParameterGroupRequest, CreateDBClusterParameterGroupResponse>(CreateDBClusterParameterGroup);
        On<DescribeDBClusterParameterGroupsRequest, DescribeDBClusterParameterGroupsResponse>(DescribeDBClusterParameterGroups);
    }

    private CreateDBParameterGroupResponse CreateDBParameterGroup(CallContext call, CreateDBParameterGroupRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBParameterGroupName), nameof(request.DBParameterGroupFamily), nameof(request.Description), nameof(request.Tags));
        var area = AreaOf(call);
        var (name, arn, tags) = NewParameterGroup(
            call, area, "pg", "rds:CreateDBParameterGroup", request.DBParameterGroupName, nameof(request.DBParameterGroupName), request.Tags, area.Groups.Parameters.ContainsKey);
        RdsErrors.Require(request.DBParameterGroupFamily, nameof(request.DBParameterGroupFamily));
        RdsErrors.Require(request.Description, nameof(request.Description));
        var shape = new DBParameterGroup
        {
            DBParameterGroupName = name, DBParameterGroupFamily = request.DBParameterGroupFamily, Description = request.Description, DBParameterGroupArn = arn,
        };
        area.Groups.Parameters.Add(name, (shape, tags));
        return new CreateDBParameterGroupResponse { DBParameterGroup = shape };
    }

    private DescribeDBParameterGroupsResponse DescribeDBParameterGroups(CallContext call, DescribeDBParameterGroupsRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBParameterGroupName), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        var name = request.DBParameterGroupName?.ToLowerInvariant();
        call.Authorize("rds:DescribeDBParameterGroups", area.Arn("pg", name ?? "*"));
        var found = area.Groups.Parameters.Values.Select(g => g.Shape).Where(g => name is null || g.DBParameterGroupName == name).ToArray();
        if (name is not null && found.Length == 0)
        {
            throw Groups.ParameterGroupNotFound(name);
        }

        var page = RdsPages.Of(found, g => g.DBParameterGroupName, request.MaxRecords, request.Marker);
        return new DescribeDBParameterGroupsResponse { DBParameterGroups = [.. page.Items], Marker = page.NextToken };
    }

    private CreateDBClusterParameterGroupResponse CreateDBClusterParameterGroup(CallContext call, CreateDBClusterParameterGroupRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBClusterParameterGroupName), nameof(request.DBParameterGroupFamily), nameof(request.Description), nameof(request.Tags));
        var area = AreaOf(call);
        var (name, arn, tags) = NewParameterGroup(
            call, area, "cluster-pg", "rds:CreateDBClusterParameterGroup", request.DBClusterParameterGroupName, nameof(request.DBClusterParameterGroupName), request.Tags,
            area.Groups.ClusterParameters.ContainsKey);
        RdsErrors.Require(request.DBParameterGroupFamily, nameof(request.DBParameterGroupFamily));
        RdsErrors.Require(request.Description, nameof(request.Description));
        var shape = new DBClusterParameterGroup
        {
            DBClusterParameterGroupName = name, DBParameterGroupFamily = request.DBParameterGroupFamily, Description = request.Description, DBClusterParameterGroupArn = arn,
        };
        area.Groups.ClusterParameters.Add(name, (shape, tags));
        return new CreateDBClusterParameterGroupResponse { DBClusterParameterGroup = shape };
    }

    private DescribeDBClusterParameterGroupsResponse DescribeDBClusterParameterGroups(CallContext call, DescribeDBClusterParameterGroupsRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.DBClusterParameterGroupName), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        var name = request.DBClusterParameterGroupName?.ToLowerInvariant();
        call.Authorize("rds:DescribeDBClusterParameterGroups", area.Arn("cluster-pg", name ?? "*"));
        var found = area.Groups.ClusterParameters.Values.Select(g => g.Shape).Where(g => name is null || g.DBClusterParameterGroupName == name).ToArray();
        if (name is not null && found.Length == 0)
        {
            throw Groups.ParameterGroupNotFound(name);
        }

        var page = RdsPages.Of(found, g => g.DBClusterParameterGroupName, request.MaxRecords, request.Marker);
        return new DescribeDBClusterParameterGroupsResponse { DBClusterParameterGroups = [.. page.Items], Marker = page.NextToken };
    }

    private static (string Name, string Arn, TagSet Tags) NewParameterGroup(
        CallContext call, Area area, string type, string action, string? wished, string parameter, List<Tag>? tags, Func<string, bool> exists)
    {
        var name = Identifiers.ForNew(wished, parameter, Identifiers.LongestSnapshot);
        var (arn, set) = (area.Arn(type, name), TagSet.Of(tags));
        call.Authorize(action, arn);
        AuthorizeTags(call, arn, set);
        return exists(name) ? throw new ServiceException("DBParameterGroupAlreadyExists", $"Parameter group {name} already exists") : (name, arn, set);
    }
}
