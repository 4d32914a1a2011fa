using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>The tag operations: they name resources by ARN.</content>
public sealed partial class RdsService
{
    private AddTagsToResourceResponse AddTagsToResource(CallContext call, AddTagsToResourceRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.ResourceName), nameof(request.Tags));
        call.Authorize("rds:AddTagsToResource", request.ResourceName ?? "*");
        var tags = TagsOf(call, request.ResourceName);
        TagSet.Of(request.Tags);
        tags.Add(request.Tags);
        return new AddTagsToResourceResponse();
    }

    private RemoveTagsFromResourceResponse RemoveTagsFromResource(CallContext call, RemoveTagsFromResourceRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.ResourceName), nameof(request.TagKeys));
        call.Authorize("rds:RemoveTagsFromResource", request.ResourceName ?? "*");
        TagsOf(call, request.ResourceName).Remove(request.TagKeys ?? []);
        return new RemoveTagsFromResourceResponse();
    }

    private ListTagsForResourceResponse ListTagsForResource(CallContext call, ListTagsForResourceRequest request)
    {
        RdsParameters.Refuse(request, nameof(request.ResourceName));
        call.Authorize("rds:ListTagsForResource", request.ResourceName ?? "*");
        return new ListTagsForResourceResponse { TagList = TagsOf(call, request.ResourceName).ToList() };
    }

    private TagSet TagsOf(CallContext call, string? name)
    {
        RdsErrors.Require(name, "ResourceName");
        if (Arn.TryParse(name) is not { Service: "rds" } arn || arn.Account != call.Account || arn.Region != call.Region)
        {
            throw RdsErrors.InvalidValue($"Invalid resource name: {name}; it must be the ARN of an RDS resource of account {call.Account} in {call.Region}.");
        }

        var area = AreaOf(call);
        var colon = arn.Resource.IndexOf(':', StringComparison.Ordinal);
        var (type, id) = (arn.Resource[..Math.Max(colon, 0)], arn.Resource[(colon + 1)..].ToLowerInvariant());
        return type switch
        {
            "db" => area.Instance(id).Tags,
            "cluster" => area.Cluster(id).Tags,
            "snapshot" => OwnSnapshot(area, SnapshotKind.Instance, id).Tags,
            "cluster-snapshot" => OwnSnapshot(area, SnapshotKind.Cluster, id).Tags,
            "subgrp" when area.Groups.SubnetGroup(id) is not null => area.Groups.Subnets[id].Tags,
            "og" when area.Groups.OptionGroup(id) is not null => area.Groups.Options[id].Tags,
            _ => throw RdsErrors.InvalidValue($"The lab has no tags on RDS resources of the type '{type}': {name}."),
        };
    }
}
