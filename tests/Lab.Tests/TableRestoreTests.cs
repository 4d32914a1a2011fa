using Amazon.DynamoDBv2.Model;

using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>A DynamoDB table restored by the deployed functions in their own processes: beside the live one, and for a drill.</summary>
public sealed class TableRestoreTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    private const string Orders = "Orders";
    private const int Items = 300;

    [Fact]
    public async Task A_table_is_restored_to_the_second_before_its_items_were_deleted()
    {
        var lab = fixture.Lab;
        using var tables = lab.Tables();
        await lab.Table(Orders);
        for (var id = 0; id < Items; id++)
        {
            await tables.PutItemAsync(new PutItemRequest { TableName = Orders, Item = Item(id) });
        }

        var whole = await NightLab.NextSecond();
        for (var id = 0; id < Items; id += 3)
        {
            await tables.DeleteItemAsync(Orders, new() { ["id"] = new($"{id}") });
        }

        await lab.Restorable(Orders, whole);
        var beside = await lab.RestoreTable(Orders, whole, "Orders-restored", "beside", Items);
        var drill = await lab.RestoreTable(Orders, whole, "dbre-drill-Orders", "drill", Items);

        ((string)beside["reason"]!).ShouldBe($"Table 'Orders' is restored as 'Orders-restored'. 1 table with {Items} rows is as it was written down.");
        ((string)drill["reason"]!).ShouldBe($"Table 'Orders' could be restored. 1 table with {Items} rows is as it was written down.");
        ((string)beside["restore"]!["checksum"]!).ShouldBe((string)drill["restore"]!["checksum"]!);
        ((double)beside["measured"]!["rtoSeconds"]!).ShouldBeGreaterThan(0);
        (await tables.ListTablesAsync()).TableNames.Where(name => name.Contains(Orders, StringComparison.Ordinal)).ShouldBe([Orders, "Orders-restored"]);
        (await tables.ScanAsync(new ScanRequest("Orders-restored"))).Count.ShouldBe(Items);
        (await tables.ScanAsync(new ScanRequest(Orders))).Count.ShouldBe(Items - (Items / 3));
        lab.Denials.ShouldBeEmpty();
    }

    private static Dictionary<string, AttributeValue> Item(int id) => new() { ["id"] = new($"{id}"), ["price"] = new() { N = $"{id}.25" }, ["lines"] = new() { L = [new("a"), new($"b{id}")] } };
}
