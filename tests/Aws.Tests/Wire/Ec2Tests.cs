using System.Text;
using Amazon.EC2;
using Amazon.EC2.Model;
using Amazon.Runtime;
using AwsCompat.Server;

namespace Dbre.Aws.Tests.Wire;

public sealed class Ec2Tests
{
    [Fact]
    public async Task Create_request_arrives_as_sent()
    {
        var (client, server) = Ec2(_ => new CreateSecurityGroupResponse { GroupId = "sg-1", Tags = [new() { Key = "k", Value = "<&\"" }] });

        var response = await client.CreateSecurityGroupAsync(new CreateSecurityGroupRequest
        {
            GroupName = "orders", Description = "a b&c", VpcId = "vpc-1", DryRun = false,
            TagSpecifications = [new() { ResourceType = ResourceType.SecurityGroup, Tags = [new() { Key = "a b", Value = "1+1=2" }, new() { Key = "empty", Value = "" }] }],
        });

        var request = server.Requests.ShouldHaveSingleItem().ShouldBeOfType<CreateSecurityGroupRequest>();
        (request.GroupName, request.Description, request.VpcId, request.DryRun).ShouldBe(("orders", "a b&c", "vpc-1", false));
        var tagged = request.TagSpecifications.ShouldHaveSingleItem();
        tagged.ResourceType.ShouldBe(ResourceType.SecurityGroup);
        tagged.Tags.Select(t => (t.Key, t.Value)).ShouldBe([("a b", "1+1=2"), ("empty", "")]);
        response.GroupId.ShouldBe("sg-1");
        response.Tags.ShouldHaveSingleItem().Value.ShouldBe("<&\"");
        response.SecurityGroupArn.ShouldBeNull();
        response.ResponseMetadata.RequestId.ShouldBe(WireServer.RequestId);
    }

    [Fact]
    public async Task Lists_of_a_request_are_numbered_behind_their_own_key()
    {
        var (client, server) = Ec2(_ => new DescribeSecurityGroupsResponse());

        await client.DescribeSecurityGroupsAsync(new DescribeSecurityGroupsRequest
        {
            GroupIds = ["sg-1", "sg-2"], Filters = [new() { Name = "vpc-id", Values = ["vpc-1", "vpc-2"] }, new() { Name = "group-name", Values = ["default"] }], MaxResults = 5, GroupNames = [],
        });

        var form = Encoding.UTF8.GetString(server.Raw[0].Body.Span).Split('&');
        form.ShouldBe(
            ["Action=DescribeSecurityGroups", "Version=2016-11-15", "GroupId.1=sg-1", "GroupId.2=sg-2", "MaxResults=5", "Filter.1.Name=vpc-id", "Filter.1.Value.1=vpc-1", "Filter.1.Value.2=vpc-2", "Filter.2.Name=group-name", "Filter.2.Value.1=default"],
            ignoreOrder: true);
        var request = (DescribeSecurityGroupsRequest)server.Requests[0];
        request.GroupIds.ShouldBe(["sg-1", "sg-2"]);
        request.GroupNames.ShouldBeNull();
        request.Filters.Select(f => (f.Name, string.Join(' ', f.Values))).ShouldBe([("vpc-id", "vpc-1 vpc-2"), ("group-name", "default")]);
        request.MaxResults.ShouldBe(5);
    }

    [Fact]
    public async Task Response_with_nested_lists_arrives_as_sent()
    {
        var (client, _) = Ec2(_ => new DescribeSecurityGroupsResponse
        {
            NextToken = "t",
            SecurityGroups =
            [
                new()
                {
                    GroupId = "sg-1", GroupName = "orders", Description = "of orders", VpcId = "vpc-1", OwnerId = "111111111111",
                    IpPermissions =
                    [
                        new()
                        {
                            IpProtocol = "tcp", FromPort = 5432, ToPort = 5432, Ipv4Ranges = [new() { CidrIp = "10.0.0.0/8" }], PrefixListIds = [new() { Id = "pl-1" }],
                            UserIdGroupPairs = [new() { GroupId = "sg-2", UserId = "111111111111" }],
                        },
                    ],
                },
                new() { GroupId = "sg-2" },
            ],
        });

        var response = await client.DescribeSecurityGroupsAsync();

        response.NextToken.ShouldBe("t");
        response.SecurityGroups.Select(g => g.GroupId).ShouldBe(["sg-1", "sg-2"]);
        var first = response.SecurityGroups[0];
        (first.GroupName, first.Description, first.VpcId, first.OwnerId).ShouldBe(("orders", "of orders", "vpc-1", "111111111111"));
        var rule = first.IpPermissions.ShouldHaveSingleItem();
        (rule.IpProtocol, rule.FromPort, rule.Ipv4Ranges[0].CidrIp, rule.PrefixListIds[0].Id, rule.UserIdGroupPairs[0].GroupId).ShouldBe(("tcp", 5432, "10.0.0.0/8", "pl-1", "sg-2"));
        response.SecurityGroups[1].IpPermissions.ShouldBeNull("the SDK reads an empty XML list as null");
    }

