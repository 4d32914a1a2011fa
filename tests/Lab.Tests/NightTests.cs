using System.Text.Json.Nodes;

using Dbre.Functions.Core.Evidence;
using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>The whole night, by the deployed schedule: an instance, its read replica, an Aurora cluster.</summary>
public sealed class NightTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    [Fact]
    public async Task Each_database_is_copied_and_proven_and_the_evidence_says_so()
    {
        var lab = fixture.Lab;
        await Task.WhenAll(lab.Instance("orders"), lab.Cluster("ledger"));
        await lab.Replica("orders", "orders-reader");

        var record = await lab.Night(NightLab.NightAt(0));

        ((string)record["outcome"]!).ShouldBe("Succeeded", (string)record["reason"]!);
        var measured = record["measured"]!;
        ((int)measured["databases"]!, (int)measured["copied"]!, (int)measured["proven"]!, (int)measured["pruned"]!).ShouldBe((3, 3, 3, 0));
        ((long)measured["rowsExpected"]!, (long)measured["rowsFound"]!, (bool)measured["checksumsEqual"]!).ShouldBe((3 * NightLab.Rows, 3 * NightLab.Rows, true));
        Proven(record).ShouldBe(["ledger", "orders", "orders-reader"]);
        ((string)record["hash"]!).ShouldBe(EvidenceStore.Hash(record));
        ((string)record["previousHash"]!).ShouldBeEmpty();
        (await lab.Snapshots()).Count.ShouldBe(3);
        (await lab.Snapshots(NightLab.RecoveryRegion)).ShouldBe(await lab.Snapshots());
        (await lab.RestoredCopies()).ShouldBeEmpty();
        lab.Denials.ShouldBeEmpty();
    }

    private static IEnumerable<string> Proven(JsonObject record) => record["databases"]!.AsArray()
        .Where(d => d!["copies"]!.AsArray().All(c => (string)c!["outcome"]! == "Proven")).Select(d => (string)d!["database"]!).Order(StringComparer.Ordinal);
}
