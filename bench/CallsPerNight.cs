using System.Globalization;

using Dbre.Lab.Nights;
using Dbre.Lab.Services.Rds;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Bench;

/// <summary>
/// AWS calls per database and night, and how they grow with the fleet: the deployed functions and state machines in virtual time, at the pace of
/// AWS (a snapshot takes minutes, a copy 16 to 30, a restore 5 to 15), one copy each, each copy restored and proven. The second night is counted: it prunes too.
/// </summary>
internal static class CallsPerNight
{
    private static readonly int[] Fleets = [10, 100, 300];

    public static Task Run()
    {
        Report.Heading("AWS calls per database and night");
        var totals = Fleets.Select(fleet => (Fleet: fleet, PerDatabase: Count(fleet))).ToList();
        var first = totals[0];
        foreach (var (fleet, perDatabase) in totals.Skip(1))
        {
            Report.Ratio($"calls per database of {fleet} to those of {first.Fleet}", perDatabase, first.PerDatabase);
        }

        return Task.CompletedTask;
    }

    private static double Count(int databases)
    {
        var calls = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var (invocations, errors) = (0, 0);
        var room = new RdsQuotas { Instances = 10_000, Clusters = 10_000, ManualSnapshots = 10_000, ManualClusterSnapshots = 10_000 };
        var result = NightSimulation.Run(new NightOptions(1, databases, 1, "cdk.out") { Quotas = room }, FaultPlan.None, cloud =>
        {
            // The first night begins at this midnight or the next one, the night that is counted a day later.
            var now = cloud.Clock.GetUtcNow().UtcDateTime;
            var second = new DateTimeOffset((now == now.Date ? now : now.Date.AddDays(1)).AddDays(1), TimeSpan.Zero);
            cloud.Called += call =>
            {
                if (cloud.Clock.GetUtcNow() >= second && call.PrincipalArn.Contains(":assumed-role/dbre-", StringComparison.Ordinal))
                {
                    var name = call.Service == "rds" ? $"rds {(call.Operation.StartsWith("Describe", StringComparison.Ordinal) ? "reads" : "changes")}" : call.Service;
                    calls[name] = calls.GetValueOrDefault(name) + 1;
                    errors += call.Error is "Throttling" or "ThrottlingException" or "SlowDown" or "SnapshotQuotaExceeded" ? 1 : 0;
                }
            };
            cloud.Weather.Ended += (_, _) => invocations += cloud.Clock.GetUtcNow() >= second ? 1 : 0;
        });
        if (result.Violations.Count > 0)
        {
            throw new InvalidOperationException($"The nights of {databases} databases broke a rule: {result.Violations[0]}");
        }

        var perDatabase = calls.Values.Sum() / (double)databases;
        Report.Line($"{databases} databases", string.Create(CultureInfo.InvariantCulture, $"{perDatabase:0.0} calls each, of which RDS {calls.Where(c => c.Key.StartsWith("rds", StringComparison.Ordinal)).Sum(c => c.Value) / (double)databases:0.0}"));
        foreach (var (name, count) in calls)
        {
            Report.Line($"    {name}", (count / (double)databases).ToString("0.0", CultureInfo.InvariantCulture));
        }

        Report.Line("    function invocations", (invocations / (double)databases).ToString("0.0", CultureInfo.InvariantCulture));
        Report.Line("    refused for their rate or for a quota", errors);
        return perDatabase;
    }
}
