using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>A database that is lost with its own backups, restored by the deployed flow in another Region, on real servers of both engines.</summary>
public sealed class RestoreElsewhereTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    private readonly NightLab lab = fixture.Lab;

    [Fact]
    public Task What_is_lost_on_PostgreSql_comes_back_there_as_it_was_a_second_before_the_damage() => ComesBack("billing", "app.public.item", "DELETE FROM item", () => lab.Instance("billing"));

    [Fact]
    public Task What_is_lost_on_MariaDb_comes_back_there_as_it_was_a_second_before_the_damage() => ComesBack("catalog", "app.item", "DELETE FROM item", () => lab.MariaDb("catalog"));

    private async Task ComesBack(string id, string table, string damage, Func<Task> make)
    {
        await make();
        await lab.Replicate(id);
        var whole = await NightLab.NextSecond();
        await lab.Execute(id, damage);
        await lab.Replicated(id, whole);
        await lab.Lose(id);

        var beside = await lab.RestoreElsewhere(id, whole, id, "beside", table);
        var drill = await lab.RestoreElsewhere(id, whole, $"dbre-drill-{id}", "drill", table);

        ((string)beside["reason"]!).ShouldBe($"'{id}' is restored as '{id}'. 1 table with {NightLab.Rows} rows is as it was written down.");
        ((string)drill["reason"]!).ShouldBe($"'{id}' could be restored. 1 table with {NightLab.Rows} rows is as it was written down.");
        ((string)beside["restore"]!["region"]!).ShouldBe(NightLab.RecoveryRegion);
        ((double)beside["measured"]!["rtoSeconds"]!).ShouldBeGreaterThan(0);
        var restored = (await lab.Instances(id, NightLab.RecoveryRegion)).ShouldHaveSingleItem("the drill's is removed");
        restored.KmsKeyId.ShouldContain($":{NightLab.RecoveryRegion}:");
        (await lab.Instances(id, NightLab.Region)).ShouldBeEmpty();
        lab.Denials.ShouldBeEmpty();
    }
}
