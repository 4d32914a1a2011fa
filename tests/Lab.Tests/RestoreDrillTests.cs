using System.Globalization;
using System.Text.Json.Nodes;

using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>The deployed restore drill and the deployed canary on real servers of both engines.</summary>
public sealed class RestoreDrillTests(RestoreDrillFixture fixture) : IClassFixture<RestoreDrillFixture>
{
    private const string Flow = "restore-drill", PostgreSql = "shop-orders", MariaDb = "shop-catalog";
    private readonly NightLab lab = fixture.Lab;

    [Fact]
    public async Task Each_is_restored_at_home_and_from_its_copy_and_what_would_be_lost_is_read_off_the_signs_that_the_canary_left()
    {
        await Task.WhenAll(lab.Instance(PostgreSql, backupDays: 0), lab.MariaDb(MariaDb, backupDays: 0));
        await Task.WhenAll(lab.LetCanaryIn(PostgreSql), lab.LetCanaryIn(MariaDb));
        Dictionary<string, List<DateTimeOffset>> signs = new() { [PostgreSql] = [], [MariaDb] = [] };
        await Sign(signs);

        // From its first second on the window has a sign of life, so whichever second the drill draws has one before it.
        var begun = TimeProvider.System.GetUtcNow();
        await Task.WhenAll(lab.BackUp(PostgreSql), lab.BackUp(MariaDb));
        var night = lab.Night(NightLab.NightAt(0));
        for (var i = 0; i < 5; i++)
        {
            await Sign(signs);
        }

        ((string)(await night)["outcome"]!).ShouldBe("Succeeded", (string)(await night)["reason"]!);
        var before = await lab.Inventory();

        var record = await lab.Night(TimeProvider.System.GetUtcNow(), flow: Flow);

        ((string)record["outcome"]!).ShouldBe("Succeeded", (string)record["reason"]!);
        ((string)record["reason"]!).ShouldStartWith("2 databases could be restored, 4 restores were proven; at worst 0.0");
        record["databases"]!.AsArray().Select(d => $"{d!["database"]} {d["engine"]}").ShouldBe([$"{MariaDb} mariadb", $"{PostgreSql} postgres"]);
        foreach (var database in record["databases"]!.AsArray())
        {
            var (home, copy) = (database!["restores"]![0]!, database["restores"]![1]!);
            await IsMeasuredByItsSigns(home, signs[(string)database["database"]!], begun);
            ((string)copy["from"]!, (string)copy["region"]!, (string)copy["outcome"]!).ShouldBe(("copy", NightLab.RecoveryRegion, "Succeeded"), (string)copy["reason"]!);
            ((long)copy["rowsExpected"]!, (long)copy["rowsFound"]!, (bool)copy["checksumsEqual"]!).ShouldBe((NightLab.Rows, NightLab.Rows, true));
            ((double)copy["rpoSeconds"]!).ShouldBeInRange(0, (TimeProvider.System.GetUtcNow() - begun).TotalSeconds);
            foreach (var restore in (JsonNode[])[home, copy])
            {
                ((double)restore["rtoSeconds"]!).ShouldBeInRange(0.1, 3600);
                ((bool)restore["removed"]!).ShouldBeTrue();
            }
        }

        (await lab.Inventory()).ShouldBe(before);
        lab.Denials.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_database_whose_signs_of_life_ended_too_long_ago_fails_the_drill_in_one_sentence()
    {
        await lab.Instance("archive-ledger", backupDays: 0);
        await lab.Execute("archive-ledger", "CREATE SCHEMA dbre; CREATE TABLE dbre.canary (written_at timestamptz NOT NULL); INSERT INTO dbre.canary VALUES (now() - interval '2 hours')");
        await lab.BackUp("archive-ledger");
        var night = await lab.Night(NightLab.NightAt(0), "archive");
        ((string)night["outcome"]!).ShouldBe("Succeeded", (string)night["reason"]!);
        var before = await lab.Inventory();

        var record = await lab.Night(TimeProvider.System.GetUtcNow(), "archive", Flow);

        ((string)record["outcome"]!).ShouldBe("Failed");
        ((string)record["reason"]!).ShouldMatch(@"^'archive-ledger' would have lost 2\.\d\d h, restored from its log in us-east-1; the policy allows 1 h\.$");
        record["databases"]![0]!["restores"]!.AsArray().Select(r => (string)r!["outcome"]!).ShouldBe(["Succeeded", "Succeeded"], "both are proven; what would have been lost is too much");
        (await lab.Inventory()).ShouldBe(before);
        lab.Denials.ShouldBeEmpty();
    }

    /// <summary>The last sign in what was restored is the last that the function wrote until the second that was drawn, and no later one.</summary>
    private async Task IsMeasuredByItsSigns(JsonNode home, List<DateTimeOffset> signs, DateTimeOffset begun)
    {
        ((string)home["from"]!, (string)home["region"]!, (string)home["outcome"]!).ShouldBe(("log", NightLab.Region, "Succeeded"), (string)home["reason"]!);
        var second = DateTimeOffset.Parse((string)home["to"]!, CultureInfo.InvariantCulture);
        second.ShouldBeInRange(begun, TimeProvider.System.GetUtcNow());
        var restore = await lab.Ended((string)home["execution"]!, "pitr-restore");
        var gap = (double)restore["measured"]!["rpoSeconds"]!;
        gap.ShouldBe((second - signs.Where(s => s <= second).Max()).TotalSeconds, 0.001);

        // And by as much as the log's end lagged behind as the drill began: its upload is a second apart here.
        ((double)home["rpoSeconds"]!).ShouldBeInRange(gap, gap + 10);
    }

    /// <summary>Lets the canary's schedule fire, and waits for its sign in every database.</summary>
    private async Task Sign(Dictionary<string, List<DateTimeOffset>> signs)
    {
        await lab.Fire(TimeProvider.System.GetUtcNow(), "canary-nightly");
        foreach (var (database, seen) in signs)
        {
            seen.Add(await lab.NextSign(database, seen.LastOrDefault()));
        }
    }
}
