using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.KeyManagementService;
using Amazon.KeyManagementService.Model;
using Amazon.Runtime;
using Amazon.SecretsManager;
using Amazon.SecretsManager.Model;
using Amazon.SQS;
using Amazon.SQS.Model;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;
using AwsCompat.Server;

namespace Dbre.Aws.Tests.Wire;

public sealed class JsonTests
{
    private static readonly DateTime Noon = new(2026, 11, 21, 12, 0, 0, 250, DateTimeKind.Utc);

    [Fact]
    public async Task Execution_history_with_times_and_nested_details_arrives_as_sent()
    {
        var (client, server) = StepFunctions(_ => new GetExecutionHistoryResponse
        {
            Events =
            [
                new() { Id = 1, Timestamp = Noon, Type = HistoryEventType.ExecutionStarted, ExecutionStartedEventDetails = new() { Input = "{\"a\":1}" } },
                new() { Id = 2, PreviousEventId = 1, Timestamp = Noon.AddSeconds(1), Type = HistoryEventType.ExecutionSucceeded },
            ],
        });

        var response = await client.GetExecutionHistoryAsync(new GetExecutionHistoryRequest { ExecutionArn = "arn", ReverseOrder = true, MaxResults = 7 });

        var request = (GetExecutionHistoryRequest)server.Requests[0];
        (request.ReverseOrder, request.MaxResults).ShouldBe((true, 7));
        response.Events[0].Timestamp.ShouldBe(Noon);
        response.Events[0].Type.ShouldBe(HistoryEventType.ExecutionStarted);
        response.Events[0].ExecutionStartedEventDetails.Input.ShouldBe("{\"a\":1}");
        response.Events[1].PreviousEventId.ShouldBe(1);
        response.Events[1].ExecutionStartedEventDetails.ShouldBeNull();
    }

    [Fact]
    public async Task Empty_list_is_empty_and_absent_list_is_null()
    {
        var (client, _) = StepFunctions(request => request is ListExecutionsRequest
            ? new ListExecutionsResponse { Executions = [] } : new ListTagsForResourceResponse());

        (await client.ListExecutionsAsync(new ListExecutionsRequest { StateMachineArn = "arn" })).Executions.ShouldBeEmpty();
        (await client.ListTagsForResourceAsync(new Amazon.StepFunctions.Model.ListTagsForResourceRequest { ResourceArn = "arn" })).Tags.ShouldBeNull();
    }

    [Fact]
    public async Task Error_of_the_model_becomes_its_exception_with_its_members()
    {
        var (client, _) = StepFunctions(_ => throw new WireFailure(
            "ResourceNotFound", "Resource not found: 'arn'", details: new Dictionary<string, object?> { ["resourceName"] = "arn" }));

        var error = await Should.ThrowAsync<Amazon.StepFunctions.Model.ResourceNotFoundException>(
            () => client.ListTagsForResourceAsync(new Amazon.StepFunctions.Model.ListTagsForResourceRequest { ResourceArn = "arn" }));

        error.Message.ShouldBe("Resource not found: 'arn'");
        error.ErrorCode.ShouldBe("ResourceNotFound");
        error.ResourceName.ShouldBe("arn");
    }

    [Fact]
    public async Task Missing_required_member_is_named_as_aws_names_it()
    {
        var (client, _) = StepFunctions(_ => new StartExecutionResponse());

        var error = await Should.ThrowAsync<AmazonStepFunctionsException>(() => client.StartExecutionAsync(new StartExecutionRequest()));

        error.ErrorCode.ShouldBe("ValidationException");
        error.Message.ShouldBe("1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null");
    }

    [Fact]
    public async Task Missing_member_of_a_list_item_is_named_with_its_place()
    {
        var server = new WireServer("dynamodb", _ => new TransactWriteItemsResponse());
        var dynamo = new AmazonDynamoDBClient(WireClients.Credentials, new AmazonDynamoDBConfig().To(server));

        var error = await Should.ThrowAsync<AmazonDynamoDBException>(() => dynamo.TransactWriteItemsAsync(new TransactWriteItemsRequest
        {
            TransactItems = [new() { Delete = new() { Key = new() { ["pk"] = new("x") }, TableName = "t" } }, new() { Delete = new() { TableName = "t" } }],
        }));

        error.Message.ShouldContain("'transactItems.2.member.delete.key'");
    }

