using Amazon.EC2;
using Amazon.EC2.Model;
using Dbre.Lab.Services.Ec2;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Ec2;

public sealed class SecurityGroupTests
{
    private const string Vpc = "vpc-us-east-1";

    private readonly EmulatedCloud cloud = new EmulatedCloud().With(world => new Ec2Service(world));
    private readonly AmazonEC2Client ec2;

    public SecurityGroupTests() => ec2 = Client(cloud);

    [Fact]
    public async Task Each_VPC_has_a_default_group_from_the_start_and_each_account_and_Region_its_own()
    {
        cloud.World.Service<Ec2Service>().AddVpc(EmulatedCloud.Account, EmulatedCloud.Region, "vpc-other");

        var here = await All(ec2);
        var elsewhere = (await All(Client(cloud, EmulatedCloud.OtherRegion))).ShouldHaveSingleItem();
        var other = (await All(new AmazonEC2Client(EmulatedCloud.OtherOperator, cloud.Config<AmazonEC2Config>()))).ShouldHaveSingleItem();

        here.Select(g => (g.GroupName, g.VpcId)).ShouldBe([("default", Vpc), ("default", "vpc-other")], ignoreOrder: true);
        here.ShouldAllBe(g => g.GroupId.StartsWith("sg-0") && g.GroupId.Length == 20 && g.OwnerId == EmulatedCloud.Account);
        elsewhere.VpcId.ShouldBe("vpc-eu-west-1");
        here.Select(g => g.GroupId).Append(elsewhere.GroupId).Append(other.GroupId).ShouldBeUnique();
    }

    [Fact]
    public async Task A_group_that_is_made_can_be_found_by_id_name_and_VPC()
    {
        var made = await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest
        {
            GroupName = "orders", Description = "of orders", TagSpecifications = [new() { ResourceType = "security-group", Tags = [new() { Key = "team", Value = "shop" }] }],
        });

        made.SecurityGroupArn.ShouldBe($"arn:aws:ec2:us-east-1:111111111111:security-group/{made.GroupId}");
        foreach (var filter in (Filter[])[Filter("group-id", made.GroupId, "sg-none"), Filter("group-name", "orders"), Filter("group-name", "ord?r*")])
        {
            var found = (await All(ec2, filter)).ShouldHaveSingleItem(filter.Name);
            (found.GroupId, found.GroupName, found.Description, found.VpcId, found.Tags[0].Value).ShouldBe((made.GroupId, "orders", "of orders", Vpc, "shop"));
        }

