using System.Buffers;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

using Dbre.Functions.Core.Proof;
using Dbre.Functions.Restore;

namespace Dbre.Functions.Tests.Restore;

/// <summary>What the proof of a restored table sees, and what it does not go by.</summary>
public sealed class TableProofTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private static readonly TableRestorePlan Plan = new(
        "Orders", "arn:orders", null, null, "Orders-restored", RestorePurpose.Beside, "arn:me", "2026-11-21T11:00:00Z",
        new TableSettings("until", "KEYS_ONLY", 7, true, new Dictionary<string, string>(), ["the key (id HASH)", "the index by-state (state HASH, ALL)"], []), [new ExpectedTable("Orders", 2, "ab")]);

    private static readonly TableDescription Found = new()
    {
        TableName = "Orders-restored", KeySchema = [new("id", "HASH")],
        GlobalSecondaryIndexes = [new() { IndexName = "by-state", KeySchema = [new("state", "HASH")], Projection = new() { ProjectionType = ProjectionType.ALL } }],
    };

    [Fact]
    public void The_order_of_attributes_and_of_sets_is_no_difference() =>
        Hash(new() { ["id"] = new("1"), ["tags"] = new() { SS = ["a", "b"] } }).ShouldBe(Hash(new() { ["tags"] = new() { SS = ["b", "a"] }, ["id"] = new("1") }));

    [Fact]
    public void Every_value_counts_with_its_type_and_place()
    {
        Dictionary<string, AttributeValue>[] items =
        [
            new() { ["id"] = new("1") }, new() { ["id"] = new() { N = "1" } }, new() { ["id"] = new() { SS = ["1"] } }, new() { ["id"] = new() { NS = ["1"] } }, new() { ["id"] = new() { L = [new("1")] } },
            new() { ["id"] = new() { B = new MemoryStream([1]) } }, new() { ["id"] = new() { BS = [new MemoryStream([1])] } }, new() { ["id"] = new() { BOOL = true } }, new() { ["id"] = new() { BOOL = false } },
            new() { ["id"] = new() { NULL = true } }, new() { ["id"] = new() { M = new() { ["a"] = new("1") } } }, new() { ["id"] = new() { M = [] } }, new() { ["id"] = new() { L = [new("1"), new("2")] } },
            new() { ["id"] = new() { L = [new("2"), new("1")] } }, new() { ["id"] = new("1"), ["more"] = new("") }, new() { ["is"] = new("1") },
        ];

        items.Select(Hash).ShouldBeUnique();
    }

    [Theory]
    [InlineData(2, "ab", true, "1 table with 2 rows is as it was written down.")]
    [InlineData(1, "ab", false, "The restored database differs from what was written down: Orders has 1 row; 2 were expected.")]
    [InlineData(2, "cd", false, "The restored database differs from what was written down: Orders has its 2 rows, but their checksum differs.")]
    public void Items_are_compared_with_what_was_written_down(long items, string checksum, bool proven, string reason)
    {
        var proof = ProveTable.Proof(Plan, Found, new TableMeasurement("Orders", items, checksum), Now);

        (proof.Proven, proof.Reason).ShouldBe((proven, reason));
    }

    [Fact]
    public void A_table_without_an_index_of_its_source_is_not_proven()
    {
        var proof = ProveTable.Proof(Plan, new TableDescription { TableName = "Orders-restored", KeySchema = Found.KeySchema }, new TableMeasurement("Orders", 2, "ab"), Now);

        (proof.Proven, proof.Reason).ShouldBe((false, "'Orders-restored' lacks the index by-state (state HASH, ALL) of 'Orders'."));
    }

    [Fact]
    public void Settings_are_changed_one_after_the_other_until_they_are_the_sources()
    {
        var found = new TableDescription();
        var (recovery, live) = (new PointInTimeRecoveryDescription { PointInTimeRecoveryStatus = PointInTimeRecoveryStatus.DISABLED }, new TimeToLiveDescription());

        TableConfiguration.Next(Plan, found, recovery, live).ShouldBe(TableChange.Recovery);
        recovery = new PointInTimeRecoveryDescription { PointInTimeRecoveryStatus = PointInTimeRecoveryStatus.ENABLED, RecoveryPeriodInDays = 35 };
        TableConfiguration.Next(Plan, found, recovery, live).ShouldBe(TableChange.Recovery, "another period");
        recovery.RecoveryPeriodInDays = 7;
        TableConfiguration.Next(Plan, found, recovery, live).ShouldBe(TableChange.TimeToLive);
        live.AttributeName = "until";
        TableConfiguration.Next(Plan, found, recovery, live).ShouldBe(TableChange.StreamAndProtection);
        found.DeletionProtectionEnabled = true;
        TableConfiguration.Next(Plan, found, recovery, live).ShouldBe(TableChange.StreamAndProtection);
        found.StreamSpecification = new StreamSpecification { StreamEnabled = true };
        TableConfiguration.Next(Plan, found, recovery, live).ShouldBe(TableChange.Nothing);
        TableConfiguration.Next(Plan with { Purpose = RestorePurpose.Drill }, new TableDescription(), null, null).ShouldBe(TableChange.Nothing, "a drill's table is removed");
    }

    [Theory]
    [InlineData("op", "arn:other", 0, true)]
    [InlineData("another", "arn:orders", 5, false)]
    [InlineData(null, "arn:orders", 5, true)]
    [InlineData(null, "arn:orders", -5, false)]
    [InlineData(null, "arn:other", 5, false)]
    [InlineData(null, null, 5, false)]
    public void A_table_is_ours_by_its_mark_or_until_it_has_one_by_what_and_when_it_was_restored(string? mark, string? source, int minutes, bool ours)
    {
        var table = new TableDescription
        {
            CreationDateTime = new DateTime(2026, 11, 21, 11, 0, 0, DateTimeKind.Utc).AddMinutes(minutes), RestoreSummary = source is null ? null : new RestoreSummary { SourceTableArn = source },
        };

        RestoredTable.IsOurs(table, mark is null ? [] : new Dictionary<string, string> { ["dbre:operation"] = mark }, Plan, "op").ShouldBe(ours);
    }

    private static UInt128 Hash(Dictionary<string, AttributeValue> item) => TableScan.Hash(item, new ArrayBufferWriter<byte>());
}
