using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Nights;

/// <summary>Many seeds, each with faults of its own. A seed that breaks a rule is told with the shortest plan that still does.</summary>
public static class SeedSweep
{
    /// <param name="simulated">What one seed is.</param>
    /// <param name="told">Told of every seed that is done, in the order in which they end.</param>
    public static SeedSweepResult Run(ISeeded simulated, int first, int seeds, IReadOnlyList<FaultKind> kinds, Action<NightResult>? told, CancellationToken stop)
    {
        var results = new ConcurrentDictionary<int, NightResult>();
        var source = Partitioner.Create(Enumerable.Range(first, seeds), EnumerablePartitionerOptions.NoBuffering);
        Parallel.ForEach(source, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = stop }, seed =>
        {
            var result = simulated.Run(seed, simulated.Plan(seed, kinds), keepLog: false);
            // What is kept of a thousand seeds must fit the memory.
            results[seed] = result with { Log = [] };
            told?.Invoke(result);
        });
        return new SeedSweepResult([.. results.OrderBy(r => r.Key).Select(r => r.Value)]);
    }

    /// <summary>Takes faults out of a plan as long as a rule is still broken: what is left is what it takes.</summary>
    /// <param name="rule">The beginning of the rule that must still be broken; any is enough when it is empty.</param>
    public static NightResult Shortest(ISeeded simulated, NightResult broken, string rule = "")
    {
        var shortest = broken;
        for (var i = 0; i < shortest.Plan.Faults.Count;)
        {
            var without = new FaultPlan([.. shortest.Plan.Faults.Where((_, at) => at != i)]);
            var tried = simulated.Run(broken.Seed, without, keepLog: false);
            if (tried.Violations.Any(v => v.Rule.StartsWith(rule, StringComparison.Ordinal)))
            {
                shortest = tried;
            }
            else
            {
                i++;
            }
        }

        return shortest;
    }
}

/// <summary>What came of many seeds.</summary>
public sealed record SeedSweepResult(IReadOnlyList<NightResult> Results)
{
    public IReadOnlyList<NightResult> Broken => [.. Results.Where(r => r.Violations.Count > 0)];

    /// <summary>How many faults of each kind happened, in all.</summary>
    public SortedDictionary<FaultKind, int> Faults =>
        new(Results.SelectMany(r => r.Faults).GroupBy(f => f.Key).ToDictionary(g => g.Key, g => g.Sum(f => f.Value)));

    /// <summary>SHA-256 over the seeds' event logs, in the order of the seeds.</summary>
    public string LogHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Results.Select(r => r.LogHash)))));
}
