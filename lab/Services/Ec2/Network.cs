using System.Security.Cryptography;
using System.Text;

using Amazon.EC2.Model;

namespace Dbre.Lab.Services.Ec2;

/// <summary>The VPCs and security groups of one account in one Region: the VPC that RDS's subnet groups are in is there from the start.</summary>
internal sealed class Network
{
    internal const string DefaultName = "default";

    private readonly string account, region;
    private readonly HashSet<string> vpcs = new(StringComparer.Ordinal);

    internal Network(string account, string region)
    {
        (this.account, this.region) = (account, region);
        AddVpc(DefaultVpc);
    }

    internal string DefaultVpc => Rds.Groups.VpcOf(region);

    /// <summary>By id, in its order.</summary>
    internal SortedDictionary<string, SecurityGroup> Groups { get; } = new(StringComparer.Ordinal);

    /// <summary>The id of the group that a VPC's resources get when none is asked for: made of its place, so that it is known without drawing it.</summary>
    internal static string DefaultGroup(string account, string region, string vpc) =>
        "sg-0" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{account}/{region}/{vpc}")))[..16];

    internal string Arn(string type, string id) => $"arn:aws:ec2:{region}:{account}:{type}/{id}";

    internal void AddVpc(string vpc)
    {
        if (vpcs.Add(vpc))
        {
            var group = AddGroup(DefaultGroup(account, region, vpc), DefaultName, "default VPC security group", vpc);
            group.IpPermissions = [new IpPermission { IpProtocol = "-1", UserIdGroupPairs = [new UserIdGroupPair { GroupId = group.GroupId, UserId = account }] }];
        }
    }

    /// <exception cref="ServiceException">InvalidVpcID.NotFound or InvalidGroup.Duplicate.</exception>
    internal SecurityGroup AddGroup(string id, string name, string description, string vpc)
    {
        if (!vpcs.Contains(vpc))
        {
            throw new ServiceException("InvalidVpcID.NotFound", $"The vpc ID '{vpc}' does not exist");
        }

        if (Groups.Values.Any(g => g.VpcId == vpc && g.GroupName == name))
        {
            throw new ServiceException("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc}'");
        }

        var group = new SecurityGroup
        {
            GroupId = id,
            GroupName = name,
            Description = description,
            VpcId = vpc,
            OwnerId = account,
            SecurityGroupArn = Arn("security-group", id),
            IpPermissions = [],
            IpPermissionsEgress = [new IpPermission { IpProtocol = "-1", Ipv4Ranges = [new IpRange { CidrIp = "0.0.0.0/0" }] }],
        };
        Groups.Add(id, group);
        return group;
    }

    /// <exception cref="ServiceException">InvalidGroup.NotFound.</exception>
    internal SecurityGroup Group(string id) =>
        Groups.GetValueOrDefault(id) ?? throw new ServiceException("InvalidGroup.NotFound", $"The security group '{id}' does not exist");
}
