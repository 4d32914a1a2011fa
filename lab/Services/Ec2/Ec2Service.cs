using Amazon.EC2.Model;

namespace Dbre.Lab.Services.Ec2;

/// <summary>Of Amazon EC2 the security groups of VPCs, with their names and tags; their rules are those that they are made with.</summary>
public sealed class Ec2Service : EmulatedService
{
    private const int FewestResults = 5, MostResults = 1000, LongestText = 255;
    private readonly Dictionary<(string Account, string Region), Network> networks = [];

    public Ec2Service(World world) : base("ec2", world)
    {
        On<DescribeSecurityGroupsRequest, DescribeSecurityGroupsResponse>(DescribeSecurityGroups);
        On<CreateSecurityGroupRequest, CreateSecurityGroupResponse>(CreateSecurityGroup);
        On<DeleteSecurityGroupRequest, DeleteSecurityGroupResponse>(DeleteSecurityGroup);
    }

    /// <summary>Makes a VPC beside the default one, with its default group, as an account has that was not made yesterday; CreateVpc is not emulated.</summary>
    public void AddVpc(string account, string region, string vpc)
    {
        lock (World.Gate)
        {
            NetworkOf(account, region).AddVpc(vpc);
        }
    }

    /// <summary>The VPC of a security group; null when there is no such group.</summary>
    internal string? VpcOf(string account, string region, string group) => NetworkOf(account, region).Groups.GetValueOrDefault(group)?.VpcId;

    private DescribeSecurityGroupsResponse DescribeSecurityGroups(CallContext call, DescribeSecurityGroupsRequest request)
    {
        Ec2Parameters.Refuse(request, nameof(request.GroupIds), nameof(request.Filters), nameof(request.MaxResults), nameof(request.NextToken));
        call.Authorize("ec2:DescribeSecurityGroups", "*");
        if (request.MaxResults is { } size && (size < FewestResults || size > MostResults))
        {
            throw Ec2Parameters.Invalid($"{size}", "maxResults", $"Expecting a value between {FewestResults} and {MostResults}.");
        }

        IEnumerable<SecurityGroup> found = NetworkOf(call).Groups.Values;
        if (request.GroupIds is { Count: > 0 } ids)
        {
            if (request.MaxResults is not null)
            {
                throw new ServiceException("InvalidParameterCombination", "The parameter groupIds cannot be used with the parameter maxResults");
            }

            found = ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(id => NetworkOf(call).Group(id)).ToList();
        }

        var page = Page.Of(GroupFilters.Apply(found, request.Filters), g => g.GroupId, request.NextToken, request.MaxResults ?? int.MaxValue - 1);
        return new DescribeSecurityGroupsResponse { SecurityGroups = [.. page.Items], NextToken = page.NextToken };
    }

    private CreateSecurityGroupResponse CreateSecurityGroup(CallContext call, CreateSecurityGroupRequest request)
    {
        Ec2Parameters.Refuse(request, nameof(request.GroupName), nameof(request.Description), nameof(request.VpcId), nameof(request.TagSpecifications));
        var network = NetworkOf(call);
        var vpc = string.IsNullOrEmpty(request.VpcId) ? network.DefaultVpc : request.VpcId;
        call.Authorize("ec2:CreateSecurityGroup", network.Arn("security-group", "*"), network.Arn("vpc", vpc));
        RequireText(request.GroupName, nameof(request.GroupName));
        RequireText(request.Description, "GroupDescription");
        if (request.GroupName.StartsWith("sg-", StringComparison.OrdinalIgnoreCase))
        {
            throw Ec2Parameters.Invalid(request.GroupName, nameof(request.GroupName), "Group names may not be in the format sg-*.");
        }

        var tags = Tags(request.TagSpecifications);
        if (tags.Count > 0)
        {
            call.Authorize("ec2:CreateTags", network.Arn("security-group", "*"));
        }

        var group = network.AddGroup("sg-0" + World.NewToken(16, "0123456789abcdef"), request.GroupName, request.Description, vpc);
        group.Tags = tags;
        return new CreateSecurityGroupResponse { GroupId = group.GroupId, Tags = group.Tags, SecurityGroupArn = group.SecurityGroupArn };
    }

    private DeleteSecurityGroupResponse DeleteSecurityGroup(CallContext call, DeleteSecurityGroupRequest request)
    {
        Ec2Parameters.Refuse(request, nameof(request.GroupId));
        if (string.IsNullOrEmpty(request.GroupId))
        {
            throw new ServiceException("MissingParameter", "The request must contain the parameter groupName or groupId");
        }

        var network = NetworkOf(call);
        call.Authorize("ec2:DeleteSecurityGroup", network.Arn("security-group", request.GroupId));
        var group = network.Group(request.GroupId);
        if (group.GroupName == Network.DefaultName)
        {
            throw new ServiceException("CannotDelete", $"the specified group: \"{group.GroupId}\" name: \"{group.GroupName}\" cannot be deleted by a user");
        }

        if (World.Find<Rds.RdsService>()?.HasSecurityGroup(call.Account, call.Region, group.GroupId) == true)
        {
            throw new ServiceException("DependencyViolation", $"resource {group.GroupId} has a dependent object");
        }

        network.Groups.Remove(group.GroupId);
        return new DeleteSecurityGroupResponse { Return = true, GroupId = group.GroupId };
    }

    private static List<Tag> Tags(List<TagSpecification>? given)
    {
        foreach (var specification in given ?? [])
        {
            if (specification.ResourceType?.Value != "security-group")
            {
                throw Ec2Parameters.Invalid(specification.ResourceType?.Value ?? "", "ResourceType", "A security group is tagged as security-group.");
            }
        }

        return [.. (given ?? []).SelectMany(s => s.Tags ?? [])];
    }

    private static void RequireText(string? text, string parameter)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new ServiceException("MissingParameter", $"The request must contain the parameter {parameter}");
        }

        if (text.Length > LongestText || !text.All(c => char.IsAsciiLetterOrDigit(c) || " ._-:/()#,@[]+=&;{}!$*".Contains(c, StringComparison.Ordinal)))
        {
            throw Ec2Parameters.Invalid(text, parameter, $"Allowed are up to {LongestText} letters, digits, spaces and ._-:/()#,@[]+=&;{{}}!$*.");
        }
    }

    private Network NetworkOf(CallContext call) => NetworkOf(call.Account, call.Region);

    private Network NetworkOf(string account, string region)
    {
        if (!networks.TryGetValue((account, region), out var network))
        {
            networks.Add((account, region), network = new Network(account, region));
        }

        return network;
    }
}
