using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DocumentModel;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.DynamoDb;

/// <summary>A table "ledger" (pk, sk; index "by-kind" on kind, at) behind the real client. Items are written as JSON.</summary>
internal sealed class DynamoLab : IDisposable
{
    internal const string Table = "ledger";

    private DynamoLab(EmulatedCloud cloud)
    {
        Cloud = cloud;
        Client = new AmazonDynamoDBClient(EmulatedCloud.Operator, cloud.Config<AmazonDynamoDBConfig>());
    }

    internal EmulatedCloud Cloud { get; }
    internal AmazonDynamoDBClient Client { get; }

    internal static async Task<DynamoLab> Create(params string[] items)
    {
        var lab = new DynamoLab(new EmulatedCloud().With(world => new DynamoDbService(world)));
        await lab.Client.CreateTableAsync(new CreateTableRequest
        {
            TableName = Table,
            BillingMode = BillingMode.PAY_PER_REQUEST,
            AttributeDefinitions = [new("pk", "S"), new("sk", "S"), new("kind", "S"), new("at", "N")],
            KeySchema = [new("pk", "HASH"), new("sk", "RANGE")],
            GlobalSecondaryIndexes =
            [
                new() { IndexName = "by-kind", KeySchema = [new("kind", "HASH"), new("at", "RANGE")], Projection = new() { ProjectionType = "KEYS_ONLY" } },
            ],
        });
        foreach (var item in items)
        {
            await lab.Put(item);
        }

        return lab;
    }

    internal static Dictionary<string, AttributeValue> Item(string json) => Document.FromJson(json).ToAttributeMap();

    internal static Dictionary<string, AttributeValue> Key(string pk, string sk) => new() { ["pk"] = new(pk), ["sk"] = new(sk) };

    internal static string Json(Dictionary<string, AttributeValue> item) => Document.FromAttributeMap(new(item.OrderBy(a => a.Key, StringComparer.Ordinal).ToDictionary())).ToJson();

    internal Task<PutItemResponse> Put(string item) => Client.PutItemAsync(Table, Item(item));

    internal async Task<string?> Get(string pk, string sk)
    {
        var found = await Client.GetItemAsync(Table, Key(pk, sk));
        return found.Item is { Count: > 0 } item ? Json(item) : null;
    }

    public void Dispose() => Client.Dispose();
}