        (await All(ec2, Filter("vpc-id", Vpc))).Count.ShouldBe(2);
        (await All(ec2, Filter("vpc-id", Vpc), Filter("group-name", "orders"))).Count.ShouldBe(1);
        (await All(ec2, Filter("vpc-id", "vpc-none"))).ShouldBeEmpty();
        (await ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [made.GroupId] })).SecurityGroups.ShouldHaveSingleItem().GroupName.ShouldBe("orders");
    }

    [Fact]
    public async Task One_seed_gives_the_same_ids_again()
    {
        var again = Client(new EmulatedCloud().With(world => new Ec2Service(world)));

        (await Made("orders")).ShouldBe((await again.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "orders", Description = "d" })).GroupId);
        (await All(ec2)).Select(g => g.GroupId).ShouldBe((await All(again)).Select(g => g.GroupId));
    }

    [Fact]
    public async Task A_listing_comes_in_pages()
    {
        for (var i = 0; i < 11; i++)
        {
            await Made($"group {i}");
        }

        var pages = new List<int>();
        var ids = new List<string>();
        await foreach (var page in ec2.Paginators.DescribeSecurityGroups(new DescribeSecurityGroupsRequest { MaxResults = 5 }).Responses)
        {
            pages.Add(page.SecurityGroups.Count);
            ids.AddRange(page.SecurityGroups.Select(g => g.GroupId));
        }

        pages.ShouldBe([5, 5, 2]);
        ids.ShouldBe((await All(ec2)).Select(g => g.GroupId));
        (await Refused(ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { NextToken = "?" }))).Code.ShouldBe("InvalidNextToken");
    }

    [Fact]
    public async Task A_deleted_group_is_gone()
    {
        var id = await Made("orders");

        (await ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = id })).Return.ShouldBe(true);

        (await All(ec2, Filter("group-id", id))).ShouldBeEmpty();
        (await Refused(ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = id }))).ShouldBe(("InvalidGroup.NotFound", $"The security group '{id}' does not exist"));
    }

    [Fact]
    public async Task One_unknown_id_fails_the_whole_description_and_is_named()
    {
        var id = await Made("orders");

        (await Refused(ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupIds = [id, "sg-none"] })))
            .ShouldBe(("InvalidGroup.NotFound", "The security group 'sg-none' does not exist"));
    }

    [Fact]
    public async Task A_second_group_of_a_name_is_refused_in_its_VPC_only()
    {
        cloud.World.Service<Ec2Service>().AddVpc(EmulatedCloud.Account, EmulatedCloud.Region, "vpc-other");
        await Made("orders");

        (await Refused(ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "orders", Description = "d", VpcId = Vpc })))
            .ShouldBe(("InvalidGroup.Duplicate", $"The security group 'orders' already exists for VPC '{Vpc}'"));
        (await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "orders", Description = "d", VpcId = "vpc-other" })).GroupId.ShouldStartWith("sg-0");
    }

    [Theory]
    [InlineData("sg-mine", "d", null, "InvalidParameterValue", "sg-mine")]
    [InlineData("ürders", "d", null, "InvalidParameterValue", "ürders")]
    [InlineData("orders", "a|b", null, "InvalidParameterValue", "a|b")]
    [InlineData("orders", null, null, "MissingParameter", "GroupDescription")]
    [InlineData("orders", "d", "vpc-none", "InvalidVpcID.NotFound", "vpc-none")]
    public async Task A_group_that_cannot_be_made_is_refused_by_name(string name, string? description, string? vpc, string code, string named)
    {
        var refusal = await Refused(ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = name, Description = description, VpcId = vpc }));

        refusal.Code.ShouldBe(code);
        refusal.Message.ShouldContain(named);
        (await All(ec2)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task The_default_group_cannot_be_deleted() =>
        (await Refused(ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = (await All(ec2))[0].GroupId }))).Code.ShouldBe("CannotDelete");

    [Fact]
    public async Task What_is_not_emulated_is_refused_by_name()
    {
        foreach (var (call, code, named) in ((Task, string, string)[])
        [
            (ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [Filter("tag:team", "shop")] }), "InvalidParameterValue", "tag:team"),
            (ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [Filter("group-id")] }), "InvalidParameterValue", "group-id"),
            (ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { GroupNames = ["default"] }), "UnknownParameter", "GroupNames"),
            (ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { DryRun = true }), "UnknownParameter", "DryRun"),
            (ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { MaxResults = 4 }), "InvalidParameterValue", "maxResults"),
            (ec2.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { MaxResults = 5, GroupIds = ["sg-1"] }), "InvalidParameterCombination", "maxResults"),
            (ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupName = "default" }), "UnknownParameter", "GroupName"),
            (ec2.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest()), "MissingParameter", "groupId"),
            (ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "a", Description = "d", TagSpecifications = [new() { ResourceType = "vpc", Tags = [new() { Key = "k", Value = "v" }] }] }), "InvalidParameterValue", "vpc"),
        ])
        {
            var refusal = await Refused(call);
            refusal.Code.ShouldBe(code, named);
            refusal.Message.ShouldContain(named);
        }
    }

    [Fact]
    public async Task Permissions_are_asked_for()
    {
        using var reader = new AmazonEC2Client(cloud.Role("reader", EmulatedCloud.Allow("ec2:DescribeSecurityGroups", "*")), cloud.Config<AmazonEC2Config>());

        (await All(reader)).Count.ShouldBe(1);
        var (code, message) = await Refused(reader.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = "a", Description = "d" }));
        code.ShouldBe("UnauthorizedOperation");
        message.ShouldStartWith("You are not authorized to perform this operation. User: arn:aws:sts::111111111111:assumed-role/reader/session is not authorized to perform: ec2:CreateSecurityGroup");
        (await Refused(reader.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = "sg-1" }))).Message.ShouldContain("ec2:DeleteSecurityGroup on resource: arn:aws:ec2:us-east-1:111111111111:security-group/sg-1");
    }

    [Fact]
    public async Task A_signature_that_does_not_fit_is_refused()
    {
        using var stranger = new AmazonEC2Client(new Amazon.Runtime.BasicAWSCredentials("lab", "wrong"), cloud.Config<AmazonEC2Config>());

        (await Refused(stranger.DescribeSecurityGroupsAsync())).Code.ShouldBe("AuthFailure");
    }

    private static AmazonEC2Client Client(EmulatedCloud cloud, string region = EmulatedCloud.Region) => new(EmulatedCloud.Operator, cloud.Config<AmazonEC2Config>(region));

    private static Filter Filter(string name, params string[] values) => new() { Name = name, Values = [.. values] };

    private async Task<string> Made(string name) => (await ec2.CreateSecurityGroupAsync(new CreateSecurityGroupRequest { GroupName = name, Description = "d" })).GroupId;

    private static async Task<List<SecurityGroup>> All(AmazonEC2Client client, params Filter[] filters) =>
        (await client.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest { Filters = [.. filters] })).SecurityGroups ?? [];

    private static async Task<(string Code, string Message)> Refused(Task call)
    {
        var refusal = await Should.ThrowAsync<AmazonEC2Exception>(call);
        return (refusal.ErrorCode, refusal.Message);
    }
}
