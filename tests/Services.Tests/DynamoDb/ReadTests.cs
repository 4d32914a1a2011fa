using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Services.Tests.DynamoDb;

public sealed class ReadTests
{
    private static readonly string[] Runs =
    [
        """{"pk":"run","sk":"2026-01","kind":"ok","at":3}""", """{"pk":"run","sk":"2026-02","kind":"bad","at":1}""",
        """{"pk":"run","sk":"2027-01","kind":"ok","at":2}""", """{"pk":"run","sk":"2027-02","other":1}""",
        """{"pk":"lock","sk":"2026-01","kind":"ok","at":9}""",
    ];

    [Theory]
    [InlineData("pk = :p", null, null, "2026-01,2026-02,2027-01,2027-02")]
    [InlineData("pk = :p AND sk = :a", "2026-02", null, "2026-02")]
    [InlineData("pk = :p AND sk > :a", "2026-02", null, "2027-01,2027-02")]
    [InlineData("pk = :p AND sk >= :a", "2026-02", null, "2026-02,2027-01,2027-02")]
    [InlineData("pk = :p AND sk < :a", "2026-02", null, "2026-01")]
    [InlineData("pk = :p AND sk <= :a", "2026-02", null, "2026-01,2026-02")]
    [InlineData("pk = :p AND begins_with(sk, :a)", "2026", null, "2026-01,2026-02")]
    [InlineData("begins_with(sk, :a) AND pk = :p", "2027-02", null, "2027-02")]
    [InlineData("pk = :p AND sk BETWEEN :a AND :b", "2026-02", "2027-01", "2026-02,2027-01")]
    [InlineData("pk = :p AND begins_with(sk, :a)", "2028", null, "")]
    public async Task Query_finds_its_range_in_order_both_ways(string condition, string? a, string? b, string expected)
    {
        using var lab = await DynamoLab.Create(Runs);
        var values = new Dictionary<string, AttributeValue> { [":p"] = new("run") };
        if (a is not null) { values[":a"] = new(a); }
        if (b is not null) { values[":b"] = new(b); }

        var forward = await Keys(lab, condition, values, true);
        var backward = await Keys(lab, condition, values, false);

        string.Join(",", forward).ShouldBe(expected);
        backward.ShouldBe(forward.Reverse());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Query_in_pages_sees_every_item_once(bool forward)
    {
        using var lab = await DynamoLab.Create([.. Enumerable.Range(0, 23).Select(i => $$"""{"pk":"run","sk":"{{i:D3}}"}"""), Runs[4]]);
        var seen = new List<string>();
        Dictionary<string, AttributeValue>? from = null;
        do
        {
            var page = await lab.Client.QueryAsync(new QueryRequest
            {
                TableName = DynamoLab.Table, KeyConditionExpression = "pk = :p", ExpressionAttributeValues = new() { [":p"] = new("run") },
                Limit = 5, ExclusiveStartKey = from, ScanIndexForward = forward,
            });
            seen.AddRange(page.Items.Select(i => i["sk"].S));
            from = page.LastEvaluatedKey;
        }
        while (from is { Count: > 0 });

        seen.ShouldBe(forward ? Enumerable.Range(0, 23).Select(i => $"{i:D3}") : Enumerable.Range(0, 23).Reverse().Select(i => $"{i:D3}"));
    }

    [Fact]
    public async Task Scan_in_pages_sees_every_item_once()
    {
        using var lab = await DynamoLab.Create([.. Enumerable.Range(0, 17).Select(i => $$"""{"pk":"p{{i % 4}}","sk":"{{i:D3}}"}""")]);
        var seen = new List<string>();
        await foreach (var page in lab.Client.Paginators.Scan(new ScanRequest { TableName = DynamoLab.Table, Limit = 3 }).Responses)
        {
            seen.AddRange(page.Items.Select(i => i["sk"].S));
        }

        seen.Order().ShouldBe(Enumerable.Range(0, 17).Select(i => $"{i:D3}"));
    }

    [Fact]
    public async Task Query_stops_at_one_megabyte()
    {
        using var lab = await DynamoLab.Create([.. Enumerable.Range(0, 4).Select(i => $$"""{"pk":"run","sk":"{{i}}","load":"{{new string('x', 390_000)}}"}""")]);

        var page = await lab.Client.QueryAsync(new QueryRequest
        {
            TableName = DynamoLab.Table, KeyConditionExpression = "pk = :p", ExpressionAttributeValues = new() { [":p"] = new("run") },
        });

        page.Items.Count.ShouldBe(3);
        page.LastEvaluatedKey["sk"].S.ShouldBe("2");
    }

    [Fact]
    public async Task Query_on_the_index_follows_every_change_of_the_table()
    {
        using var lab = await DynamoLab.Create(Runs);
        (await ByKind(lab, "ok")).ShouldBe(["2027-01", "2026-01", "2026-01"]);

        await lab.Client.DeleteItemAsync(DynamoLab.Table, DynamoLab.Key("lock", "2026-01"));
        await lab.Put("""{"pk":"run","sk":"2026-02","kind":"ok","at":-1}""");
        await lab.Put("""{"pk":"run","sk":"2027-01"}""");

        (await ByKind(lab, "ok")).ShouldBe(["2026-02", "2026-01"]);
        (await ByKind(lab, "bad")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("sk = :p", "Query condition missed key schema element: pk")]
    [InlineData("pk > :p", "Query key condition not supported")]
    [InlineData("pk = :p OR sk = :p", "Invalid KeyConditionExpression: Invalid operator used in KeyConditionExpression: OR")]
    [InlineData("pk = :p AND kind = :p", "Query condition missed key schema element: sk")]
    [InlineData("pk = :p AND sk > :p AND sk < :p", "Invalid KeyConditionExpression: KeyConditionExpressions must only contain one condition per key")]
    public async Task Query_condition_on_anything_but_one_range_is_refused(string condition, string message)
    {
        using var lab = await DynamoLab.Create();

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => Keys(lab, condition, new() { [":p"] = new("run") }, true))).Message.ShouldBe(message);
    }

