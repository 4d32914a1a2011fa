using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Services.Tests.DynamoDb;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.Conformance;

/// <summary>The same calls to our DynamoDB and to moto's: the same items, and the same error codes. moto does not say all of AWS's messages as AWS does, so these are not compared.</summary>
[Collection(nameof(Moto))]
public sealed class DynamoDbConformanceTests(Moto moto)
{
    [MotoFact]
    public async Task Calls_of_a_ledger_answer_as_moto_does()
    {
        using var lab = await DynamoLab.Create();
        using var oracle = new AmazonDynamoDBClient(EmulatedCloud.Operator, moto.Config<AmazonDynamoDBConfig>());
        await oracle.CreateTableAsync(new CreateTableRequest
        {
            TableName = DynamoLab.Table, BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("pk", "S"), new("sk", "S")], KeySchema = [new("pk", "HASH"), new("sk", "RANGE")],
        });
        foreach (var (name, call) in Calls)
        {
            var ours = await Answer(lab.Client, call);
            var theirs = await Answer(oracle, call);
            ours.ShouldBe(theirs, name);
        }
    }

    private static IEnumerable<(string Name, Func<IAmazonDynamoDB, Task<string>> Call)> Calls =>
    [
        ("put", c => Put(c, """{"pk":"a","sk":"1","n":1,"l":[1,2],"m":{"x":"y"}}""", "attribute_not_exists(pk)")),
        ("put again", c => Put(c, """{"pk":"a","sk":"1"}""", "attribute_not_exists(pk)")),
        ("reserved word", c => Put(c, """{"pk":"a","sk":"1"}""", "attribute_not_exists(status)")),
        ("key missing", c => Put(c, """{"pk":"a"}""", null)),
        ("table missing", async c => Text((await c.GetItemAsync("none", DynamoLab.Key("a", "1"))).Item)),
        ("add", c => Update(c, "SET n = n + :v, z = if_not_exists(z, :v)")),
        ("nested", c => Update(c, "SET m.k = :v REMOVE l[0]")),
        ("append", c => Update(c, "SET l[7] = :v")),
        ("nowhere", c => Update(c, "SET q.r = :v")),
        ("absent operand", c => Update(c, "SET n = absent + :v")),
        ("key", c => Update(c, "SET pk = :v")),
        ("overlap", c => Update(c, "SET m = :v, m.k = :v")),
        ("clause twice", c => Update(c, "SET n = :v SET z = :v")),
        ("unused value", c => Update(c, "REMOVE z")),
        ("undefined value", c => Update(c, "SET n = :w")),
        ("wrong type", c => Update(c, "SET n = m + :v")),
        ("add to new", c => Update(c, "ADD fresh :v")),
        ("second", c => Put(c, """{"pk":"a","sk":"2","n":5}""", null)),
        ("third", c => Put(c, """{"pk":"a","sk":"10","n":7}""", null)),
        ("query", c => Query(c, "pk = :v", true)),
        ("query backward", c => Query(c, "pk = :v", false)),
        ("query prefix", c => Query(c, "pk = :v AND begins_with(sk, :p)", true)),
        ("query above", c => Query(c, "pk = :v AND sk > :p", true)),
        ("query no key", c => Query(c, "sk = :v", true)),
        ("transaction", c => Transact(c, "n = :v", 5)),
        ("transaction refused", c => Transact(c, "n = :v", 99)),
        ("scan", async c => string.Join(";", (await c.ScanAsync(new ScanRequest(DynamoLab.Table))).Items.Select(Text).Order(StringComparer.Ordinal))),
    ];

    private static async Task<string> Answer(IAmazonDynamoDB client, Func<IAmazonDynamoDB, Task<string>> call)
    {
        try
        {
            return await call(client);
        }
        catch (AmazonDynamoDBException e)
        {
            return e is TransactionCanceledException t ? $"{e.ErrorCode}: {string.Join(",", t.CancellationReasons.Select(r => r.Code))}" : e.ErrorCode;
        }
    }

    private static async Task<string> Put(IAmazonDynamoDB client, string item, string? condition) => Text((await client.PutItemAsync(new PutItemRequest
    {
        TableName = DynamoLab.Table, Item = DynamoLab.Item(item), ConditionExpression = condition, ReturnValues = ReturnValue.ALL_OLD,
    })).Attributes);

    private static async Task<string> Update(IAmazonDynamoDB client, string expression) => Text((await client.UpdateItemAsync(new UpdateItemRequest
    {
        TableName = DynamoLab.Table, Key = DynamoLab.Key("a", "1"), UpdateExpression = expression, ReturnValues = ReturnValue.ALL_NEW,
        ExpressionAttributeValues = new() { [":v"] = new() { N = "3" } },
    })).Attributes);

    private static async Task<string> Query(IAmazonDynamoDB client, string condition, bool forward)
    {
        var values = new Dictionary<string, AttributeValue> { [":v"] = new("a"), [":p"] = new("1") };
        var answer = await client.QueryAsync(new QueryRequest
        {
            TableName = DynamoLab.Table, KeyConditionExpression = condition, ScanIndexForward = forward,
            ExpressionAttributeValues = values.Where(v => condition.Contains(v.Key, StringComparison.Ordinal)).ToDictionary(),
        });
        return string.Join(";", answer.Items.Select(Text));
    }

    private static async Task<string> Transact(IAmazonDynamoDB client, string condition, int value)
    {
        await client.TransactWriteItemsAsync(new TransactWriteItemsRequest
        {
            TransactItems =
            [
                new() { Put = new() { TableName = DynamoLab.Table, Item = DynamoLab.Item($$"""{"pk":"t","sk":"{{value}}"}""") } },
                new() { ConditionCheck = new() { TableName = DynamoLab.Table, Key = DynamoLab.Key("a", "2"), ConditionExpression = condition, ExpressionAttributeValues = new() { [":v"] = new() { N = $"{value}" } } } },
            ],
        });
        return "done";
    }

    private static string Text(Dictionary<string, AttributeValue>? item) => item is { Count: > 0 } ? DynamoLab.Json(item) : "nothing";
}
