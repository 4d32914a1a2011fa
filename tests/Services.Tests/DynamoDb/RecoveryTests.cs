using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.DynamoDb;

/// <summary>Point-in-time recovery and backups, by the rules of Amazon DynamoDB's API reference and developer guide.</summary>
public sealed class RecoveryTests
{
    private static readonly TimeSpan Restored = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(0, "one")]
    [InlineData(10, "two")]
    [InlineData(19, "two")]
    [InlineData(20, null)]
    public async Task A_table_is_restored_as_it_was_at_the_second(int second, string? word)
    {
        using var lab = await With("""{"pk":"a","sk":"1","word":"one","kind":"k","at":1}""", """{"pk":"b","sk":"1"}""");
        var begun = lab.Cloud.Clock.GetUtcNow();
        lab.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));
        await lab.Put("""{"pk":"a","sk":"1","word":"two","kind":"k","at":2}""");
        lab.Cloud.Clock.Advance(TimeSpan.FromSeconds(10));
        await lab.Client.DeleteItemAsync(DynamoLab.Table, DynamoLab.Key("a", "1"));
        lab.Cloud.Clock.Advance(TimeSpan.FromMinutes(10));

        await lab.Client.RestoreTableToPointInTimeAsync(To("back", begun.AddSeconds(second)));
        lab.Cloud.Clock.Advance(Restored);

        var items = (await lab.Client.ScanAsync(new ScanRequest { TableName = "back", ConsistentRead = true })).Items;
        items.Count.ShouldBe(word is null ? 1 : 2);
        items.Find(i => i["pk"].S == "a")?["word"].S.ShouldBe(word);
        (await lab.Client.ScanAsync(new ScanRequest { TableName = "back", IndexName = "by-kind" })).Count.ShouldBe(word is null ? 0 : 1);
    }

    [Fact]
    public async Task A_restored_table_is_being_created_first_and_has_keys_and_indexes_but_no_other_settings()
    {
        using var lab = await With("""{"pk":"a","sk":"1"}""");
        await lab.Client.TagResourceAsync(new TagResourceRequest { ResourceArn = (await Described(lab, DynamoLab.Table)).TableArn, Tags = [new() { Key = "team", Value = "orders" }] });
        await lab.Client.UpdateTimeToLiveAsync(new UpdateTimeToLiveRequest { TableName = DynamoLab.Table, TimeToLiveSpecification = new TimeToLiveSpecification { AttributeName = "until", Enabled = true } });
        await lab.Client.UpdateTableAsync(new UpdateTableRequest
        {
            TableName = DynamoLab.Table, DeletionProtectionEnabled = true, StreamSpecification = new StreamSpecification { StreamEnabled = true, StreamViewType = StreamViewType.KEYS_ONLY },
        });
        lab.Cloud.Clock.Advance(TimeSpan.FromMinutes(10));

        await lab.Client.RestoreTableToPointInTimeAsync(Latest("back"));
        var making = await Described(lab, "back");
        making.TableStatus.ShouldBe(TableStatus.CREATING);
        making.RestoreSummary.RestoreInProgress.ShouldBe(true);
        (await Should.ThrowAsync<ResourceNotFoundException>(() => lab.Client.ScanAsync(new ScanRequest("back")))).Message.ShouldBe("Requested resource not found");
        (await Should.ThrowAsync<ResourceInUseException>(() => lab.Client.DeleteTableAsync("back"))).Message.ShouldContain("is being created");
        lab.Cloud.Clock.Advance(Restored);

        var (source, made) = (await Described(lab, DynamoLab.Table), await Described(lab, "back"));
        made.TableStatus.ShouldBe(TableStatus.ACTIVE);
        made.RestoreSummary.RestoreInProgress.ShouldBe(false);
        made.RestoreSummary.SourceTableArn.ShouldBe(source.TableArn);
        made.KeySchema.Select(k => k.AttributeName).ShouldBe(["pk", "sk"]);
        made.GlobalSecondaryIndexes.ShouldHaveSingleItem().IndexName.ShouldBe("by-kind");
        source.StreamSpecification.StreamViewType.ShouldBe(StreamViewType.KEYS_ONLY);
        source.LatestStreamArn.ShouldStartWith($"{source.TableArn}/stream/");
        made.StreamSpecification.ShouldBeNull();
        (source.DeletionProtectionEnabled, made.DeletionProtectionEnabled).ShouldBe((true, false));
        (await lab.Client.ListTagsOfResourceAsync(new ListTagsOfResourceRequest { ResourceArn = source.TableArn })).Tags.ShouldHaveSingleItem().Value.ShouldBe("orders");
        (await lab.Client.ListTagsOfResourceAsync(new ListTagsOfResourceRequest { ResourceArn = made.TableArn })).Tags.ShouldBeEmpty();
        (await lab.Client.DescribeTimeToLiveAsync("back")).TimeToLiveDescription.TimeToLiveStatus.ShouldBe(TimeToLiveStatus.DISABLED);
        (await Recovery(lab, "back")).PointInTimeRecoveryStatus.ShouldBe(PointInTimeRecoveryStatus.DISABLED);
    }

    [Fact]
    public async Task The_window_begins_when_recovery_is_turned_on_ends_five_minutes_ago_and_is_as_long_as_is_asked_for()
    {
        using var lab = await DynamoLab.Create();
        (await Recovery(lab, DynamoLab.Table)).PointInTimeRecoveryStatus.ShouldBe(PointInTimeRecoveryStatus.DISABLED);
        var on = lab.Cloud.Clock.GetUtcNow().UtcDateTime;

        await TurnOn(lab, days: 2);
        lab.Cloud.Clock.Advance(TimeSpan.FromDays(1));
        var first = await Recovery(lab, DynamoLab.Table);
        lab.Cloud.Clock.Advance(TimeSpan.FromDays(2));
        var later = await Recovery(lab, DynamoLab.Table);

        (first.EarliestRestorableDateTime, first.LatestRestorableDateTime).ShouldBe((on, on.AddDays(1).AddMinutes(-5)));
        (later.EarliestRestorableDateTime, later.RecoveryPeriodInDays).ShouldBe((on.AddDays(1), 2));
    }

    [Fact]
    public async Task What_left_the_window_still_counts_at_its_begin()
    {
        using var lab = await With("""{"pk":"a","sk":"1"}""");
        await TurnOn(lab, days: 1);
        await lab.Put("""{"pk":"b","sk":"1"}""");
        lab.Cloud.Clock.Advance(TimeSpan.FromDays(3));
        await lab.Client.DeleteItemAsync(DynamoLab.Table, DynamoLab.Key("a", "1"));
        lab.Cloud.Clock.Advance(TimeSpan.FromMinutes(10));

        await lab.Client.RestoreTableToPointInTimeAsync(To("back", lab.Cloud.Clock.GetUtcNow().AddHours(-23)));
        lab.Cloud.Clock.Advance(Restored);

        (await lab.Client.ScanAsync(new ScanRequest("back"))).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Restores_that_cannot_be_are_refused_with_AWSs_own_errors()
    {
        using var lab = await DynamoLab.Create();
        await Should.ThrowAsync<PointInTimeRecoveryUnavailableException>(() => lab.Client.RestoreTableToPointInTimeAsync(Latest("back")));
        await TurnOn(lab);
        var on = lab.Cloud.Clock.GetUtcNow();
        lab.Cloud.Clock.Advance(TimeSpan.FromHours(1));

        await Should.ThrowAsync<InvalidRestoreTimeException>(() => lab.Client.RestoreTableToPointInTimeAsync(To("back", on.AddSeconds(-1))));
        await Should.ThrowAsync<InvalidRestoreTimeException>(() => lab.Client.RestoreTableToPointInTimeAsync(To("back", lab.Cloud.Clock.GetUtcNow().AddMinutes(-4))));
        await Should.ThrowAsync<TableAlreadyExistsException>(() => lab.Client.RestoreTableToPointInTimeAsync(Latest(DynamoLab.Table)));
        await Should.ThrowAsync<TableNotFoundException>(() => lab.Client.RestoreTableToPointInTimeAsync(
            new RestoreTableToPointInTimeRequest { SourceTableName = "absent", TargetTableName = "back", UseLatestRestorableTime = true }));
        await Refused(() => lab.Client.RestoreTableToPointInTimeAsync(new RestoreTableToPointInTimeRequest { SourceTableName = DynamoLab.Table, TargetTableName = "back" }), "Exactly one of RestoreDateTime");
        await Refused(() => lab.Client.RestoreTableToPointInTimeAsync(Latest("a?")), "must have 3 to 255 characters");
        await Refused(() => TurnOn(lab, days: 36), "between 1 and 35");
        (await lab.Client.ListTablesAsync()).TableNames.ShouldBe([DynamoLab.Table]);
    }

    [Fact]
    public async Task What_is_refused_changes_nothing()
    {
        using var lab = await DynamoLab.Create();
        var arn = (await Described(lab, DynamoLab.Table)).TableArn;
        var stream = new CreateTableRequest
        {
            TableName = "streamed", BillingMode = BillingMode.PAY_PER_REQUEST, AttributeDefinitions = [new("pk", "S")], KeySchema = [new("pk", "HASH")], StreamSpecification = new() { StreamEnabled = true },
        };

        await Refused(() => lab.Client.CreateTableAsync(stream), "StreamViewType is required");
        await Refused(() => lab.Client.TagResourceAsync(new TagResourceRequest { ResourceArn = arn, Tags = [.. Enumerable.Range(0, 51).Select(n => new Tag { Key = $"k{n}", Value = "" })] }), "at most 50");

        (await lab.Client.ListTablesAsync()).TableNames.ShouldBe([DynamoLab.Table]);
        (await lab.Client.ListTagsOfResourceAsync(new ListTagsOfResourceRequest { ResourceArn = arn })).Tags.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restore_needs_the_right_to_read_and_write_the_new_table()
    {
        using var lab = await With();
        const string tables = $"arn:aws:dynamodb:{EmulatedCloud.Region}:{EmulatedCloud.Account}:table/";
        using var half = new AmazonDynamoDBClient(lab.Cloud.Role("half", EmulatedCloud.Allow("dynamodb:RestoreTableToPointInTime", tables + "ledger")), lab.Cloud.Config<AmazonDynamoDBConfig>());

        (await Should.ThrowAsync<AmazonDynamoDBException>(() => half.RestoreTableToPointInTimeAsync(Latest("back")))).Message.ShouldContain("dynamodb:BatchWriteItem");
    }

    [Fact]
    public async Task A_deleted_table_that_could_be_restored_is_kept_for_35_days()
    {
        using var lab = await With("""{"pk":"a","sk":"1"}""");
        await lab.Client.DeleteTableAsync(DynamoLab.Table);
        var kept = (await Backups(lab, BackupTypeFilter.SYSTEM)).ShouldHaveSingleItem();
        (kept.BackupName, kept.TableName).ShouldBe(($"{DynamoLab.Table}$DeletedTableBackup", DynamoLab.Table));

        await lab.Client.RestoreTableFromBackupAsync(new RestoreTableFromBackupRequest { BackupArn = kept.BackupArn, TargetTableName = "back" });
        lab.Cloud.Clock.Advance(Restored);
        (await lab.Client.ScanAsync(new ScanRequest("back"))).Count.ShouldBe(1);
        await Refused(() => lab.Client.DeleteBackupAsync(new DeleteBackupRequest { BackupArn = kept.BackupArn }), "cannot be deleted");

        lab.Cloud.Clock.Advance(TimeSpan.FromDays(35));
        (await Backups(lab, BackupTypeFilter.SYSTEM)).ShouldBeEmpty();
        await Should.ThrowAsync<BackupNotFoundException>(() => lab.Client.RestoreTableFromBackupAsync(new RestoreTableFromBackupRequest { BackupArn = kept.BackupArn, TargetTableName = "again" }));
    }

    [Fact]
    public async Task A_backup_holds_what_the_table_held_when_it_was_asked_for()
    {
        using var lab = await DynamoLab.Create("""{"pk":"a","sk":"1"}""");
        var backup = (await lab.Client.CreateBackupAsync(new CreateBackupRequest { TableName = DynamoLab.Table, BackupName = "before" })).BackupDetails;
        await lab.Put("""{"pk":"b","sk":"1"}""");
        await lab.Client.CreateBackupAsync(new CreateBackupRequest { TableName = DynamoLab.Table, BackupName = "after" });

        await lab.Client.RestoreTableFromBackupAsync(new RestoreTableFromBackupRequest { BackupArn = backup.BackupArn, TargetTableName = "back" });
        lab.Cloud.Clock.Advance(Restored);

        (await lab.Client.ScanAsync(new ScanRequest("back"))).Items.ShouldHaveSingleItem()["pk"].S.ShouldBe("a");
        var page = await lab.Client.ListBackupsAsync(new ListBackupsRequest { Limit = 1 });
        page.BackupSummaries.ShouldHaveSingleItem();
        (await lab.Client.ListBackupsAsync(new ListBackupsRequest { ExclusiveStartBackupArn = page.LastEvaluatedBackupArn })).BackupSummaries.ShouldHaveSingleItem();
        await lab.Client.DeleteBackupAsync(new DeleteBackupRequest { BackupArn = backup.BackupArn });
        (await Backups(lab, BackupTypeFilter.ALL)).ShouldHaveSingleItem().BackupName.ShouldBe("after");
    }

    [Fact]
    public async Task The_segments_of_a_scan_are_the_table()
    {
        using var lab = await DynamoLab.Create([.. Enumerable.Range(0, 40).Select(n => $$"""{"pk":"p{{n}}","sk":"1"}""")]);
        var segments = new List<List<string>>();
        for (var segment = 0; segment < 3; segment++)
        {
            segments.Add([.. (await lab.Client.ScanAsync(new ScanRequest { TableName = DynamoLab.Table, Segment = segment, TotalSegments = 3 })).Items.Select(i => i["pk"].S)]);
        }

        segments.ShouldAllBe(s => s.Count > 0);
        segments.SelectMany(s => s).ShouldBeUnique();
        segments.Sum(s => s.Count).ShouldBe(40);
        await Refused(() => lab.Client.ScanAsync(new ScanRequest { TableName = DynamoLab.Table, Segment = 3, TotalSegments = 3 }), "must be less than TotalSegments");
    }

    private static async Task<DynamoLab> With(params string[] items)
    {
        var lab = await DynamoLab.Create(items);
        await TurnOn(lab);
        return lab;
    }

    private static Task TurnOn(DynamoLab lab, int? days = null) => lab.Client.UpdateContinuousBackupsAsync(new UpdateContinuousBackupsRequest
    {
        TableName = DynamoLab.Table, PointInTimeRecoverySpecification = new PointInTimeRecoverySpecification { PointInTimeRecoveryEnabled = true, RecoveryPeriodInDays = days },
    });

    private static async Task<PointInTimeRecoveryDescription> Recovery(DynamoLab lab, string table) =>
        (await lab.Client.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = table })).ContinuousBackupsDescription.PointInTimeRecoveryDescription;

    private static async Task<TableDescription> Described(DynamoLab lab, string table) => (await lab.Client.DescribeTableAsync(table)).Table;

    private static async Task<List<BackupSummary>> Backups(DynamoLab lab, BackupTypeFilter type) => (await lab.Client.ListBackupsAsync(new ListBackupsRequest { BackupType = type })).BackupSummaries ?? [];

    private static RestoreTableToPointInTimeRequest To(string target, DateTimeOffset time) => new() { SourceTableName = DynamoLab.Table, TargetTableName = target, RestoreDateTime = time.UtcDateTime };

    private static RestoreTableToPointInTimeRequest Latest(string target) => new() { SourceTableName = DynamoLab.Table, TargetTableName = target, UseLatestRestorableTime = true };

    private static async Task Refused(Func<Task> call, string message)
    {
        var refusal = await Should.ThrowAsync<AmazonServiceException>(call);
        refusal.ErrorCode.ShouldBe("ValidationException");
        refusal.Message.ShouldContain(message);
    }
}
