using Dbre.Lab.Tests.Testing;

namespace Dbre.Lab.Tests;

/// <summary>Events come twice, and engineers start again what they are not sure of: what is there is found, nothing is made twice.</summary>
public sealed class RerunTests(LabFixture fixture) : IClassFixture<LabFixture>
{
    [Fact]
    public async Task Two_schedules_for_one_time_start_one_run_and_a_rerun_finds_what_is_there()
    {
        var lab = fixture.Lab;
        await lab.Instance("orders");
        var scheduled = NightLab.NightAt(0);

        await Task.WhenAll(lab.Fire(scheduled), lab.Fire(scheduled));
        var first = await lab.Night(scheduled);

        ((string)first["outcome"]!).ShouldBe("Succeeded", (string)first["reason"]!);
        (await lab.Executions()).ShouldHaveSingleItem();
        var (source, copy) = ((await lab.Snapshots()).ShouldHaveSingleItem(), (await lab.Snapshots(NightLab.RecoveryRegion)).ShouldHaveSingleItem());

        var again = await lab.Rerun(first, "by-an-engineer");

        ((string)again["outcome"]!).ShouldBe("Succeeded", (string)again["reason"]!);
        ((string)again["previousHash"]!).ShouldBe((string)first["hash"]!);
        (await lab.Snapshots()).ShouldBe([source]);
        (await lab.Snapshots(NightLab.RecoveryRegion)).ShouldBe([copy]);
        lab.Calls.Count(c => c is { Service: "rds", Error: null } && c.Operation is "CreateDBSnapshot").ShouldBe(1);
        lab.Calls.Count(c => c is { Service: "rds", Error: null } && c.Operation is "CopyDBSnapshot").ShouldBe(1);
        lab.Calls.ShouldNotContain(c => c.Operation == "DeleteDBSnapshot");
    }
}
