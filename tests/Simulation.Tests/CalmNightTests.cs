using Dbre.Lab.Nights;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Simulation.Tests;

public sealed class CalmNightTests
{
    [Fact]
    public void Calm_nights_protect_every_database_and_break_no_rule()
    {
        var result = NightSimulation.Run(new NightOptions(1, 10, 3, CloudAssemblyFolder.Path) { KeepLog = true }, FaultPlan.None);

        if (Environment.GetEnvironmentVariable("LOG") is { Length: > 0 } file)
        {
            File.WriteAllLines(file, result.Log.Append($"calls {result.Calls} transitions {result.Transitions} {result.LogHash}"));
        }

        result.Violations.ShouldBeEmpty();
    }
}
