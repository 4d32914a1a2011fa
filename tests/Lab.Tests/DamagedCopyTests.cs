using System.Text.Json.Nodes;

using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>A copy that is not what its source was: the run is Failed, says why, and deletes nothing that could still be needed.</summary>
public sealed class DamagedCopyTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    private readonly NightLab lab = fixture.Lab;

    [Fact]
    public async Task Bytes_flipped_in_the_copied_snapshot_fail_the_run_with_what_the_database_said_and_nothing_is_pruned()
    {
        await lab.Instance("flipped");
        var policies = Policies.Of("flip", "flipped", daily: 1);
        var good = await lab.Run(policies, NightLab.NightAt(0));
        ((string)good["outcome"]!).ShouldBe("Succeeded", (string)good["reason"]!);
        await lab.Execute("flipped", "INSERT INTO item VALUES (0, 'of another day')");

        // The restore is about to be asked for: the copy is there, and nobody has read it.
        var scheduled = NightLab.NightAt(1);
        var damaged = lab.Once(new Moment("dbre-restore-copy", "rds", "DescribeDBInstances", "DBInstanceNotFound"), () =>
        {
            lab.Damage($"flipped-flip-{scheduled:yyyyMMdd't'HHmm'z'}");
            return Task.CompletedTask;
        });
        var record = await lab.Run(policies, scheduled);

        await damaged;
        ShouldHaveFailed(record, "flipped: eu-west-1: The restored copy could not be read: ");
        ((string)record["reason"]!).ShouldContain("invalid page in block");
        await ShouldHaveKept("flipped", 2);
    }

    [Fact]
    public async Task A_row_deleted_from_the_restored_server_fails_the_run_with_the_table_and_both_counts()
    {
        await lab.Instance("robbed");
        var robbed = lab.Once(new Moment("dbre-prove-copy", "s3", "GET"), async () =>
        {
            var restored = (await lab.RestoredCopies()).ShouldHaveSingleItem();
            await lab.Execute(restored, "DELETE FROM item WHERE id = 1", NightLab.RecoveryRegion);
        });

        var record = await lab.Run(Policies.Of("rob", "robbed"), NightLab.NightAt(0));

        await robbed;
        ShouldHaveFailed(record, $"robbed: eu-west-1: The copy differs from its source: app.public.item has {NightLab.Rows - 1} rows; {NightLab.Rows} were expected.");
        await ShouldHaveKept("robbed", 1);
    }

    private static void ShouldHaveFailed(JsonObject record, string reason)
    {
        ((string)record["outcome"]!).ShouldBe("Failed");
        ((string)record["reason"]!).ShouldStartWith("1 of 1 database failed. " + reason);
        ((int)record["measured"]!["proven"]!, (int)record["measured"]!["pruned"]!).ShouldBe((0, 0));
    }

    private async Task ShouldHaveKept(string database, int nights)
    {
        (await lab.Snapshots()).Count(s => s.StartsWith(database, StringComparison.Ordinal)).ShouldBe(nights);
        (await lab.Snapshots(NightLab.RecoveryRegion)).Count(s => s.StartsWith(database, StringComparison.Ordinal)).ShouldBe(nights);
        (await lab.RestoredCopies()).ShouldBeEmpty();
    }
}
