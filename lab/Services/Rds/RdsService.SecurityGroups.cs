using Amazon.RDS.Model;

using Dbre.Lab.Services.Ec2;

namespace Dbre.Lab.Services.Rds;

/// <content>Security groups are EC2's: where the world has it, RDS takes only what is there, in the VPC of the subnet group.</content>
public sealed partial class RdsService
{
    /// <summary>Whether a database has the group; EC2 deletes none of those.</summary>
    internal bool HasSecurityGroup(string account, string region, string group)
    {
        var area = AreaOf(account, region);
        return area.Instances.Values.Select(i => i.Shape.VpcSecurityGroups).Concat(area.Clusters.Values.Select(c => c.Shape.VpcSecurityGroups))
            .Any(groups => groups.Any(g => g.VpcSecurityGroupId == group));
    }

    private List<VpcSecurityGroupMembership> SecurityGroups(Area area, IReadOnlyList<string>? asked, DBSubnetGroup subnets)
    {
        IReadOnlyList<string> groups = asked is { Count: > 0 } ? asked : [Network.DefaultGroup(area.Account, area.Region, subnets.VpcId)];
        if (World.Find<Ec2Service>() is { } ec2)
        {
            RequireGroups(ec2, area, groups, subnets.VpcId);
        }

        return [.. groups.Select(id => new VpcSecurityGroupMembership { VpcSecurityGroupId = id, Status = "active" })];
    }

    /// <exception cref="ServiceException">InvalidParameterValue or InvalidParameterCombination, in AWS's words.</exception>
    private static void RequireGroups(Ec2Service ec2, Area area, IReadOnlyList<string> groups, string vpc)
    {
        foreach (var id in groups)
        {
            var its = ec2.VpcOf(area.Account, area.Region, id) ?? throw RdsErrors.InvalidValue($"Invalid security group , groupId= {id}, groupName=.");
            if (its != vpc)
            {
                throw RdsErrors.InvalidCombination(
                    $"The DB instance and EC2 security group are in different VPCs. The DB instance is in {vpc} and the EC2 security group is in {its}");
            }
        }
    }
}
