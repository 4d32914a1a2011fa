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
        var flow = Options.Text("--flow", $"Which flow the seeds are of: {ReplayCode.Nightly}, the default, whose nights go by, or {ReplayCode.Restores}, one restore each.");
        var accounts = Options.Number("--accounts", "One calm night of a fleet over so many accounts, under AWS's quotas", 1, MostAccounts, 1);
        var window = Options.Number("--window", "With --accounts: how many hours the night may take", 1, MostHours, SixHours);
        var json = Options.Flag("--json", "Print one JSON object and nothing else.");
        var command = new Command("simulate", "Simulate nights with faults in virtual time, from seeds.") { seeds, from, flow, databases, nights, faults, replay, accounts, window, json };
        command.SetAction((parsed, stop) =>
        {
            bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };
            if (Given(accounts))
            {
                Option[] others = [seeds, flow, nights, faults, replay];
                return others.FirstOrDefault(Given) is { } other
                    ? throw new BadInputException($"{other.Name} is given beside --accounts; allowed are --databases, --window, --from and --json, since a fleet's night is one calm night.")
                    : FleetSimulation.Run(
                        here, new FleetNightOptions(parsed.GetValue(from), parsed.GetValue(accounts), parsed.GetValue(databases), parsed.GetValue(window), Assembly), parsed.GetValue(json), stop);
            }

            if (Given(window))
            {
                throw new BadInputException("--window is given without --accounts; it is the window of a fleet's night.");
            }

            var restores = parsed.GetValue(flow) switch
            {
                null or ReplayCode.Nightly => false,
                ReplayCode.Restores => true,
                var unknown => throw new BadInputException($"--flow is '{unknown}'; allowed are {ReplayCode.Nightly} and {ReplayCode.Restores}."),
            };
            Option[] fleet = [databases, nights];
            if (restores && fleet.FirstOrDefault(Given) is { } many)
            {
                throw new BadInputException($"{many.Name} is given beside --flow {ReplayCode.Restores}, of which each seed is one restore of one database.");
            }

            var kinds = Kinds(parsed.GetValue(faults), restores ? SeededRestores.Kinds : Enum.GetValues<FaultKind>());
            var what = restores
                ? new ReplayCode(ReplayCode.Restores, parsed.GetValue(from), 1, 1, kinds, ReplayCode.VersionOf(Assembly))
                : new ReplayCode(ReplayCode.Nightly, parsed.GetValue(from), parsed.GetValue(databases), parsed.GetValue(nights), kinds, ReplayCode.VersionOf(Assembly));
            return parsed.GetValue(replay) is { } code
                ? Task.FromResult(Replay(here, Code(code, what)))
                : Run(here, what, parsed.GetValue(seeds), parsed.GetValue(json), stop);
        });
        return command;
    }

    private static async Task<int> Run(Surroundings here, ReplayCode what, int seeds, bool json, CancellationToken stop)
    {
        var started = here.Clock.GetTimestamp();
        var simulated = Simulated(what);
        var result = await Progress.Show(
            here, json ? ProgressForm.Nothing : ProgressForm.Person, progress => Task.Run(() => Sweep(simulated, what, seeds, progress, stop), stop)).ConfigureAwait(false);
        var seconds = here.Clock.GetElapsedTime(started).TotalSeconds;
        if (json)
        {
            here.Print(Summary(what, seeds, result, seconds).ToJsonString());
        }
        else
        {
            Tell(here, what, result, [.. result.Broken.Take(MostShown).Select(b => SeedSweep.Shortest(simulated, b))], seconds);
        }

        return result.Broken.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static ISeeded Simulated(ReplayCode what) =>
        what.Flow == ReplayCode.Restores ? new SeededRestores(Assembly) : new SeededNights(new NightOptions(what.Seed, what.Databases, what.Nights, Assembly));

    private static string Of(ReplayCode what) => what.Flow == ReplayCode.Restores ? "restores" : "nights";

    private static SeedSweepResult Sweep(ISeeded simulated, ReplayCode what, int seeds, Progress progress, CancellationToken stop)
    {
        var (done, bad, shown, gate) = (0, 0, 0, new Lock());
        var result = SeedSweep.Run(simulated, what.Seed, seeds, what.Kinds, night =>
        {
            lock (gate)
            {
                done++;
                bad += night.Violations.Count > 0 ? 1 : 0;
                if (done * Steps / seeds > shown || seeds <= Steps)
                {
                    shown = done * Steps / seeds;
                    progress.At(Of(what), string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {seeds:N0} {Plural.Word(seeds, "seed", "seeds")}{(bad > 0 ? $", {bad} broken" : "")}"), (double)done / seeds);
                }
            }
        }, stop);
        progress.End(Of(what), string.Create(CultureInfo.InvariantCulture, $"{seeds:N0} {Plural.Word(seeds, "seed", "seeds")}"), failed: bad > 0);
        return result;
    }

    private static JsonObject Summary(ReplayCode what, int seeds, SeedSweepResult result, double seconds)
    {
        var (calls, transitions) = PerDatabaseNight(result);
        using var process = Process.GetCurrentProcess();
        return new JsonObject
        {
            ["seeds"] = seeds,
            ["databases"] = what.Databases,
            ["nights"] = what.Nights,
            ["violations"] = new JsonArray([.. result.Broken.Select(b => new JsonObject
            {
                ["seed"] = b.Seed,
                ["replay"] = (what with { Seed = b.Seed }).ToString(),
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
        Surroundings here, ReplayCode what, SeedSweepResult result, List<NightResult> broken, double seconds)
    {
        var (calls, transitions) = PerDatabaseNight(result);
        foreach (var night in broken)
        {
            here.Print($"Seed {night.Seed} breaks a rule; ./dbre simulate --replay {what with { Seed = night.Seed }} shows it step by step.");
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
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{(what.Flow == ReplayCode.Restores ? $"{nights:N0} {Plural.Word(nights, "restore", "restores")}" : $"{nights:N0} {Plural.Word(nights, "night", "nights")} of {what.Databases:N0} {Plural.Word(what.Databases, "database", "databases")}")}: {result.Faults.Values.Sum():N0} faults, {Plural.Of(result.Broken.Count, "seed breaks", "seeds break")} a rule."));
        here.Print(string.Join(", ", result.Faults.Select(f => string.Create(CultureInfo.InvariantCulture, $"{FaultNames.Of(f.Key)} {f.Value:N0}"))));
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{calls:N1} AWS calls and {transitions:N1} state transitions {(what.Flow == ReplayCode.Restores ? "a restore" : "a database and night")}; {seconds:N1} s; event log {result.LogHash[..16]}."));
    }

    private static (double Calls, double Transitions) PerDatabaseNight(SeedSweepResult result)
    {
        var nights = result.Results.Sum(r => (double)r.Nights * r.Databases);
        return (result.Results.Sum(r => r.Calls) / nights, result.Results.Sum(r => r.Transitions) / nights);
    }

    private static int Replay(Surroundings here, ReplayCode code)
    {
        var simulated = Simulated(code);
        var result = simulated.Run(code.Seed, simulated.Plan(code.Seed, code.Kinds), keepLog: true);
        foreach (var line in result.Log)
        {
            here.Print(line);
        }

        here.Print($"Seed {code.Seed}: {Plural.Of(result.Violations.Count, "violation", "violations")}, event log {result.LogHash[..16]}.");
        foreach (var violation in result.Violations)
        {
            here.Print($"  {violation}");
        }

        return result.Violations.Count == 0 ? ExitCode.Success : ExitCode.Failure;
    }

    private static ReplayCode Code(string given, ReplayCode what)
    {
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) && seed > 0)
        {
            return what with { Seed = seed };
        }

        var code = ReplayCode.Parse(given) ?? throw new BadInputException($"--replay is '{given}'; allowed are a seed from 1, or the code that a failure printed, such as 46.20.3.all.{what.Version}.");
        return code.Version == what.Version
            ? code
            : throw new BadInputException($"--replay is '{given}', made by version {code.Version}; this is version {what.Version}, in which that seed's nights go another way.");
    }

    private static IReadOnlyList<FaultKind> Kinds(string? given, IReadOnlyList<FaultKind> allowed) => given switch
    {
        null or "all" => allowed,
        "none" => [],
        _ => [.. given.Split(',', StringSplitOptions.TrimEntries).Select(name => FaultNames.Find(name) is { } kind && allowed.Contains(kind) ? kind
            : throw new BadInputException($"--faults has '{name}'; allowed are none, all, {string.Join(", ", allowed.Select(FaultNames.Of))}."))],
    };
}
