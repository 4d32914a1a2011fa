using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Ledgers;

public sealed class CatalogTests
{
    private static readonly Location Ireland = new("eu-west-1");
    private readonly LedgerLab lab = new();

    [Fact]
    public async Task A_copy_is_kept_with_what_it_took()
    {
        var at = lab.Clock.Now;
        await lab.Ledger.RecordCopy(new CatalogEntry("orders", Ireland, "s1", "nightly", at, null, null, 611, 95), default);
        await lab.Ledger.RecordCopy(new CatalogEntry("orders", Ireland, "s2", "nightly", at, null, null), default);

        (await lab.Ledger.Copies("orders", default)).Select(c => (c.Snapshot, c.CopySeconds, c.SnapshotSeconds, c.RestoreSeconds)).ShouldBe([("s1", 611, 95, null), ("s2", null, null, null)]);
    }

    [Fact]
    public async Task A_proof_is_noted_with_what_its_restore_took_and_a_copy_that_is_noted_again_keeps_it()
    {
        var entry = new CatalogEntry("orders", Ireland, "s1", "nightly", lab.Clock.Now, null, null, 611);
        await lab.Ledger.RecordCopy(entry, default);
        await lab.Ledger.RecordProof("orders", Ireland, "s1", "night", 700, default);
        await lab.Ledger.RecordCopy(entry, default);

        (await lab.Ledger.Copies("orders", default)).ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(c => c.ProvenBy.ShouldBe("night"), c => c.ProvenAt.ShouldBe(lab.Clock.Now), c => c.RestoreSeconds.ShouldBe(700), c => c.CopySeconds.ShouldBe(611));
    }
}
