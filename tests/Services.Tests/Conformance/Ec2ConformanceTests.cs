using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using Dbre.Lab.Services.Ec2;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Conformance;

/// <summary>
/// The same calls about security groups to our EC2 and to moto's: the same answers, and the same statuses and error codes. Where they differ, the
/// difference is listed with what AWS documents; one that is not listed fails, and so does one that is listed and no longer there.
/// </summary>
[Collection(nameof(Moto))]
public sealed class Ec2ConformanceTests(Moto moto)
{
    [MotoFact]
    public async Task Calls_about_security_groups_answer_as_moto_does()
    {
        using var ours = new AmazonEC2Client(EmulatedCloud.Operator, new EmulatedCloud().With(world => new Ec2Service(world)).Config<AmazonEC2Config>());
        using var theirs = new AmazonEC2Client(EmulatedCloud.Operator, moto.Config<AmazonEC2Config>());
        var (emulated, answered) = (await Groups(ours), await Groups(theirs));
        emulated.Zip(answered).Where(pair => pair.First != pair.Second).Select(pair => $"{pair.First}, moto {pair.Second.Split(": ")[1]}").ShouldBe(Known);
    }

    /// <summary>What differs, and what AWS documents of it.</summary>
    private static string[] Known =>
    [
        // API Reference, CreateSecurityGroup: the answer has tagSet, "the tags assigned to the security group".
        "create: tagged team, moto without tags",
        // API Reference, CreateSecurityGroup, GroupName: "cannot start with sg-".
        "create sg-mine: 400 InvalidParameterValue, moto 200",
        // User Guide, Default security groups: "You can't delete a default security group"; Error codes, CannotDelete.
        "delete the default one: 400 CannotDelete, moto 200",
    ];

    private static async Task<IReadOnlyList<string>> Groups(AmazonEC2Client ec2)
    {
        var standard = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [Filter("group-name", "default")] })).SecurityGroups.ShouldHaveSingleItem();
        var create = new CreateSecurityGroupRequest
        {
            GroupName = "conformance", Description = "of a test", VpcId = standard.VpcId,
            TagSpecifications = [new TagSpecification { ResourceType = ResourceType.SecurityGroup, Tags = [new Tag { Key = "team", Value = "shop" }] }],
        };
        var made = await ec2.CreateSecurityGroupAsync(create);
        var here = await Ids(ec2, Filter("group-id", made.GroupId, "sg-00000000000000000"));
        var named = await Ids(ec2, Filter("vpc-id", standard.VpcId), Filter("group-name", "conformance"));
        var shape = (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [made.GroupId] })).SecurityGroups.ShouldHaveSingleItem();
        return
        [
            $"default: {standard.Description}",
            $"create: {(made.Tags is [var tag] ? $"tagged {tag.Key}" : "without tags")}",
            $"id: {made.GroupId[..3]} and {made.GroupId.Length - 3} digits",
            $"describe: {shape.GroupName}, {shape.Description}, {shape.VpcId == standard.VpcId}, {shape.Tags[0].Value}, in {shape.IpPermissions?.Count ?? 0}, out {shape.IpPermissionsEgress[0].IpProtocol} to {shape.IpPermissionsEgress[0].Ipv4Ranges[0].CidrIp}",
            $"by id and one that is not there: {string.Join(' ', here) == made.GroupId}",
            $"by VPC and name: {string.Join(' ', named) == made.GroupId}",
            $"by an id that is not there: {(await Ids(ec2, Filter("group-id", "sg-00000000000000000"))).Count}",
            "create again: " + await Code(() => ec2.CreateSecurityGroupAsync(create)),
            "create sg-mine: " + await Code(() => ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "sg-mine", Description = "d", VpcId = standard.VpcId })),
            "create without a description: " + await Code(() => ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "orders" })),
            "describe with one that is not there: " + await Code(() => ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [made.GroupId, "sg-00000000000000000"] })),
            "delete: " + await Code(() => ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = made.GroupId })),
            "delete again: " + await Code(() => ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = made.GroupId })),
            "delete the default one: " + await Code(() => ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = standard.GroupId })),
        ];
    }

    private static Filter Filter(string name, params string[] values) => new() { Name = name, Values = [.. values] };

    private static async Task<List<string>> Ids(AmazonEC2Client ec2, params Filter[] filters) =>
        [.. ((await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [.. filters] })).SecurityGroups ?? []).Select(g => g.GroupId)];

    private static async Task<string> Code<TResponse>(Func<Task<TResponse>> call)
        where TResponse : AmazonWebServiceResponse
    {
        try
        {
            return $"{(int)(await call()).HttpStatusCode}";
        }
        catch (AmazonEC2Exception e)
        {
            return $"{(int)e.StatusCode} {e.ErrorCode}";
        }
    }
}
