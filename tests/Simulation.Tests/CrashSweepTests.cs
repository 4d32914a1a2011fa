using Dbre.Lab.Engines.Stub;
using Dbre.Lab.Nights;
using Dbre.Lab.Services.DynamoDb;

using Xunit.Abstractions;

namespace Dbre.Simulation.Tests;

/// <summary>Each flow, broken once in each way at each of its calls and tasks.</summary>
public sealed class CrashSweepTests(ITestOutputHelper output)
{
    private static readonly NightOptions Night = new(1, 2, 1, CloudAssemblyFolder.Path);

    [Fact]
    public void Whatever_call_or_task_of_a_night_breaks_a_rerun_mends_it_and_no_rule_is_broken() => Sweep("snapshot-copy", () => new SweptNight(Night));

    [Fact]
    public void Whatever_breaks_of_a_clean_up_the_next_one_mends_it()
    {
        using (var world = new SweptCleanUp(Night))
        {
            world.Left.ShouldBe(2, "there is something to clean up");
        }

        Sweep("clean-up", () => new SweptCleanUp(Night));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whatever_breaks_of_a_replacement_one_proven_database_has_the_name(bool cluster) =>
        Sweep($"pitr-restore, {(cluster ? "cluster" : "instance")}", () => new SweptRestore(new RestoreOptions(1, CloudAssemblyFolder.Path, cluster, "replace") { Pace = StubPace.OneSecond }));

    [Fact]
    public void Whatever_breaks_of_a_drill_of_what_is_gone_another_one_proves_it_and_nothing_is_left() => Sweep(
        "pitr-restore, a cluster that is gone",
        () => new SweptRestore(new RestoreOptions(1, CloudAssemblyFolder.Path, Cluster: true, "drill") { Pace = StubPace.OneSecond, Gone = true, InstanceClass = "db.r6g.large" }));

    [Fact]
    public void Whatever_breaks_of_a_drill_in_another_Region_another_one_proves_it_and_nothing_is_left() => Sweep(
        "pitr-restore, elsewhere",
        () => new SweptRestore(new RestoreOptions(1, CloudAssemblyFolder.Path, Cluster: false, "drill") { Pace = StubPace.OneSecond, Elsewhere = true }));

    [Fact]
    public void Whatever_breaks_of_a_restore_drill_another_one_proves_it_and_nothing_is_left() => Sweep("restore-drill", () => new SweptDrill(Night));

    [Theory]
    [InlineData("beside")]
    [InlineData("drill")]
    public void Whatever_breaks_of_a_restore_of_a_table_another_one_proves_it(string purpose) =>
        Sweep($"table-restore, {purpose}", () => new SweptTableRestore(new TableRestoreOptions(CloudAssemblyFolder.Path, purpose) { Pace = TablePace.OneSecond }));

    private void Sweep(string flow, Func<ISweptWorld> world)
    {
        var swept = CrashSweep.Run(world);

        output.WriteLine($"{flow}: {swept.Points.Count} points were covered: {string.Join(", ", swept.Points.GroupBy(p => p.Kind).Select(g => $"{g.Count()} {g.Key}"))}.");
        swept.Points.ShouldNotBeEmpty();
        swept.Broken.Select(p => $"{p.Kind} at {p.What}: {p.Violations[0]}").ShouldBeEmpty();
    }
}
