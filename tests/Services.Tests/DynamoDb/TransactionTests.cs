using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Services.Tests.DynamoDb;

public sealed class TransactionTests
{
    [Fact]
    public async Task TransactWriteItems_does_all_or_nothing_and_says_which_failed()
    {
        using var lab = await DynamoLab.Create("""{"pk":"lock","sk":"db","fence":7}""");

        var refusal = await Should.ThrowAsync<TransactionCanceledException>(() => lab.Client.TransactWriteItemsAsync(new TransactWriteItemsRequest
        {
            TransactItems = [Put("""{"pk":"run","sk":"1"}"""), Check("fence = :f", "6")],
        }));

        refusal.Message.ShouldBe("Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]");
        refusal.CancellationReasons.Select(r => r.Code).ShouldBe(["None", "ConditionalCheckFailed"]);
        refusal.CancellationReasons[1].Item["fence"].N.ShouldBe("7");
        (await lab.Get("run", "1")).ShouldBeNull();

        await lab.Client.TransactWriteItemsAsync(new TransactWriteItemsRequest { TransactItems = [Put("""{"pk":"run","sk":"1"}"""), Check("fence = :f", "7")] });
        (await lab.Get("run", "1")).ShouldNotBeNull();
    }

    [Fact]
    public async Task TransactWriteItems_with_the_same_token_is_done_once()
    {
        using var lab = await DynamoLab.Create("""{"pk":"n","sk":"1","n":0}""");
        var request = new TransactWriteItemsRequest { ClientRequestToken = "token", TransactItems = [Increase("1")] };

        await lab.Client.TransactWriteItemsAsync(request);
        await lab.Client.TransactWriteItemsAsync(request);
        (await lab.Get("n", "1")).ShouldBe("""{"n":1,"pk":"n","sk":"1"}""");

        (await Should.ThrowAsync<IdempotentParameterMismatchException>(() => lab.Client.TransactWriteItemsAsync(
            new TransactWriteItemsRequest { ClientRequestToken = "token", TransactItems = [Increase("2")] }))).ShouldNotBeNull();
        lab.Cloud.Clock.Advance(TimeSpan.FromMinutes(11));
        await lab.Client.TransactWriteItemsAsync(request);
        (await lab.Get("n", "1")).ShouldBe("""{"n":2,"pk":"n","sk":"1"}""");
    }

    [Fact]
    public async Task TransactWriteItems_on_one_item_twice_is_refused()
    {
        using var lab = await DynamoLab.Create();

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => lab.Client.TransactWriteItemsAsync(new TransactWriteItemsRequest
        {
            TransactItems = [Put("""{"pk":"a","sk":"1"}"""), Put("""{"pk":"a","sk":"1"}""")],
        }))).Message.ShouldBe("Transaction request cannot include multiple operations on one item");
    }

    [Fact]
    public async Task Batches_write_and_read_many_items()
    {
        using var lab = await DynamoLab.Create("""{"pk":"old","sk":"1"}""");

        await lab.Client.BatchWriteItemAsync(new BatchWriteItemRequest(new()
        {
            [DynamoLab.Table] =
            [
                .. Enumerable.Range(0, 20).Select(i => new WriteRequest(new PutRequest(DynamoLab.Key("new", $"{i}")))),
                new WriteRequest(new DeleteRequest(DynamoLab.Key("old", "1"))),
            ],
        }));
        var read = await lab.Client.BatchGetItemAsync(new BatchGetItemRequest(new Dictionary<string, KeysAndAttributes>
        {
            [DynamoLab.Table] = new() { Keys = [DynamoLab.Key("new", "3"), DynamoLab.Key("old", "1"), DynamoLab.Key("new", "19")] },
        }));

        read.Responses[DynamoLab.Table].Select(i => i["sk"].S).ShouldBe(["3", "19"]);
    }

    [Fact]
    public async Task PutItem_over_400_KB_is_refused()
    {
        using var lab = await DynamoLab.Create();

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => lab.Put($$"""{"pk":"a","sk":"1","load":"{{new string('x', 409_600)}}"}""")))
            .Message.ShouldBe("Item size has exceeded the maximum allowed size");
    }

    [Fact]
    public async Task Table_that_is_not_there_or_is_there_already_is_said_so()
    {
        using var lab = await DynamoLab.Create();

        (await Should.ThrowAsync<ResourceNotFoundException>(() => lab.Client.GetItemAsync("nothing", DynamoLab.Key("a", "1")))).Message.ShouldBe("Requested resource not found");
        (await lab.Client.ListTablesAsync()).TableNames.ShouldBe([DynamoLab.Table]);
        (await lab.Client.DescribeTableAsync(DynamoLab.Table)).Table.TableStatus.ShouldBe(TableStatus.ACTIVE);
        await lab.Client.DeleteTableAsync(DynamoLab.Table);
        (await Should.ThrowAsync<ResourceNotFoundException>(() => lab.Client.DescribeTableAsync(DynamoLab.Table))).Message.ShouldBe("Requested resource not found: Table: ledger not found");
    }

    private static TransactWriteItem Put(string item) => new() { Put = new() { TableName = DynamoLab.Table, Item = DynamoLab.Item(item) } };

    private static TransactWriteItem Check(string condition, string fence) => new()
    {
        ConditionCheck = new()
        {
            TableName = DynamoLab.Table, Key = DynamoLab.Key("lock", "db"), ConditionExpression = condition,
            ExpressionAttributeValues = new() { [":f"] = new() { N = fence } }, ReturnValuesOnConditionCheckFailure = "ALL_OLD",
        },
    };

    private static TransactWriteItem Increase(string by) => new()
    {
        Update = new()
        {
            TableName = DynamoLab.Table, Key = DynamoLab.Key("n", "1"), UpdateExpression = "SET n = n + :by", ExpressionAttributeValues = new() { [":by"] = new() { N = by } },
        },
    };
}
