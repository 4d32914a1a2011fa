using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.StepFunctions.Model;

using Dbre.Cli.Report;
using Dbre.Cli.Terminal;
using Dbre.Functions.Core.Evidence;
using Dbre.Functions.Restore;
using Dbre.Lab.Host;

namespace Dbre.Cli.Drill;

/// <summary>
/// The restore of a DynamoDB table, rehearsed: somebody deletes items at a known second, and the deployed flow restores the table to that second
/// beside the live one. The lab's DynamoDB is emulated, so this shows the flow and its functions, and not DynamoDB.
/// </summary>
internal sealed class TableDrill(LabHost lab, Progress progress, TimeProvider clock)
{
    private const string Region = "us-east-1", Account = "111111111111";
    private const string Source = "Carts", Restored = "Carts-restored", Flow = "table-restore";
    private const int Items = 500, MostInBatch = 25;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60), Look = TimeSpan.FromMilliseconds(200);

    private readonly LabClients clients = new(lab.Address);

    /// <summary>Adds the evidence of the restore to <paramref name="records"/>, also when it is not what it should be.</summary>
    /// <exception cref="DrillException">A proof did not hold.</exception>
    public async Task Run(JsonArray records, CancellationToken stop)
    {
        using var tables = clients.Tables(Region);
        await Make(tables, stop).ConfigureAwait(false);
        var second = await NextSecond(stop).ConfigureAwait(false);
        for (var item = 0; item < Items; item += 5)
        {
            await tables.DeleteItemAsync(new DeleteItemRequest { TableName = Source, Key = Key(item) }, stop).ConfigureAwait(false);
        }

        progress.Say(Wording.Invariant($"{Source}: deleted items, just after {second:HH:mm:ss}. The table is restored to that second, beside it."));
        await Restorable(tables, second, stop).ConfigureAwait(false);
        var record = await new DrillExecutions(clients, Account, Region, progress, clock).Follow(Flow, bounded => Start(second, bounded), stop, Source).ConfigureAwait(false);
        lock (records)
        {
            records.Add(record);
        }

        await Check(tables, record, stop).ConfigureAwait(false);
    }

    private async Task Make(IAmazonDynamoDB tables, CancellationToken stop)
    {
        progress.At(Source, "make and fill the table", share: null);
        await tables.CreateTableAsync(
            new CreateTableRequest { TableName = Source, BillingMode = BillingMode.PAY_PER_REQUEST, AttributeDefinitions = [new("id", ScalarAttributeType.S)], KeySchema = [new("id", KeyType.HASH)] }, stop).ConfigureAwait(false);
        await tables.UpdateContinuousBackupsAsync(
            new UpdateContinuousBackupsRequest { TableName = Source, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = true } }, stop).ConfigureAwait(false);
        foreach (var batch in Enumerable.Range(0, Items).Chunk(MostInBatch))
        {
            await tables.BatchWriteItemAsync(new BatchWriteItemRequest(new Dictionary<string, List<WriteRequest>> { [Source] = [.. batch.Select(i => new WriteRequest(new PutRequest(Item(i))))] }), stop).ConfigureAwait(false);
        }

        progress.End(Source, Wording.Invariant($"DynamoDB table in {Region} with {Wording.Count(Items)} items"), failed: false);
    }

    private async Task<DateTimeOffset> NextSecond(CancellationToken stop)
    {
        var now = clock.GetUtcNow();
        var second = now.AddTicks(TimeSpan.TicksPerSecond - (now.Ticks % TimeSpan.TicksPerSecond));
        await Task.Delay(second.AddMilliseconds(50) - now, clock, stop).ConfigureAwait(false);
        return second;
    }

    private async Task Restorable(IAmazonDynamoDB tables, DateTimeOffset second, CancellationToken stop)
    {
        var give = clock.GetUtcNow() + LongestWait;
        while (await TableReader.Find(tables, Source, stop).ConfigureAwait(false) is var source && !(source?.Latest >= second))
        {
            if (clock.GetUtcNow() > give)
            {
                throw new DrillException($"'{Source}' can be restored to {source?.Latest:HH:mm:ss}, not to {second:HH:mm:ss}, after {LongestWait.TotalSeconds:0} s.");
            }

            await Task.Delay(Look, clock, stop).ConfigureAwait(false);
        }
    }

    private async Task<string> Start(DateTimeOffset second, CancellationToken stop)
    {
        using var flows = clients.Flows(Region);
        var input = new JsonObject
        {
            ["source"] = Source, ["to"] = second.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), ["as"] = Restored, ["purpose"] = "beside",
            ["requestedBy"] = $"arn:aws:iam::{Account}:user/lab", ["expected"] = new JsonArray(new JsonObject { ["table"] = Source, ["rows"] = Items }),
        };
        var started = await flows.StartExecutionAsync(
            new StartExecutionRequest
            {
                StateMachineArn = $"arn:aws:states:{Region}:{Account}:stateMachine:{Flow}", Input = input.ToJsonString(),
                Name = $"{Flow}-{Source.ToLowerInvariant()}-{clock.GetUtcNow().UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}",
            },
            stop).ConfigureAwait(false);
        return started.ExecutionArn;
    }

    private static async Task Check(IAmazonDynamoDB tables, JsonObject record, CancellationToken stop)
    {
        var measured = record["measured"]!;
        var done = (string)record["outcome"]! == "Succeeded";
        var there = done ? (await tables.ScanAsync(new ScanRequest { TableName = Restored, Select = Select.COUNT, ConsistentRead = true }, stop).ConfigureAwait(false)).Count : 0;
        var problem = new (bool Holds, string Sentence)[]
        {
            (done, $"The restore of '{Source}' ended {record["outcome"]}: {record["reason"]}"),
            (EvidenceStore.Hash(record) == (string)record["hash"]!, "The evidence does not match its hash."),
            ((long?)measured["rowsFound"] == Items && there == Items, $"'{Restored}' has {there} items and the evidence says {measured["rowsFound"]}; there were {Items}."),
        }.FirstOrDefault(check => !check.Holds).Sentence;
        if (problem is not null)
        {
            throw new DrillException(problem);
        }
    }

    private static Dictionary<string, AttributeValue> Key(int item) => new() { ["id"] = new AttributeValue(item.ToString("D6", CultureInfo.InvariantCulture)) };

    private static Dictionary<string, AttributeValue> Item(int item)
    {
        var all = Key(item);
        all["price"] = new AttributeValue { N = $"{item}.25" };
        all["lines"] = new AttributeValue { SS = ["apples", "pears"] };
        return all;
    }
}
