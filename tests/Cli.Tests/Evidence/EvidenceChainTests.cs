using System.Text.Json.Nodes;

using Dbre.Cli.Evidence;
using Dbre.Cli.Tests.Testing;
using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;

namespace Dbre.Cli.Tests.Evidence;

/// <summary>Three nights, chained; then something is done to them.</summary>
public sealed class EvidenceChainTests
{
    private readonly List<StoredRecord> stored = [];

    public EvidenceChainTests()
    {
        foreach (var day in (int[])[19, 20, 21])
        {
            stored.Add(Chained(Records.Night(day), stored.Count == 0 ? "" : stored[^1].Hash));
        }
    }

    [Fact]
    public void A_chain_that_nobody_touched_holds_in_whatever_order_it_is_listed()
    {
        foreach (var listed in (IEnumerable<IReadOnlyList<StoredRecord>>)[stored, [.. Enumerable.Reverse(stored)], [stored[1], stored[2], stored[0]]])
        {
            var chain = EvidenceChain.Check("snapshot-copy", listed, Newest());
            chain.Faults.ShouldBeEmpty();
            chain.Records.Select(r => r.Operation).ShouldBe(stored.Select(r => r.Operation));
        }
    }

    [Fact]
    public void No_evidence_and_no_head_hold() => EvidenceChain.Check("snapshot-copy", [], null).Holds.ShouldBeTrue();

    [Fact]
    public void A_document_that_was_left_when_the_run_chained_again_counts_for_nothing()
    {
        var abandoned = Chained(Records.Night(20), "");
        EvidenceChain.Check("snapshot-copy", [.. stored, abandoned], Newest()).Faults.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("outcome", "\"Succeeded\"")]
    [InlineData("reason", "\"All is well.\"")]
    [InlineData("endedAt", "\"2026-11-20T03:20:00.001Z\"")]
    [InlineData("measured", "{}")]
    [InlineData("extra", "1")]
    public void A_field_that_was_changed_or_added_is_found(string field, string value)
    {
        stored[1].Document[field] = JsonNode.Parse(value);
        var fault = Faults().ShouldHaveSingleItem();
        fault.ShouldStartWith("The record of 'snapshot-copy-nightly-20261120T030000Z' was changed after it was written: its hash field is ");
    }

    [Fact]
    public void A_measured_number_deep_in_the_record_is_found()
    {
        stored[0].Document["databases"]![1]!["copies"]![0]!["proof"]!["rowsFound"] = 7000;
        Faults().ShouldHaveSingleItem().ShouldContain("20261119T030000Z' was changed");
    }

    [Fact]
    public void A_record_that_was_changed_with_its_hash_is_found_by_the_link_to_it_and_by_its_place()
    {
        stored[1].Document["outcome"] = "Succeeded";
        stored[1].Document["hash"] = EvidenceStore.Hash(stored[1].Document);
        var faults = Faults();
        faults.Count.ShouldBe(2);
        faults[0].ShouldContain("which was not written there");
        faults[1].ShouldStartWith("The record of 'snapshot-copy-nightly-20261121T030000Z' names the one before it, with the hash ");
        faults[1].ShouldEndWith("but no stored record has it: a record is missing or was changed there.");
    }

    [Theory]
    [InlineData(0, "The record of 'snapshot-copy-nightly-20261120T030000Z' names the one before it")]
    [InlineData(1, "The record of 'snapshot-copy-nightly-20261121T030000Z' names the one before it")]
    [InlineData(2, "The ledger names 'snapshot-copy-nightly-20261121T030000Z' as the newest")]
    public void A_record_that_was_removed_is_found_by_who_names_it(int removed, string namedBy)
    {
        var head = Newest();
        stored.RemoveAt(removed);
        EvidenceChain.Check("snapshot-copy", stored, head).Faults.ShouldHaveSingleItem().ShouldStartWith(namedBy);
    }

    [Fact]
    public void Records_that_were_all_removed_are_found()
    {
        var head = Newest();
        EvidenceChain.Check("snapshot-copy", [], head).Faults.ShouldHaveSingleItem().ShouldStartWith("The ledger names ");
    }

    [Fact]
    public void Records_that_were_reordered_by_their_links_are_found()
    {
        // The middle one is made the first, with hashes made anew, as somebody would who can write to the bucket but not to the ledger.
        var head = Newest();
        var middle = Chained(Records.Night(20), "");
        var first = Chained(Records.Night(19), middle.Hash);
        var faults = EvidenceChain.Check("snapshot-copy", [middle, first, stored[2]], head).Faults;
        faults.ShouldHaveSingleItem().ShouldStartWith("The record of 'snapshot-copy-nightly-20261121T030000Z' names the one before it");
    }

    [Fact]
    public void Records_that_were_exchanged_in_place_are_found_both()
    {
        (stored[0], stored[1]) = (stored[0] with { Document = stored[1].Document }, stored[1] with { Document = stored[0].Document });
        var faults = Faults();
        faults.Count.ShouldBe(2);
        faults.ShouldAllBe(f => f.Contains("which was not written there", StringComparison.Ordinal));
    }

    [Fact]
    public void A_record_that_was_slipped_in_is_found()
    {
        var head = Newest();
        EvidenceChain.Check("snapshot-copy", [.. stored, Chained(Records.Night(22), stored[^1].Hash)], head).Faults.ShouldHaveSingleItem()
            .ShouldBe("The record of 'snapshot-copy-nightly-20261122T030000Z' is stored, but no link of the chain leads to it.");
    }

    [Fact]
    public void A_ledger_that_lost_the_end_is_found() =>
        EvidenceChain.Check("snapshot-copy", stored, null).Faults.ShouldHaveSingleItem().ShouldBe("The ledger has no newest record, but 3 are stored; the chain has lost its end.");

    private EvidenceHead Newest() => new(stored[^1].Operation, stored[^1].Hash);

    private IReadOnlyList<string> Faults() => EvidenceChain.Check("snapshot-copy", stored, Newest()).Faults;

    private static StoredRecord Chained(JsonObject record, string previous)
    {
        record["previousHash"] = previous;
        record["hash"] = EvidenceStore.Hash(record);
        return new StoredRecord(EvidenceStore.KeyOf("snapshot-copy", (string)record["operationId"]!, (string)record["hash"]!), record);
    }
}
