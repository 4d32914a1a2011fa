using System.Text;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.RDS;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.SecurityToken;
using Amazon.SecurityToken.Model;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using AwsCompat.Server;

namespace Dbre.Aws.Tests.Wire;

public sealed class QueryTests
{
    private static readonly DateTime Noon = new(2026, 11, 21, 12, 0, 0, 250, DateTimeKind.Utc);

    [Fact]
    public async Task Copy_request_with_tags_arrives_as_sent()
    {
        var (client, server) = Rds(_ => new CopyDBSnapshotResponse { DBSnapshot = new DBSnapshot { DBSnapshotIdentifier = "copy", Encrypted = true, PercentProgress = 0 } });

        var response = await client.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = "arn:aws:rds:us-east-1:111111111111:snapshot:nightly&1=é",
            TargetDBSnapshotIdentifier = "copy",
            CopyTags = true,
            Tags = [new() { Key = "a b", Value = "1+1=2" }, new() { Key = "empty", Value = "" }],
        });

        var request = server.Requests.ShouldHaveSingleItem().ShouldBeOfType<CopyDBSnapshotRequest>();
        request.SourceDBSnapshotIdentifier.ShouldBe("arn:aws:rds:us-east-1:111111111111:snapshot:nightly&1=é");
        request.CopyTags.ShouldBe(true);
        request.KmsKeyId.ShouldBeNull();
        request.Tags.Select(t => (t.Key, t.Value)).ShouldBe([("a b", "1+1=2"), ("empty", "")]);
        response.DBSnapshot.Encrypted.ShouldBe(true);
        response.DBSnapshot.PercentProgress.ShouldBe(0);
        response.DBSnapshot.AllocatedStorage.ShouldBeNull();
        response.ResponseMetadata.RequestId.ShouldBe(WireServer.RequestId);
    }

    [Fact]
    public async Task Describe_response_with_nested_lists_times_and_enums_arrives_as_sent()
    {
        var (client, _) = Rds(_ => new DescribeDBSnapshotsResponse
        {
            DBSnapshots =
            [
                new() { DBSnapshotIdentifier = "one", SnapshotCreateTime = Noon, TagList = [new() { Key = "k", Value = "<&\"" }], Port = 5432 },
                new() { DBSnapshotIdentifier = "two", TagList = [] },
            ],
        });

        var response = await client.DescribeDBSnapshotsAsync();

        response.DBSnapshots.Select(s => s.DBSnapshotIdentifier).ShouldBe(["one", "two"]);
        response.DBSnapshots[0].SnapshotCreateTime.ShouldBe(Noon);
        response.DBSnapshots[0].Port.ShouldBe(5432);
        response.DBSnapshots[0].TagList.ShouldHaveSingleItem().Value.ShouldBe("<&\"");
        response.DBSnapshots[1].TagList.ShouldBeNull("the SDK reads an empty XML list as null");
    }

    [Fact]
    public async Task Filters_with_lists_of_values_arrive_as_sent()
    {
        var (client, server) = Rds(_ => new DescribeDBInstancesResponse());

        await client.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { Filters = [new() { Name = "engine", Values = ["postgres", "mysql"] }], MaxRecords = 20 });

        var request = (DescribeDBInstancesRequest)server.Requests[0];
        request.Filters.ShouldHaveSingleItem().Values.ShouldBe(["postgres", "mysql"]);
        request.MaxRecords.ShouldBe(20);
    }

    [Fact]
    public async Task Paginator_follows_markers_to_the_end()
    {
        var (client, server) = Rds(request => ((DescribeDBSnapshotsRequest)request).Marker switch
        {
            null => new DescribeDBSnapshotsResponse { DBSnapshots = [new() { DBSnapshotIdentifier = "a" }], Marker = "m1" },
            "m1" => new DescribeDBSnapshotsResponse { Marker = "m2" },
            _ => new DescribeDBSnapshotsResponse { DBSnapshots = [new() { DBSnapshotIdentifier = "b" }] },
        });

        var names = new List<string>();
        await foreach (var snapshot in client.Paginators.DescribeDBSnapshots(new DescribeDBSnapshotsRequest()).DBSnapshots)
        {
            names.Add(snapshot.DBSnapshotIdentifier);
        }

        names.ShouldBe(["a", "b"]);
        server.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Error_code_of_the_model_becomes_its_exception()
    {
        var (client, _) = Rds(_ => throw new WireFailure("DBSnapshotNotFound", "DBSnapshot nightly not found.", 404));

        var error = await Should.ThrowAsync<DBSnapshotNotFoundException>(() => client.DescribeDBSnapshotsAsync());

        error.ErrorCode.ShouldBe("DBSnapshotNotFound");
        error.Message.ShouldBe("DBSnapshot nightly not found.");
        ((int)error.StatusCode).ShouldBe(404);
        error.RequestId.ShouldBe(WireServer.RequestId);
        error.ErrorType.ShouldBe(ErrorType.Sender);
    }

    [Fact]
    public async Task Error_code_that_the_model_lacks_becomes_the_service_exception()
    {
        var (client, _) = Rds(_ => throw new WireFailure("AccessDenied", "User is not authorized to perform: rds:DescribeDBSnapshots", 403));

        var error = await Should.ThrowAsync<AmazonRDSException>(() => client.DescribeDBSnapshotsAsync());

        error.ErrorCode.ShouldBe("AccessDenied");
    }

    [Fact]
    public async Task Missing_required_parameter_is_named()
    {
        var (client, _) = Rds(_ => new DeleteDBSnapshotResponse());

        var error = await Should.ThrowAsync<AmazonRDSException>(() => client.DeleteDBSnapshotAsync(new DeleteDBSnapshotRequest()));

        error.ErrorCode.ShouldBe("MissingParameter");
        error.Message.ShouldBe("The request must contain the parameter DBSnapshotIdentifier.");
    }

    [Theory]
    [InlineData("Action=DescribeDBInstances&Version=2014-10-31&Colour=red", "UnknownParameter", "Colour")]
    [InlineData("Action=DescribeDBInstances&Filters.Filter.1.Name=x&Filters.Filter.1.Values.Value.1=y&Filters.Filter.1.Shade=z", "UnknownParameter", "Filters.Filter.1.Shade")]
    [InlineData("Action=DescribeDBInstances&MaxRecords.1=20", "UnknownParameter", "MaxRecords.1")]
    [InlineData("Action=DescribeDBInstances&Filters.Filtre.1.Name=x", "UnknownParameter", "Filters.Filtre.1.Name")]
    [InlineData("Action=DescribeDBInstances&Filters.Filter.one.Name=x", "UnknownParameter", "Filters.Filter.one.Name")]
    [InlineData("Action=DescribeDBInstances&MaxRecords=many", "InvalidParameterValue", "MaxRecords")]
    [InlineData("Action=CreateBlueGreenDeployment", "InvalidAction", "CreateBlueGreenDeployment")]
    [InlineData("Version=2014-10-31", "MissingAction", "Action")]
    public void Request_that_the_model_does_not_know_is_refused_by_name(string form, string code, string named)
    {
        var error = Should.Throw<WireFormatException>(() => Read("rds", form));

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("Filters.Filter.1.Name=x&Filters.Filter.1.Values.Value.1=y")]
    [InlineData("Filters.member.1.Name=x&Filters.member.1.Values.member.1=y")]
    public void List_items_are_read_under_their_own_name_and_as_members(string filters)
    {
        var request = (DescribeDBInstancesRequest)Read("rds", $"Action=DescribeDBInstances&{filters}");

        request.Filters.ShouldHaveSingleItem().Values.ShouldBe(["y"]);
    }

    [Fact]
    public void Ten_list_items_keep_their_order()
    {
        var form = string.Join('&', Enumerable.Range(1, 12).Select(i => $"Filters.Filter.1.Values.Value.{i}={i}"));

        var request = (DescribeDBInstancesRequest)Read("rds", $"Action=DescribeDBInstances&Filters.Filter.1.Name=x&{form}");

        request.Filters[0].Values.ShouldBe(Enumerable.Range(1, 12).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Source_region_yields_a_presigned_url_that_the_source_region_can_read()
    {
        var (client, server) = Rds(_ => new CopyDBSnapshotResponse());

        await client.CopyDBSnapshotAsync(new CopyDBSnapshotRequest
        {
            SourceDBSnapshotIdentifier = "arn:aws:rds:us-east-1:111111111111:snapshot:nightly",
            TargetDBSnapshotIdentifier = "copy",
            KmsKeyId = "alias/dbre",
            SourceRegion = "us-east-1",
        });

        var url = new Uri(((CopyDBSnapshotRequest)server.Requests[0]).PreSignedUrl);
        url.Host.ShouldBe("rds.us-east-1.amazonaws.com");
        url.Query.ShouldContain("X-Amz-Signature=");
        url.Query.ShouldContain("us-east-1%2Frds%2Faws4_request");
        var presigned = new WireRequest("GET", "/", url.Query.TrimStart('?'), new Dictionary<string, string>(), default);
        var wire = ServiceWires.All["rds"];
        ((CopyDBSnapshotRequest)wire.ReadRequest(wire.ReadOperation(presigned), presigned)).KmsKeyId.ShouldBe("alias/dbre");
    }

    [Fact]
    public async Task Source_region_of_a_replication_of_backups_yields_a_presigned_url_too()
    {
        var (client, server) = Rds(_ => new StartDBInstanceAutomatedBackupsReplicationResponse());

        await client.StartDBInstanceAutomatedBackupsReplicationAsync(new StartDBInstanceAutomatedBackupsReplicationRequest
        {
            SourceDBInstanceArn = "arn:aws:rds:us-east-1:111111111111:db:orders", BackupRetentionPeriod = 14, SourceRegion = "us-east-1",
        });

        var sent = (StartDBInstanceAutomatedBackupsReplicationRequest)server.Requests[0];
        sent.BackupRetentionPeriod.ShouldBe(14);
        new Uri(sent.PreSignedUrl).Query.ShouldContain("us-east-1%2Frds%2Faws4_request");
    }

    [Fact]
    public async Task Maps_with_named_entries_and_blobs_arrive_as_sent()
    {
        var server = new WireServer("sns", _ => new PublishResponse { MessageId = "m" });
        var client = new AmazonSimpleNotificationServiceClient(WireClients.Credentials, new AmazonSimpleNotificationServiceConfig().To(server));

        await client.PublishAsync(new PublishRequest
        {
            TopicArn = "arn:aws:sns:eu-west-1:111111111111:t",
            Message = "line 1\nline 2 ✓",
            MessageAttributes = new()
            {
                ["outcome"] = new() { DataType = "String", StringValue = "Failed" },
                ["raw"] = new() { DataType = "Binary", BinaryValue = new MemoryStream([0, 255, 10]) },
            },
        });

        var request = (PublishRequest)server.Requests[0];
        request.Message.ShouldBe("line 1\nline 2 ✓");
        request.MessageAttributes["outcome"].StringValue.ShouldBe("Failed");
        request.MessageAttributes["raw"].BinaryValue.ToArray().ShouldBe([0, 255, 10]);
    }

    [Fact]
    public async Task Maps_in_responses_arrive_as_sent()
    {
        var server = new WireServer("sns", _ => new GetTopicAttributesResponse { Attributes = new() { ["Owner"] = "111111111111", ["Policy"] = "{}" } });
        var client = new AmazonSimpleNotificationServiceClient(WireClients.Credentials, new AmazonSimpleNotificationServiceConfig().To(server));

        var response = await client.GetTopicAttributesAsync(new GetTopicAttributesRequest { TopicArn = "t" });

        response.Attributes.ShouldBe(new Dictionary<string, string> { ["Owner"] = "111111111111", ["Policy"] = "{}" });
    }

    [Fact]
    public async Task Numbers_times_and_enums_of_metrics_arrive_as_sent()
    {
        var server = new WireServer("monitoring", _ => new PutMetricDataResponse());
        var client = new AmazonCloudWatchClient(WireClients.Credentials, new AmazonCloudWatchConfig().To(server));

        await client.PutMetricDataAsync(new PutMetricDataRequest
        {
            Namespace = "Dbre",
            MetricData = [new() { MetricName = "Copied", Value = 0.1, Timestamp = Noon, Unit = StandardUnit.Count, Dimensions = [new() { Name = "Service", Value = "snapshots" }] }],
        });

        var datum = ((PutMetricDataRequest)server.Requests[0]).MetricData.ShouldHaveSingleItem();
        datum.Value.ShouldBe(0.1);
        datum.Timestamp.ShouldBe(Noon);
        datum.Unit.ShouldBe(StandardUnit.Count);
        datum.Dimensions.ShouldHaveSingleItem().Value.ShouldBe("snapshots");
    }

    [Fact]
    public async Task Official_client_reads_what_we_write()
    {
        var server = new WireServer("sts", _ => new AssumeRoleResponse
        {
            Credentials = new() { AccessKeyId = "ASIAIOSFODNN7EXAMPLE", SecretAccessKey = "s/+=", SessionToken = "t", Expiration = Noon },
            AssumedRoleUser = new() { Arn = "arn:aws:sts::111111111111:assumed-role/r/s", AssumedRoleId = "AROA:s" },
        });
        var client = new AmazonSecurityTokenServiceClient(WireClients.Credentials, new AmazonSecurityTokenServiceConfig().To(server));

        var response = await client.AssumeRoleAsync(new AssumeRoleRequest { RoleArn = "arn:aws:iam::111111111111:role/r", RoleSessionName = "session", DurationSeconds = 900 });

        ((AssumeRoleRequest)server.Requests[0]).DurationSeconds.ShouldBe(900);
        response.Credentials.SecretAccessKey.ShouldBe("s/+=");
        response.Credentials.Expiration!.Value.ToUniversalTime().ShouldBe(Noon);
    }

    private static (AmazonRDSClient Client, WireServer Server) Rds(Func<AmazonWebServiceRequest, AmazonWebServiceResponse> answer)
    {
        var server = new WireServer("rds", answer);
        return (new AmazonRDSClient(WireClients.Credentials, new AmazonRDSConfig().To(server)), server);
    }

    private static AmazonWebServiceRequest Read(string service, string form)
    {
        var wire = ServiceWires.All[service];
        var request = new WireRequest("POST", "/", "", new Dictionary<string, string>(), Encoding.UTF8.GetBytes(form));
        return wire.ReadRequest(wire.ReadOperation(request), request);
    }
}
