using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

using Dbre.Cli.Terminal;
using Dbre.Lab.Nights;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre simulate</c>: nights in virtual time from seeds, with faults, held against the safety rules after every call.</summary>
internal static class SimulateCommand
{
    private const string Assembly = "cdk.out";
    private const int MostSeeds = 1_000_000;
    private const int MostDatabases = 10_000;
    private const int MostNights = 1000;
    private const int MostAccounts = 1000;
    private const int MostHours = 23;
    private const int SixHours = 6;
    private const int MostShown = 5;
    private const int Steps = 20;

    public static Command Create(Surroundings here)
    {
        var seeds = Options.Number("--seeds", "How many seeds", 1, MostSeeds, 100);
        var from = Options.Number("--from", "The first seed", 1, int.MaxValue - MostSeeds, 1);
        var databases = Options.Number("--databases", "How many databases each has", 1, MostDatabases, 10);
        var nights = Options.Number("--nights", "How many nights with faults; calm ones follow", 1, MostNights, 3);
        var faults = Options.Text("--faults", $"Which kinds of faults, with commas between; none, or all, which is the default. The kinds are {string.Join(", ", FaultNames.All)}.");
        var replay = Options.Text("--replay", "Show one seed's nights step by step: a seed, or the code that a failure printed.");
        var accounts = Options.Number("--accounts", "One calm night of a fleet over so many accounts, under AWS's quotas", 1, MostAccounts, 1);
        var window = Options.Number("--window", "With --accounts: how many hours the night may take", 1, MostHours, SixHours);
        var json = Options.Flag("--json", "Print one JSON object and nothing else.");
        var command = new Command("simulate", "Simulate nights with faults in virtual time, from seeds.") { seeds, from, databases, nights, faults, replay, accounts, window, json };
        command.SetAction((parsed, stop) =>
        {
            bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
            if (Given(accounts))
            {
                Option[] others = [seeds, nights, faults, replay];
                return others.FirstOrDefault(Given) is { } other
                    ? throw new BadInputException($"{other.Name} is given beside --accounts; allowed are --databases, --window, --from and --json, since a fleet's night is one calm night.")
                    : FleetSimulation.Run(
                        here, new FleetNightOptions(parsed.GetValue(from), parsed.GetValue(accounts), parsed.GetValue(databases), parsed.GetValue(window), Assembly), parsed.GetValue(json), stop);
            }

            if (Given(window))
            {
                throw new BadInputException("--window is given without --accounts; it is the window of a fleet's night.");
            }

            var kinds = Kinds(parsed.GetValue(faults));
            var options = new NightOptions(parsed.GetValue(from), parsed.GetValue(databases), parsed.GetValue(nights), Assembly);
            return parsed.GetValue(replay) is { } code
                ? Task.FromResult(Replay(here, Code(code, options, kinds)))
                : Run(here, options, parsed.GetValue(seeds), kinds, parsed.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> Run(Surroundings here, NightOptions options, int seeds, IReadOnlyList<FaultKind> kinds, bool json, CancellationToken stop)
    {
        var started = here.Clock.GetTimestamp();
        var result = await Progress.Show(here, json ? ProgressForm.Nothing : ProgressForm.Person, progress => Task.Run(() => Sweep(options, seeds, kinds, progress, stop), stop)).ConfigureAwait(false);
        var seconds = here.Clock.GetElapsedTime(started).TotalSeconds;
        if (json)
        {
            here.Print(Summary(options, seeds, kinds, result, seconds).ToJsonString());
        }
        else
        {
            Tell(here, options, kinds, result, [.. result.Broken.Take(MostShown).Select(b => SeedSweep.Shortest(options, b))], seconds);
        }

        return result.Broken.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static SeedSweepResult Sweep(NightOptions options, int seeds, IReadOnlyList<FaultKind> kinds, Progress progress, CancellationToken stop)
    {
        var (done, bad, shown, gate) = (0, 0, 0, new Lock());
        var result = SeedSweep.Run(options, seeds, kinds, night =>
        {
            lock (gate)
            {
                done++;
                bad += night.Violations.Count > 0 ? 1 : 0;
                if (done * Steps / seeds > shown || seeds <= Steps)
                {
                    shown = done * Steps / seeds;
                    progress.At("nights", string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {seeds:N0} seeds{(bad > 0 ? $", {bad} broken" : "")}"), (double)done / seeds);
                }
            }
        }, stop);
        progress.End("nights", string.Create(CultureInfo.InvariantCulture, $"{seeds:N0} seeds"), failed: bad > 0);
        return result;
    }

    private static JsonObject Summary(NightOptions options, int seeds, IReadOnlyList<FaultKind> kinds, SeedSweepResult result, double seconds)
    {
        var (calls, transitions) = PerDatabaseNight(result);
        using var process = Process.GetCurrentProcess();
        return new JsonObject
        {
            ["seeds"] = seeds,
            ["databases"] = options.Databases,
            ["nights"] = options.Nights,
            ["violations"] = new JsonArray([.. result.Broken.Select(b => new JsonObject
            {
                ["seed"] = b.Seed,
                ["replay"] = CodeOf(options, b, kinds).ToString(),
                ["violations"] = new JsonArray([.. b.Violations.Select(v => JsonValue.Create(v.ToString()))]),
            })]),
            ["faults"] = new JsonObject(result.Faults.Select(f => KeyValuePair.Create<string, JsonNode?>(FaultNames.Of(f.Key), f.Value))),
            ["eventLogHash"] = result.LogHash,
            ["callsPerDatabaseNight"] = Math.Round(calls, 1),
            ["transitionsPerDatabaseNight"] = Math.Round(transitions, 1),
            ["wallSeconds"] = Math.Round(seconds, 1),
            ["peakMemoryBytes"] = process.PeakWorkingSet64,
        };
    }

    private static void Tell(
        Surroundings here, NightOptions options, IReadOnlyList<FaultKind> kinds, SeedSweepResult result, List<NightResult> broken, double seconds)
    {
        var (calls, transitions) = PerDatabaseNight(result);
        foreach (var night in broken)
        {
            here.Print($"Seed {night.Seed} breaks a rule; ./dbre simulate --replay {CodeOf(options, night, kinds)} shows it step by step.");
            foreach (var violation in night.Violations.Take(MostShown))
            {
                here.Print($"  {violation}");
            }

            here.Print(night.Plan.Faults.Count == 0 ? "  It takes no fault." : "  It takes these faults, and no fewer:");
            foreach (var fault in night.Plan.Faults)
            {
                here.Print($"    {fault}");
            }
        }

        var nights = result.Results.Sum(r => r.Nights);
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{nights:N0} nights of {options.Databases:N0} databases: {result.Faults.Values.Sum():N0} faults, {result.Broken.Count} seeds break a rule."));
        here.Print(string.Join(", ", result.Faults.Select(f => string.Create(CultureInfo.InvariantCulture, $"{FaultNames.Of(f.Key)} {f.Value:N0}"))));
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{calls:N1} AWS calls and {transitions:N1} state transitions a database and night; {seconds:N1} s; event log {result.LogHash[..16]}."));
    }

    private static (double Calls, double Transitions) PerDatabaseNight(SeedSweepResult result)
    {
        var nights = result.Results.Sum(r => (double)r.Nights * r.Databases);
        return (result.Results.Sum(r => r.Calls) / nights, result.Results.Sum(r => r.Transitions) / nights);
    }

    private static int Replay(Surroundings here, ReplayCode code)
    {
        var options = new NightOptions(code.Seed, code.Databases, code.Nights, Assembly) { KeepLog = true };
        var result = NightSimulation.Run(options, SeededPlan.Of(code.Seed, code.Kinds, code.Nights));
        foreach (var line in result.Log)
        {
            here.Print(line);
        }

        here.Print($"Seed {code.Seed}: {result.Violations.Count} violations, event log {result.LogHash[..16]}.");
        foreach (var violation in result.Violations)
        {
            here.Print($"  {violation}");
        }

        return result.Violations.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static ReplayCode CodeOf(NightOptions options, NightResult night, IReadOnlyList<FaultKind> kinds) =>
        new(night.Seed, options.Databases, options.Nights, kinds, ReplayCode.VersionOf(Assembly));

    private static ReplayCode Code(string given, NightOptions options, IReadOnlyList<FaultKind> kinds)
    {
        var version = ReplayCode.VersionOf(Assembly);
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) && seed > 0)
        {
            return new ReplayCode(seed, options.Databases, options.Nights, kinds, version);
        }

        var code = ReplayCode.Parse(given) ?? throw new BadInputException($"--replay is '{given}'; allowed are a seed from 1, or the code that a failure printed, such as 46.20.3.all.{version}.");
        return code.Version == version
            ? code
            : throw new BadInputException($"--replay is '{given}', made by version {code.Version}; this is version {version}, in which that seed's nights go another way.");
    }

    private static IReadOnlyList<FaultKind> Kinds(string? given) => given switch
    {
        null or "all" => Enum.GetValues<FaultKind>(),
        "none" => [],
        _ => [.. given.Split(',', StringSplitOptions.TrimEntries).Select(name => FaultNames.Find(name)
            ?? throw new BadInputException($"--faults has '{name}'; allowed are none, all, {string.Join(", ", FaultNames.All)}."))],
    };
}
