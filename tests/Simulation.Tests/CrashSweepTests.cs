using Dbre.Lab.Nights;

using Xunit.Abstractions;

namespace Dbre.Simulation.Tests;

public sealed class CrashSweepTests(ITestOutputHelper output)
{
    [Fact]
    public void Whatever_call_or_task_of_a_night_breaks_a_rerun_mends_it_and_no_rule_is_broken()
    {
        var swept = CrashSweep.Run(new NightOptions(1, 2, 1, CloudAssemblyFolder.Path));

        output.WriteLine($"{swept.Points.Count} points were covered: {string.Join(", ", swept.Points.GroupBy(p => p.Kind).Select(g => $"{g.Count()} {g.Key}"))}.");
        swept.Broken.Select(p => $"{p.Kind} at {p.What}: {p.Violations[0]}").ShouldBeEmpty();
    }
}