    [Fact]
    public async Task Paginator_follows_tokens_to_the_end()
    {
        var (client, server) = Ec2(request => ((DescribeSecurityGroupsRequest)request).NextToken is null
            ? new DescribeSecurityGroupsResponse { SecurityGroups = [new() { GroupId = "sg-1" }], NextToken = "t" }
            : new DescribeSecurityGroupsResponse { SecurityGroups = [new() { GroupId = "sg-2" }] });

        var ids = new List<string>();
        await foreach (var group in client.Paginators.DescribeSecurityGroups(new DescribeSecurityGroupsRequest()).SecurityGroups)
        {
            ids.Add(group.GroupId);
        }

        ids.ShouldBe(["sg-1", "sg-2"]);
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Deleting_answers_true_and_the_id()
    {
        var (client, _) = Ec2(request => new DeleteSecurityGroupResponse { Return = true, GroupId = ((DeleteSecurityGroupRequest)request).GroupId });

        var response = await client.DeleteSecurityGroupAsync(new DeleteSecurityGroupRequest { GroupId = "sg-1" });

        (response.Return, response.GroupId).ShouldBe((true, "sg-1"));
    }

    [Fact]
    public async Task Error_keeps_its_code_message_status_and_request()
    {
        var (client, _) = Ec2(_ => throw new WireFailure("InvalidGroup.NotFound", "The security group 'sg-1' does not exist"));

        var error = await Should.ThrowAsync<AmazonEC2Exception>(() => client.DescribeSecurityGroupsAsync());

        (error.ErrorCode, error.Message, (int)error.StatusCode, error.RequestId, error.ErrorType)
            .ShouldBe(("InvalidGroup.NotFound", "The security group 'sg-1' does not exist", 400, WireServer.RequestId, ErrorType.Sender));
    }

    [Fact]
    public void Response_and_error_are_written_as_EC2_writes_them()
    {
        var wire = ServiceWires.All["ec2"];

        Text(wire.WriteResponse("CreateSecurityGroup", new CreateSecurityGroupResponse { GroupId = "sg-1" }, "r")).ShouldEndWith(
            """<CreateSecurityGroupResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15"><requestId>r</requestId><groupId>sg-1</groupId><tagSet /></CreateSecurityGroupResponse>""");
        Text(wire.WriteError("CannotDelete", "no", 400, "r")).ShouldEndWith(
            "<Response><Errors><Error><Code>CannotDelete</Code><Message>no</Message></Error></Errors><RequestID>r</RequestID></Response>");
    }

    [Theory]
    [InlineData("Action=DescribeSecurityGroups&Colour=red", "UnknownParameter", "Colour")]
    [InlineData("Action=DescribeSecurityGroups&groupId.1=sg-1", "UnknownParameter", "groupId.1")]
    [InlineData("Action=DescribeSecurityGroups&Filter.1.Shade=z", "UnknownParameter", "Filter.1.Shade")]
    [InlineData("Action=DescribeSecurityGroups&Filter.Filter.1.Name=x", "UnknownParameter", "Filter.Filter.1.Name")]
    [InlineData("Action=DescribeSecurityGroups&MaxResults=many", "InvalidParameterValue", "MaxResults")]
    [InlineData("Action=CreateSecurityGroup&GroupName=a", "MissingParameter", "GroupDescription")]
    [InlineData("Action=RunInstances", "InvalidAction", "RunInstances")]
    [InlineData("Action=DescribeSecurityGroups&Version=2014-10-01", "InvalidAction", "2014-10-01")]
    public void Request_that_the_model_does_not_know_is_refused_by_name(string form, string code, string named)
    {
        var wire = ServiceWires.All["ec2"];
        var request = new WireRequest("POST", "/", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(form));

        var error = Should.Throw<WireFormatException>(() => wire.ReadRequest(wire.ReadOperation(request), request));

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(named);
    }

    private static string Text(WireResponse response) => Encoding.UTF8.GetString(response.Body.Span);

    private static (AmazonEC2Client Client, WireServer Server) Ec2(Func<AmazonWebServiceRequest, AmazonWebServiceResponse> answer)
    {
        var server = new WireServer("ec2", answer);
        return (new AmazonEC2Client(WireClients.Credentials, new AmazonEC2Config().To(server)), server);
    }
}