    [Theory]
    [InlineData("""{"stateMachineArn":"a","colour":"red"}""", "SerializationException", "The parameter colour is not recognized.")]
    [InlineData("""{"stateMachineArn":7}""", "SerializationException", "The value of the parameter stateMachineArn is not a string.")]
    [InlineData("""{"stateMachineArn":""", "SerializationException", "The request body is not JSON")]
    [InlineData("""[]""", "SerializationException", "The request body is not an object.")]
    public void Request_that_the_model_does_not_know_is_refused_by_name(string body, string code, string message)
    {
        var error = Should.Throw<WireFormatException>(() => Read("states", "AWSStepFunctions.StartExecution", body));

        error.Code.ShouldBe(code);
        error.Message.ShouldStartWith(message);
    }

    [Theory]
    [InlineData("AWSStepFunctions.RedriveExecution", "RedriveExecution")]
    [InlineData("DynamoDB_20120810.GetItem", "DynamoDB_20120810.GetItem")]
    public void Unknown_operation_is_named(string target, string named)
    {
        var error = Should.Throw<WireFormatException>(() => Read("states", target, "{}"));

        error.Code.ShouldBe("UnknownOperationException");
        error.Message.ShouldContain(named);
    }

    [Fact]
    public async Task Idempotency_token_is_filled_and_a_given_one_kept()
    {
        var server = new WireServer("secretsmanager", _ => new PutSecretValueResponse());
        var client = new AmazonSecretsManagerClient(WireClients.Credentials, new AmazonSecretsManagerConfig().To(server));

        await client.PutSecretValueAsync(new PutSecretValueRequest { SecretId = "s", SecretString = "1" });
        await client.PutSecretValueAsync(new PutSecretValueRequest { SecretId = "s", SecretString = "1", ClientRequestToken = "mine" });

        Guid.TryParse(((PutSecretValueRequest)server.Requests[0]).ClientRequestToken, out _).ShouldBeTrue();
        ((PutSecretValueRequest)server.Requests[1]).ClientRequestToken.ShouldBe("mine");
    }

    [Fact]
    public async Task Blobs_and_maps_of_lists_arrive_as_sent()
    {
        var server = new WireServer("secretsmanager", request => request is GetSecretValueRequest
            ? new GetSecretValueResponse { SecretBinary = new MemoryStream([1, 0, 255]), VersionStages = ["AWSCURRENT"] }
            : new DescribeSecretResponse { VersionIdsToStages = new() { ["v1"] = ["AWSCURRENT", "AWSPENDING"], ["v0"] = [] } });
        var client = new AmazonSecretsManagerClient(WireClients.Credentials, new AmazonSecretsManagerConfig().To(server));

        (await client.GetSecretValueAsync(new GetSecretValueRequest { SecretId = "s" })).SecretBinary.ToArray().ShouldBe([1, 0, 255]);
        var versions = (await client.DescribeSecretAsync(new DescribeSecretRequest { SecretId = "s" })).VersionIdsToStages;
        versions["v1"].ShouldBe(["AWSCURRENT", "AWSPENDING"]);
        versions["v0"].ShouldBeEmpty();
    }

