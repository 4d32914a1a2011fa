using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>Nights of MariaDB instances: copied, restored elsewhere and proven; a function killed on the way; a copy that rotted.</summary>
public sealed class MariaDbNightTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    private readonly NightLab lab = fixture.Lab;

    [Fact]
    public async Task A_night_with_a_function_killed_is_proven_and_one_whose_copy_rotted_is_Failed_and_prunes_nothing()
    {
        await lab.MariaDb("catalog");
        var killed = lab.Once(new Moment("dbre-restore-copy", "rds", "RestoreDBInstanceFromDBSnapshot"), () =>
        {
            lab.Kill("dbre-restore-copy");
            return Task.CompletedTask;
        });

        var good = await lab.Night(NightLab.NightAt(0));

        await killed;
        ((string)good["outcome"]!).ShouldBe("Succeeded", (string)good["reason"]!);
        var measured = good["measured"]!;
        ((int)measured["proven"]!, (long)measured["rowsFound"]!, (bool)measured["checksumsEqual"]!).ShouldBe((1, NightLab.Rows, true));
        ((string)good["databases"]![0]!["engine"]!).ShouldBe("mariadb");
        (await lab.RestoredCopies()).ShouldBeEmpty();
        lab.Calls.Count(c => c is { Operation: "CreateDBSnapshot" or "CopyDBSnapshot" or "RestoreDBInstanceFromDBSnapshot" }).ShouldBe(3);

        // The restore is about to be asked for: the copy is there, and nobody has read it.
        var scheduled = NightLab.NightAt(1);
        var damaged = lab.Once(new Moment("dbre-restore-copy", "rds", "DescribeDBInstances", "DBInstanceNotFound"), () =>
        {
            lab.DamageMariaDb($"catalog-nightly-{scheduled:yyyyMMdd't'HHmm'z'}");
            return Task.CompletedTask;
        });
        var bad = await lab.Night(scheduled);

        await damaged;
        ((string)bad["outcome"]!).ShouldBe("Failed");
        ((string)bad["reason"]!).ShouldStartWith("1 of 1 database failed. catalog: eu-west-1: ");
        ((int)bad["measured"]!["proven"]!, (int)bad["measured"]!["pruned"]!).ShouldBe((0, 0));
        (await lab.Snapshots()).Count.ShouldBe(2);
        (await lab.Snapshots(NightLab.RecoveryRegion)).Count.ShouldBe(2);
        (await lab.RestoredCopies()).ShouldBeEmpty();
        lab.Denials.ShouldBeEmpty();
    }
}
