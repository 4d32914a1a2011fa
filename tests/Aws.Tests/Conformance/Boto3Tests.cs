using System.Text.Json;
using System.Text.RegularExpressions;
using Amazon.CloudWatch.Model;
using Amazon.CloudWatchLogs.Model;
using Amazon.DynamoDBv2.Model;
using Amazon.EC2.Model;
using Amazon.EventBridge.Model;
using Amazon.KeyManagementService.Model;
using Amazon.Lambda.Model;
using Amazon.RDS.Model;
using Amazon.Runtime;
using Amazon.Scheduler.Model;
using Amazon.SecretsManager.Model;
using Amazon.SecurityToken.Model;
using Amazon.SimpleNotificationService.Model;
using Amazon.SQS.Model;
using Amazon.StepFunctions.Model;
using AwsCompat.Server;
using Dbre.Aws.Tests.Wire;

namespace Dbre.Aws.Tests.Conformance;

/// <summary>boto3 calls every service over a real port: it must send what we read, and understand what we write.</summary>
public sealed partial class Boto3Tests
{
    private static readonly DateTime Noon = new(2026, 11, 21, 12, 0, 0, 250, DateTimeKind.Utc);

    private static readonly Dictionary<string, Func<AmazonWebServiceRequest, AmazonWebServiceResponse>> Services = new()
    {
        ["rds"] = request => request switch
        {
            DescribeDBSnapshotsRequest { DBSnapshotIdentifier: "gone" } => throw new WireFailure("DBSnapshotNotFound", "DBSnapshot gone not found.", 404),
            DescribeDBSnapshotsRequest { Marker: null } => new DescribeDBSnapshotsResponse
            {
                DBSnapshots = [new() { DBSnapshotIdentifier = "a", Status = "available", SnapshotCreateTime = Noon, Encrypted = true, Port = 5432, TagList = [new() { Key = "k", Value = "<v>" }] }],
                Marker = "m",
            },
            DescribeDBSnapshotsRequest => new DescribeDBSnapshotsResponse { DBSnapshots = [new() { DBSnapshotIdentifier = "b", Status = "available" }] },
            CopyDBSnapshotRequest copy => new CopyDBSnapshotResponse { DBSnapshot = new() { DBSnapshotIdentifier = copy.TargetDBSnapshotIdentifier, KmsKeyId = copy.PreSignedUrl is null ? "none" : "presigned", TagList = copy.Tags } },
            DescribeDBInstancesRequest describe => new DescribeDBInstancesResponse { DBInstances = [new() { DBInstanceIdentifier = string.Join(',', describe.Filters[0].Values), Endpoint = new() { Address = "h", Port = 1 } }] },
            _ => new AddTagsToResourceResponse(),
        },
        ["ec2"] = request => request switch
        {
            CreateSecurityGroupRequest { DryRun: true } => throw new WireFailure("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412),
            CreateSecurityGroupRequest create => new CreateSecurityGroupResponse { GroupId = $"{create.GroupName}/{create.Description}/{create.VpcId}", Tags = create.TagSpecifications[0].Tags },
            DescribeSecurityGroupsRequest { NextToken: null } describe => new DescribeSecurityGroupsResponse
            {
                SecurityGroups = [new() { GroupId = describe.Filters[0].Values[1], IpPermissions = [new() { FromPort = 5432, Ipv4Ranges = [new() { CidrIp = "10.0.0.0/8" }] }] }],
                NextToken = "t",
            },
            DescribeSecurityGroupsRequest => new DescribeSecurityGroupsResponse { SecurityGroups = [new() { GroupId = "sg-3" }] },
            DeleteSecurityGroupRequest { GroupId: "gone" } => throw new WireFailure("InvalidGroup.NotFound", "The security group 'gone' does not exist"),
            _ => new DeleteSecurityGroupResponse { Return = true },
        },
        ["sts"] = _ => new GetCallerIdentityResponse { Account = "111111111111", Arn = "arn:aws:iam::111111111111:user/lab", UserId = "AID" },
        ["sns"] = request => request switch
        {
            PublishRequest publish => new PublishResponse { MessageId = publish.MessageAttributes["outcome"].StringValue },
            _ => new GetTopicAttributesResponse { Attributes = new() { ["Owner"] = "111111111111" } },
        },
        ["monitoring"] = request => request switch
        {
            PutMetricDataRequest put => put.MetricData[0].Value == 1.5 ? new PutMetricDataResponse() : throw new WireFailure("InvalidParameterValue", "value"),
            _ => new DescribeAlarmsResponse { MetricAlarms = [new() { AlarmName = "failed", Threshold = 0.5, StateUpdatedTimestamp = Noon, Dimensions = [new() { Name = "n", Value = "v" }] }] },
        },
        ["states"] = request => request switch
        {
            DescribeExecutionRequest { ExecutionArn: "arn:none" } => throw new WireFailure("ExecutionDoesNotExist", "Execution Does Not Exist: 'arn:none'"),
            DescribeExecutionRequest => new DescribeExecutionResponse { ExecutionArn = "arn", Status = "SUCCEEDED", StartDate = Noon, Output = "{}" },
            GetExecutionHistoryRequest { NextToken: null } => new GetExecutionHistoryResponse { Events = [new() { Id = 1, Timestamp = Noon, Type = "ExecutionStarted" }], NextToken = "t" },
            _ => new GetExecutionHistoryResponse { Events = [new() { Id = 2, PreviousEventId = 1, Timestamp = Noon, Type = "ExecutionSucceeded" }] },
        },
        ["events"] = request => new PutEventsResponse { FailedEntryCount = 0, Entries = [new() { EventId = ((PutEventsRequest)request).Entries[0].Detail }] },
        ["scheduler"] = request => request switch
        {
            CreateScheduleRequest create => new CreateScheduleResponse { ScheduleArn = $"{create.Name}:{create.Target.RetryPolicy.MaximumRetryAttempts}" },
            _ => new ListSchedulesResponse { Schedules = [new() { Name = "nightly", CreationDate = Noon, State = "ENABLED" }] },
        },
        ["secretsmanager"] = _ => new GetSecretValueResponse { SecretBinary = new MemoryStream([1, 0, 255]), CreatedDate = Noon, VersionStages = ["AWSCURRENT"] },
        ["lambda"] = request => request switch
        {
            InvokeRequest invoke => new InvokeResponse { StatusCode = 200, FunctionError = "Unhandled", Payload = invoke.PayloadStream },
            _ => throw new WireFailure("ResourceNotFoundException", "Function not found", 404),
        },
        ["logs"] = request => new GetLogEventsResponse { Events = [new() { Message = ((GetLogEventsRequest)request).LogGroupName, Timestamp = 1795000000123 }] },
        ["sqs"] = request => request switch
        {
            GetQueueUrlRequest => throw new WireFailure("QueueDoesNotExist", "The specified queue does not exist."),
            _ => new ReceiveMessageResponse { Messages = [new() { Body = "b", Attributes = new() { ["SentTimestamp"] = "1" }, MessageAttributes = new() { ["x"] = new() { DataType = "Binary", BinaryValue = new MemoryStream([7]) } } }] },
        },
        ["dynamodb"] = request => request switch
        {
            PutItemRequest => throw new WireFailure("ConditionalCheckFailedException", "The conditional request failed", details: new Dictionary<string, object?> { ["Item"] = new Dictionary<string, AttributeValue> { ["pk"] = new("old") } }),
            GetItemRequest get => new GetItemResponse { Item = get.Key },
            _ => throw new WireFailure("InternalServerError", "no", 500),
        },
        ["kms"] = _ => new DescribeKeyResponse { KeyMetadata = new() { KeyId = "k", CreationDate = Noon, KeyState = "Enabled", MultiRegion = false } },
    };

    private const string Script = """
        import boto3, json, datetime
        out = {}
        def show(name, value):
            out[name] = json.loads(json.dumps(value, default=lambda v: v.astimezone(datetime.timezone.utc).isoformat() if isinstance(v, datetime.datetime) else list(v)))
        def fails(name, client, call):
            try: call()
            except client.exceptions.ClientError as e: show(name, [type(e).__name__, e.response['Error']['Code'], e.response['Error']['Message'], e.response['ResponseMetadata']['HTTPStatusCode']]); return e
        rds = boto3.client('rds')
        show('snapshots', [s for p in rds.get_paginator('describe_db_snapshots').paginate() for s in p['DBSnapshots']])
        fails('gone', rds, lambda: rds.describe_db_snapshots(DBSnapshotIdentifier='gone'))
        rds.get_waiter('db_snapshot_available').wait(DBSnapshotIdentifier='a')
        rds.get_waiter('db_snapshot_deleted').wait(DBSnapshotIdentifier='gone')
        show('copy', rds.copy_db_snapshot(SourceDBSnapshotIdentifier='arn:aws:rds:us-east-1:111111111111:snapshot:a', TargetDBSnapshotIdentifier='c', SourceRegion='us-east-1', Tags=[{'Key': 'k', 'Value': 'a&b ✓'}])['DBSnapshot'])
        show('instances', rds.describe_db_instances(Filters=[{'Name': 'engine', 'Values': ['postgres', 'mysql']}])['DBInstances'][0])
        show('tagged', rds.add_tags_to_resource(ResourceName='r', Tags=[])['ResponseMetadata']['RequestId'])
        ec2 = boto3.client('ec2')
        show('group', {k: v for k, v in ec2.create_security_group(GroupName='orders', Description='a&b', VpcId='vpc-1', TagSpecifications=[{'ResourceType': 'security-group', 'Tags': [{'Key': 'k', 'Value': 'v ✓'}]}]).items() if k != 'ResponseMetadata'})
        fails('dry run', ec2, lambda: ec2.create_security_group(GroupName='orders', Description='a', DryRun=True))
        show('groups', [g for p in ec2.get_paginator('describe_security_groups').paginate(Filters=[{'Name': 'group-id', 'Values': ['sg-1', 'sg-2']}]) for g in p['SecurityGroups']])
        fails('no group', ec2, lambda: ec2.delete_security_group(GroupId='gone'))
        show('deleted', [ec2.delete_security_group(GroupId='sg-1')[k] if k == 'Return' else ec2.delete_security_group(GroupId='sg-1')['ResponseMetadata']['RequestId'] for k in ('Return', 'RequestId')])
        show('identity', boto3.client('sts').get_caller_identity()['Arn'])
        sns = boto3.client('sns')
        show('published', sns.publish(TopicArn='t', Message='m', MessageAttributes={'outcome': {'DataType': 'String', 'StringValue': 'Failed'}})['MessageId'])
        show('topic', sns.get_topic_attributes(TopicArn='t')['Attributes'])
        watch = boto3.client('cloudwatch')
        watch.put_metric_data(Namespace='Dbre', MetricData=[{'MetricName': 'Copied', 'Value': 1.5, 'Timestamp': datetime.datetime(2026, 11, 21), 'Dimensions': [{'Name': 'a', 'Value': 'b'}]}])
        show('alarms', watch.describe_alarms()['MetricAlarms'][0])
        states = boto3.client('stepfunctions')
        show('execution', {k: v for k, v in states.describe_execution(executionArn='arn').items() if k != 'ResponseMetadata'})
        fails('no execution', states, lambda: states.describe_execution(executionArn='arn:none'))
        show('history', [e['type'] for p in states.get_paginator('get_execution_history').paginate(executionArn='arn') for e in p['events']])
        show('event', boto3.client('events').put_events(Entries=[{'Source': 's', 'DetailType': 'd', 'Detail': '{"a":1}', 'Time': datetime.datetime(2026, 11, 21)}])['Entries'][0]['EventId'])
        scheduler = boto3.client('scheduler')
        show('schedule', scheduler.create_schedule(Name='nightly', ScheduleExpression='rate(1 day)', FlexibleTimeWindow={'Mode': 'OFF'}, Target={'Arn': 'a', 'RoleArn': 'r', 'RetryPolicy': {'MaximumRetryAttempts': 3}})['ScheduleArn'])
        show('schedules', scheduler.list_schedules(NamePrefix='n')['Schedules'][0]['CreationDate'])
        show('secret', boto3.client('secretsmanager').get_secret_value(SecretId='s')['SecretBinary'])
        functions = boto3.client('lambda')
        answer = functions.invoke(FunctionName='arn:aws:lambda:eu-west-1:111111111111:function:f', Payload=b'{"a": 1}', Qualifier='live')
        show('invoked', [answer['StatusCode'], answer['FunctionError'], json.loads(answer['Payload'].read())])
        fails('no function', functions, lambda: functions.get_function(FunctionName='f'))
        show('log', boto3.client('logs').get_log_events(logGroupName='/aws/lambda/f', logStreamName='s')['events'][0])
        sqs = boto3.client('sqs')
        fails('no queue', sqs, lambda: sqs.get_queue_url(QueueName='q'))
        show('message', sqs.receive_message(QueueUrl='http://q')['Messages'])
        dynamo = boto3.client('dynamodb')
        e = fails('condition', dynamo, lambda: dynamo.put_item(TableName='t', Item={'pk': {'S': 'x'}}))
        show('old item', e.response['Item'])
        show('item', dynamo.get_item(TableName='t', Key={'pk': {'B': b'\x00\x01'}, 'm': {'M': {'l': {'L': [{'N': '1.5'}, {'BOOL': False}, {'NULL': True}]}}}})['Item'])
        show('key', boto3.client('kms').describe_key(KeyId='k')['KeyMetadata'])
        print(json.dumps(out))
        """;

    [Boto3Fact]
    public async Task Every_service_is_understood_by_boto3()
    {
        await using var server = new LoopbackServer(request => Task.FromResult(Answer(request)));

        var (exitCode, output, error) = Boto3.Run(Script, $"http://{server.Authority}");

        exitCode.ShouldBe(0, error);
        var seen = JsonDocument.Parse(output).RootElement;
        string Seen(string name) => seen.GetProperty(name).GetRawText();
        seen.GetProperty("snapshots")[0].GetProperty("SnapshotCreateTime").GetString().ShouldBe("2026-11-21T12:00:00.250000+00:00");
        seen.GetProperty("snapshots")[0].GetProperty("TagList").GetRawText().ShouldBe("""[{"Key": "k", "Value": "<v>"}]""");
        seen.GetProperty("snapshots")[1].GetProperty("TagList").GetRawText().ShouldBe("[]");
        Seen("gone").ShouldBe("""["DBSnapshotNotFoundFault", "DBSnapshotNotFound", "DBSnapshot gone not found.", 404]""");
        seen.GetProperty("copy").GetProperty("KmsKeyId").GetString().ShouldBe("presigned");
        seen.GetProperty("copy").GetProperty("TagList")[0].GetProperty("Value").GetString().ShouldBe("a&b ✓");
        seen.GetProperty("instances").GetProperty("DBInstanceIdentifier").GetString().ShouldBe("postgres,mysql");
        seen.GetProperty("instances").GetProperty("Endpoint").GetRawText().ShouldBe("""{"Address": "h", "Port": 1}""");
        Seen("tagged").ShouldBe($"\"{WireServer.RequestId}\"");
        Seen("group").ShouldBe("""{"GroupId": "orders/a&b/vpc-1", "Tags": [{"Key": "k", "Value": "v \u2713"}]}""");
        Seen("dry run").ShouldBe("""["ClientError", "DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412]""");
        seen.GetProperty("groups").EnumerateArray().Select(g => g.GetProperty("GroupId").GetString()).ShouldBe(["sg-2", "sg-3"]);
        seen.GetProperty("groups")[0].GetProperty("IpPermissions")[0].GetProperty("IpRanges")[0].GetProperty("CidrIp").GetString().ShouldBe("10.0.0.0/8");
        Seen("no group").ShouldBe("""["ClientError", "InvalidGroup.NotFound", "The security group 'gone' does not exist", 400]""");
        Seen("deleted").ShouldBe($"[true, \"{WireServer.RequestId}\"]");
        Seen("identity").ShouldBe("\"arn:aws:iam::111111111111:user/lab\"");
        Seen("published").ShouldBe("\"Failed\"");
        Seen("topic").ShouldBe("""{"Owner": "111111111111"}""");
        seen.GetProperty("alarms").GetProperty("StateUpdatedTimestamp").GetString().ShouldBe("2026-11-21T12:00:00.250000+00:00");
        seen.GetProperty("execution").GetProperty("startDate").GetString().ShouldBe("2026-11-21T12:00:00.250000+00:00");
        Seen("no execution").ShouldBe("""["ExecutionDoesNotExist", "ExecutionDoesNotExist", "Execution Does Not Exist: 'arn:none'", 400]""");
        Seen("history").ShouldBe("""["ExecutionStarted", "ExecutionSucceeded"]""");
        Seen("event").ShouldBe("\"{\\\"a\\\":1}\"");
        Seen("schedule").ShouldBe("\"nightly:3\"");
        Seen("schedules").ShouldStartWith("\"2026-11-21T12:00:00.250");
        Seen("secret").ShouldBe("[1, 0, 255]");
        Seen("invoked").ShouldBe("""[200, "Unhandled", {"a": 1}]""");
        Seen("no function").ShouldBe("""["ResourceNotFoundException", "ResourceNotFoundException", "Function not found", 404]""");
        Seen("log").ShouldBe("""{"timestamp": 1795000000123, "message": "/aws/lambda/f"}""");
        Seen("no queue").ShouldBe("""["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue", "The specified queue does not exist.", 400]""");
        seen.GetProperty("message")[0].GetProperty("MessageAttributes").GetRawText().ShouldBe("""{"x": {"BinaryValue": [7], "DataType": "Binary"}}""");
        Seen("condition").ShouldBe("""["ConditionalCheckFailedException", "ConditionalCheckFailedException", "The conditional request failed", 400]""");
        Seen("old item").ShouldBe("""{"pk": {"S": "old"}}""");
        Seen("item").ShouldBe("""{"pk": {"B": [0, 1]}, "m": {"M": {"l": {"L": [{"N": "1.5"}, {"BOOL": false}, {"NULL": true}]}}}}""");
        seen.GetProperty("key").GetProperty("MultiRegion").GetBoolean().ShouldBeFalse();
    }

    private static WireResponse Answer(WireRequest request)
    {
        var service = Scope().Match(request.Headers["Authorization"]).Groups["service"].Value;
        return new WireServer(service, Services[service]).Handle(request);
    }

    [GeneratedRegex("Credential=[^/]+/[0-9]+/[^/]+/(?<service>[^/]+)/aws4_request")]
    private static partial Regex Scope();
}
