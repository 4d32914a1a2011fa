using System.Text.Json.Nodes;

using Amazon.RDS.Model;

using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>Copies to another account: shared, copied there by the role that the account grants, under its own key, and proven there.</summary>
public sealed class CrossAccountTests(CrossAccountFixture fixture) : IClassFixture<CrossAccountFixture>
{
    private readonly NightLab lab = fixture.Lab;

    [Fact]
    public async Task Snapshots_are_shared_copied_and_proven_in_the_other_account_and_reencrypted_first_where_the_default_key_forbids_sharing()
    {
        await Task.WhenAll(lab.Instance("own-key"), lab.Instance("default-key", kmsKey: null), lab.Cluster("default-cluster", kmsKey: null));

        var record = await lab.Night(NightLab.NightAt(0));

        ((string)record["outcome"]!).ShouldBe("Succeeded", (string)record["reason"]!);
        ((int)record["measured"]!["proven"]!, (long)record["measured"]!["rowsFound"]!).ShouldBe((3, 3 * NightLab.Rows));
        var stamp = $"{NightLab.NightAt(0):yyyyMMdd't'HHmm'z'}";
        string[] names = [$"default-cluster-nightly-{stamp}", $"default-key-nightly-{stamp}", $"own-key-nightly-{stamp}"];
        (await lab.Snapshots(NightLab.RecoveryRegion, NightLab.OtherAccount)).ShouldBe(names);
        (await lab.Snapshots(NightLab.RecoveryRegion)).ShouldBeEmpty();
        (await lab.RestoredCopies(NightLab.RecoveryRegion, NightLab.OtherAccount)).ShouldBeEmpty();
        await CopiesAreUnderTheOtherAccountsKey();

        // Those under the default key were copied at home first; once their copies are proven, that twin has served.
        lab.Calls.Where(c => c is { Account: NightLab.Account, Operation: "CopyDBSnapshot" or "CopyDBClusterSnapshot", Error: null }).Select(c => c.Operation).Order(StringComparer.Ordinal)
            .ShouldBe(["CopyDBClusterSnapshot", "CopyDBSnapshot"]);
        (await lab.Snapshots()).ShouldBe(names);
        Pruned(record).ShouldBe([$"default-cluster-nightly-{stamp}-shareable", $"default-key-nightly-{stamp}-shareable"]);
        lab.Calls.Where(c => c is { Account: NightLab.OtherAccount, Operation: "CopyDBSnapshot" or "CopyDBClusterSnapshot", Error: null })
            .ShouldAllBe(c => c.PrincipalArn == $"arn:aws:sts::{NightLab.OtherAccount}:assumed-role/dbre-copy-target/dbre-copy");
        lab.Denials.ShouldBeEmpty();
    }

    private static IEnumerable<string> Pruned(JsonObject record) => record["databases"]!.AsArray()
        .SelectMany(d => d!["pruned"]!.AsArray()).Select(p => (string)p!["snapshot"]!).Order(StringComparer.Ordinal);

    private async Task CopiesAreUnderTheOtherAccountsKey()
    {
        using var kms = lab.Kms(NightLab.RecoveryRegion, NightLab.OtherAccount);
        var key = (await kms.DescribeKeyAsync("alias/dbre")).KeyMetadata.Arn;
        using var rds = lab.Rds(NightLab.RecoveryRegion, NightLab.OtherAccount);
        var copies = (await rds.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "manual" })).DBSnapshots;
        copies.ShouldAllBe(c => c.KmsKeyId == key && c.TagList.Any(t => t.Key == "team" && t.Value == "payments"));
    }
}