    [Fact]
    public async Task GetItem_answers_only_what_the_projection_names()
    {
        using var lab = await DynamoLab.Create("""{"pk":"a","sk":"1","map":{"x":1,"y":2},"list":[1,2,3],"rest":0}""");

        var found = await lab.Client.GetItemAsync(new GetItemRequest
        {
            TableName = DynamoLab.Table, Key = DynamoLab.Key("a", "1"), ProjectionExpression = "#m.y, #l[2], #l[0], absent",
            ExpressionAttributeNames = new() { ["#m"] = "map", ["#l"] = "list" },
        });

        DynamoLab.Json(found.Item).ShouldBe("""{"list":[1,3],"map":{"y":2}}""");
    }

    [Theory]
    [InlineData("pk", null, "The provided key element does not match the schema")]
    [InlineData("pk", "", "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: sk")]
    public async Task GetItem_with_a_key_that_is_none_is_refused(string pk, string? sk, string message)
    {
        using var lab = await DynamoLab.Create();
        var key = new Dictionary<string, AttributeValue> { ["pk"] = new(pk) };
        if (sk is not null) { key["sk"] = new(sk); }

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => lab.Client.GetItemAsync(DynamoLab.Table, key))).Message.ShouldBe(message);
    }

    [Fact]
    public async Task GetItem_keeps_every_type_of_value()
    {
        using var lab = await DynamoLab.Create();
        var item = new Dictionary<string, AttributeValue>(DynamoLab.Key("a", "1"))
        {
            ["b"] = new() { B = new MemoryStream([1, 2]) }, ["bs"] = new() { BS = [new MemoryStream([3])] }, ["ns"] = new() { NS = ["2", "10"] },
            ["empty list"] = new() { L = [], IsLSet = true }, ["empty map"] = new() { M = [], IsMSet = true }, ["null"] = new() { NULL = true }, ["no"] = new() { BOOL = false }, ["none"] = new() { S = "" },
        };
        await lab.Client.PutItemAsync(DynamoLab.Table, item);

        var found = (await lab.Client.GetItemAsync(DynamoLab.Table, DynamoLab.Key("a", "1"))).Item;

        found["b"].B.ToArray().ShouldBe(new byte[] { 1, 2 });
        found["bs"].BS.ShouldHaveSingleItem().ToArray().ShouldBe(new byte[] { 3 });
        found["ns"].NS.ShouldBe(["2", "10"]);
        found["empty list"].IsLSet.ShouldBeTrue();
        found["empty map"].IsMSet.ShouldBeTrue();
        found["null"].NULL.ShouldBe(true);
        found["no"].BOOL.ShouldBe(false);
        found["none"].S.ShouldBe("");
    }

    private static async Task<IReadOnlyList<string>> Keys(DynamoLab lab, string condition, Dictionary<string, AttributeValue> values, bool forward) =>
        [.. (await lab.Client.QueryAsync(new QueryRequest
        {
            TableName = DynamoLab.Table, KeyConditionExpression = condition, ExpressionAttributeValues = values, ScanIndexForward = forward,
        })).Items.Select(i => i["sk"].S)];

    private static async Task<IReadOnlyList<string>> ByKind(DynamoLab lab, string kind) =>
        [.. (await lab.Client.QueryAsync(new QueryRequest
        {
            TableName = DynamoLab.Table, IndexName = "by-kind", KeyConditionExpression = "kind = :k", ExpressionAttributeValues = new() { [":k"] = new(kind) },
        })).Items.Select(i => i["sk"].S)];
}