    [Fact]
    public async Task Recursive_items_go_both_ways_with_the_official_client()
    {
        GetItemResponse stored = new();
        var server = new WireServer("dynamodb", request =>
        {
            if (request is PutItemRequest put)
            {
                stored.Item = put.Item;
                return new PutItemResponse();
            }

            return stored;
        });
        var client = new AmazonDynamoDBClient(WireClients.Credentials, new AmazonDynamoDBConfig().To(server));

        await client.PutItemAsync(new PutItemRequest
        {
            TableName = "ledger",
            Item = new()
            {
                ["pk"] = new("run#1"),
                ["n"] = new() { N = "12345678901234567890.5" },
                ["flag"] = new() { BOOL = false },
                ["none"] = new() { NULL = true },
                ["blob"] = new() { B = new MemoryStream([9, 8]) },
                ["set"] = new() { SS = ["a", "b"] },
                ["list"] = new() { L = [new() { M = new() { ["deep"] = new() { L = [] } } }] },
            },
            ConditionExpression = "attribute_not_exists(pk)",
            ReturnValues = ReturnValue.ALL_OLD,
        });
        var item = (await client.GetItemAsync(new GetItemRequest { TableName = "ledger", Key = new() { ["pk"] = new("run#1") } })).Item;

        var request = (PutItemRequest)server.Requests[0];
        request.ReturnValues.ShouldBe(ReturnValue.ALL_OLD);
        request.Item["flag"].BOOL.ShouldBe(false);
        request.Item["flag"].S.ShouldBeNull();
        item["n"].N.ShouldBe("12345678901234567890.5");
        item["none"].NULL.ShouldBe(true);
        item["blob"].B.ToArray().ShouldBe([9, 8]);
        item["set"].SS.ShouldBe(["a", "b"]);
        item["list"].L[0].M["deep"].L.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cancelled_transaction_tells_its_reasons()
    {
        var server = new WireServer("dynamodb", _ => throw new WireFailure("TransactionCanceledException", "Transaction cancelled", details: new Dictionary<string, object?>
        {
            ["CancellationReasons"] = new List<CancellationReason> { new() { Code = "None" }, new() { Code = "ConditionalCheckFailed", Message = "The conditional request failed" } },
        }));
        var client = new AmazonDynamoDBClient(WireClients.Credentials, new AmazonDynamoDBConfig().To(server));

        var error = await Should.ThrowAsync<TransactionCanceledException>(() => client.TransactWriteItemsAsync(new TransactWriteItemsRequest { TransactItems = [] }));

        error.CancellationReasons.Select(r => r.Code).ShouldBe(["None", "ConditionalCheckFailed"]);
    }

    [Fact]
    public async Task Official_kms_client_reads_what_we_write()
    {
        var server = new WireServer("kms", _ => new DescribeKeyResponse { KeyMetadata = new() { KeyId = "k", CreationDate = Noon, KeyState = KeyState.Disabled, Enabled = false } });
        var client = new AmazonKeyManagementServiceClient(WireClients.Credentials, new AmazonKeyManagementServiceConfig().To(server));

        var key = (await client.DescribeKeyAsync(new DescribeKeyRequest { KeyId = "alias/dbre" })).KeyMetadata;

        key.KeyState.ShouldBe(KeyState.Disabled);
        key.Enabled.ShouldBe(false);
        key.CreationDate!.Value.ToUniversalTime().ShouldBe(Noon);
    }

    [Fact]
    public async Task Service_that_left_the_query_protocol_names_the_old_error_code_too()
    {
        var server = new WireServer("sqs", _ => throw new WireFailure("QueueDoesNotExist", "The specified queue does not exist."));
        var client = new AmazonSQSClient(WireClients.Credentials, new AmazonSQSConfig().To(server));

        await Should.ThrowAsync<QueueDoesNotExistException>(() => client.GetQueueUrlAsync(new GetQueueUrlRequest { QueueName = "q" }));
    }

    private static (AmazonStepFunctionsClient Client, WireServer Server) StepFunctions(Func<AmazonWebServiceRequest, AmazonWebServiceResponse> answer)
    {
        var server = new WireServer("states", answer);
        return (new AmazonStepFunctionsClient(WireClients.Credentials, new AmazonStepFunctionsConfig().To(server)), server);
    }

    private static AmazonWebServiceRequest Read(string service, string target, string body)
    {
        var wire = ServiceWires.All[service];
        var request = new WireRequest(
            "POST", "/", "", new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["x-amz-target"] = target }, Encoding.UTF8.GetBytes(body));
        return wire.ReadRequest(wire.ReadOperation(request), request);
    }
}
