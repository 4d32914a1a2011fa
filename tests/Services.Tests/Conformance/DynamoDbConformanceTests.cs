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

    [MotoFact]
    public async Task Recovery_and_backups_answer_as_moto_does_or_the_difference_is_known()
    {
        using var lab = await DynamoLab.Create("""{"pk":"a","sk":"1"}""");
        using var oracle = new AmazonDynamoDBClient(EmulatedCloud.Operator, moto.Config<AmazonDynamoDBConfig>());
        var made = new CreateTableRequest { TableName = Source, BillingMode = BillingMode.PAY_PER_REQUEST, AttributeDefinitions = [new("pk", "S")], KeySchema = [new("pk", "HASH")] };
        await lab.Client.CreateTableAsync(made);
        await oracle.CreateTableAsync(made);
        var found = new List<string>();
        foreach (var (name, call) in Recoveries)
        {
            var ours = await Answer(lab.Client, call);
            // Here a restore takes its time.
            lab.Cloud.Clock.Advance(TimeSpan.FromHours(1));
            var theirs = await Answer(oracle, call);
            if (ours != theirs)
            {
                found.Add($"{name}: {ours}, moto {theirs}");
            }
        }

        lab.Cloud.Faults.ShouldBeEmpty();
        found.ShouldBe(Known.Select(k => k.Difference), ignoreOrder: true);
    }

    private const string Source = "orders";

    /// <summary>What differs, and what AWS documents of it (Amazon DynamoDB API Reference).</summary>
    private static IEnumerable<(string Documented, string Difference)> Known =>
    [
        ("Point-in-time recovery has not yet been enabled for the source: PointInTimeRecoveryUnavailableException.", "restore while off: PointInTimeRecoveryUnavailableException, moto orders"),
        ("A source that does not exist: TableNotFoundException, which is the only such error of the operation.", "restore missing: TableNotFoundException, moto SourceTableNotFoundException"),
        ("TagResource answers with an empty body; moto's carries the CRC of another.", "tag: tagged, moto a wrong CRC"),
        ("UpdateTable refuses a stream for a table that has one with a ValidationException (StreamSpecification).", "stream again: ValidationException, moto ResourceInUseException"),
    ];

    private static IEnumerable<(string Name, Func<IAmazonDynamoDB, Task<string>> Call)> Recoveries =>
    [
        ("off", async c => (await Window(c)).PointInTimeRecoveryStatus.Value),
        ("restore while off", c => Restore(c, "restored-0")),
        ("of a missing table", async c => (await c.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = "none" })).ContinuousBackupsDescription.ContinuousBackupsStatus.Value),
        ("put", async c => { await c.PutItemAsync(Source, new() { ["pk"] = new("a") }); return "put"; }),
        ("backup", async c => (await c.CreateBackupAsync(new CreateBackupRequest { TableName = Source, BackupName = "first" })).BackupDetails.BackupType.Value),
        ("backup of a missing table", async c => (await c.CreateBackupAsync(new CreateBackupRequest { TableName = "none", BackupName = "first" })).BackupDetails.BackupType.Value),
        ("backups", async c => string.Join(",", (await c.ListBackupsAsync(new ListBackupsRequest { TableName = Source })).BackupSummaries.Select(b => $"{b.BackupName} {b.BackupStatus} {b.TableName}"))),
        ("restore backup", async c => (await c.RestoreTableFromBackupAsync(new RestoreTableFromBackupRequest { BackupArn = await Backup(c), TargetTableName = "restored-1" })).TableDescription.RestoreSummary.SourceTableArn.Split('/')[1]),
        ("restored backup", async c => string.Join(",", (await c.ScanAsync(new ScanRequest("restored-1"))).Items.Select(Text))),
        ("restore backup again", async c => (await c.RestoreTableFromBackupAsync(new RestoreTableFromBackupRequest { BackupArn = await Backup(c), TargetTableName = "restored-1" })).TableDescription.TableName),
        ("restore missing backup", async c => (await c.RestoreTableFromBackupAsync(new RestoreTableFromBackupRequest { BackupArn = (await Backup(c))[..^3] + "xyz", TargetTableName = "restored-2" })).TableDescription.TableName),
        ("delete backup", async c => (await c.DeleteBackupAsync(new DeleteBackupRequest { BackupArn = await Backup(c) })).BackupDescription.BackupDetails.BackupName),
        ("turn on", async c => (await c.UpdateContinuousBackupsAsync(new UpdateContinuousBackupsRequest { TableName = Source, PointInTimeRecoverySpecification = new() { PointInTimeRecoveryEnabled = true } }))
            .ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus.Value),
        ("on", async c => $"{(await Window(c)).PointInTimeRecoveryStatus.Value} {(await Window(c)).EarliestRestorableDateTime is not null} {(await Window(c)).LatestRestorableDateTime is not null}"),
        ("restore", c => Restore(c, "restored-3")),
        ("restored", async c => string.Join(",", (await c.ScanAsync(new ScanRequest("restored-3"))).Items.Select(Text))),
        ("restore again", c => Restore(c, "restored-3")),
        ("restore missing", async c => (await c.RestoreTableToPointInTimeAsync(new RestoreTableToPointInTimeRequest { SourceTableName = "none", TargetTableName = "restored-4", UseLatestRestorableTime = true })).TableDescription.TableName),
        ("tag", async c => { await c.TagResourceAsync(new TagResourceRequest { ResourceArn = await Arn(c), Tags = [new() { Key = "k", Value = "v" }] }); return "tagged"; }),
        ("tags", async c => string.Join(",", (await c.ListTagsOfResourceAsync(new ListTagsOfResourceRequest { ResourceArn = await Arn(c) })).Tags.Select(t => $"{t.Key}={t.Value}"))),
        ("stream", async c => (await c.UpdateTableAsync(new UpdateTableRequest { TableName = Source, StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.KEYS_ONLY } })).TableDescription.StreamSpecification.StreamViewType.Value),
        ("stream again", async c => (await c.UpdateTableAsync(new UpdateTableRequest { TableName = Source, StreamSpecification = new() { StreamEnabled = true, StreamViewType = StreamViewType.KEYS_ONLY } })).TableDescription.TableName),
        ("protect", async c => $"{(await c.UpdateTableAsync(new UpdateTableRequest { TableName = Source, DeletionProtectionEnabled = true })).TableDescription.DeletionProtectionEnabled}"),
        ("delete protected", async c => (await c.DeleteTableAsync(Source)).TableDescription.TableName),
    ];

    private static async Task<PointInTimeRecoveryDescription> Window(IAmazonDynamoDB client) =>
        (await client.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = Source })).ContinuousBackupsDescription.PointInTimeRecoveryDescription;

    private static async Task<string> Restore(IAmazonDynamoDB client, string target) =>
        (await client.RestoreTableToPointInTimeAsync(new RestoreTableToPointInTimeRequest { SourceTableName = Source, TargetTableName = target, UseLatestRestorableTime = true })).TableDescription.RestoreSummary.SourceTableArn.Split('/')[1];

    private static async Task<string> Backup(IAmazonDynamoDB client) => (await client.ListBackupsAsync(new ListBackupsRequest { TableName = Source })).BackupSummaries[0].BackupArn;

    private static async Task<string> Arn(IAmazonDynamoDB client) => (await client.DescribeTableAsync(Source)).Table.TableArn;

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
        catch (IOException crc) when (crc.Message.StartsWith("CRC", StringComparison.Ordinal))
        {
            return "a wrong CRC";
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
