using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

using Dbre.Cli.Terminal;
using Dbre.Lab.Nights;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre simulate --accounts</c>: one calm night of a fleet over many accounts, under AWS's quotas.</summary>
internal static class FleetSimulation
{
    private const int MostShown = 5;

    public static async Task<int> Run(Surroundings here, FleetNightOptions options, bool json, CancellationToken stop)
    {
        var started = here.Clock.GetTimestamp();
        var result = await Progress.Show(here, json ? ProgressForm.Nothing : ProgressForm.Person, progress => Task.Run(() => Night(options, progress, stop), stop)).ConfigureAwait(false);
        var seconds = here.Clock.GetElapsedTime(started).TotalSeconds;
        if (json)
        {
            here.Print(Summary(options, result, seconds).ToJsonString());
        }
        else
        {
            Tell(here, options, result, seconds);
        }

        return result.Held ? ExitCode.Success : ExitCode.Failure;
    }

    private static FleetNightResult Night(FleetNightOptions options, Progress progress, CancellationToken stop)
    {
        var (done, bad, gate) = (0, 0, new Lock());
        var result = FleetNight.Run(options, night =>
        {
            lock (gate)
            {
                done++;
                bad += night.Held ? 0 : 1;
                progress.At("accounts", string.Create(CultureInfo.InvariantCulture, $"{done:N0} of {options.Accounts:N0} {Plural.Word(options.Accounts, "account", "accounts")}{(bad > 0 ? $", {bad} not as they must be" : "")}"), (double)done / options.Accounts);
            }
        }, stop);
        progress.End("accounts", string.Create(CultureInfo.InvariantCulture, $"{options.Accounts:N0} {Plural.Word(options.Accounts, "account", "accounts")}"), failed: bad > 0);
        return result;
    }

    private static JsonObject Summary(FleetNightOptions options, FleetNightResult result, double seconds)
    {
        var usage = result.Usage;
        var bill = NightCost.Of(usage);
        var total = bill.Sum(line => line.Dollars);
        var cost = new JsonObject(bill.Select(line => KeyValuePair.Create<string, JsonNode?>(line.Name, new JsonObject
        {
            ["quantity"] = Math.Round(line.Quantity, 1),
            ["unit"] = line.Unit,
            ["price"] = line.Price,
            ["per"] = line.Per,
            ["source"] = line.Source,
            ["dollars"] = Math.Round(line.Dollars, 4),
        })))
        {
            ["total"] = Math.Round(total, 4),
            ["perDatabase"] = Math.Round(total / Each(result), 6),
        };
        using var process = Process.GetCurrentProcess();
        return new JsonObject
        {
            ["accounts"] = options.Accounts,
            ["databases"] = result.Databases,
            ["windowHours"] = options.WindowHours,
            ["held"] = result.Held,
            ["admitted"] = result.Admitted,
            ["proven"] = result.Accounts.Sum(a => a.Proven),
            ["deferred"] = result.Accounts.Sum(a => a.Deferred),
            ["unmetNotAnnounced"] = result.Accounts.Sum(a => a.UnmetNotAnnounced),
            ["metThoughDeferred"] = result.Accounts.Sum(a => a.MetThoughDeferred),
            ["copiesRefusedForQuota"] = usage.CopiesRefusedForQuota,
            ["othersRefusedForQuota"] = usage.OthersRefusedForQuota,
            ["throttled"] = usage.Throttled,
            ["violations"] = new JsonArray([.. Violations(result).Select(v => JsonValue.Create(v))]),
            ["callsPerDatabase"] = Math.Round(usage.Calls / Each(result), 1),
            ["invocationsPerDatabase"] = Math.Round(usage.Invocations / Each(result), 1),
            ["transitionsPerDatabase"] = Math.Round(usage.Transitions / Each(result), 1),
            ["cost"] = cost,
            ["lastProvenAfter"] = usage.LastProvenAfter?.ToString("c", CultureInfo.InvariantCulture),
            ["eventLogHash"] = result.LogHash,
            ["wallSeconds"] = Math.Round(seconds, 1),
            ["peakMemoryBytes"] = process.PeakWorkingSet64,
        };
    }

    private static void Tell(Surroundings here, FleetNightOptions options, FleetNightResult result, double seconds)
    {
        var usage = result.Usage;
        foreach (var violation in Violations(result).Take(MostShown))
        {
            here.Print($"  {violation}");
        }

        using var process = Process.GetCurrentProcess();
        var dollars = NightCost.Of(usage).Sum(line => line.Dollars);
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{result.Databases:N0} {Plural.Word(result.Databases, "database", "databases")} in {options.Accounts:N0} {Plural.Word(options.Accounts, "account", "accounts")}, {options.WindowHours} h: {result.Admitted:N0} admitted, {result.Accounts.Sum(a => a.Proven):N0} proven, the last after {usage.LastProvenAfter?.ToString(@"h\:mm", CultureInfo.InvariantCulture) ?? "none"} hours; {result.Accounts.Sum(a => a.Deferred):N0} announced as deferred, {result.Accounts.Sum(a => a.UnmetNotAnnounced):N0} unmet and not announced."));
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{usage.CopiesRefusedForQuota:N0} copies and {usage.OthersRefusedForQuota:N0} other requests refused for a quota, {usage.Throttled:N0} throttled, {Violations(result).Count():N0} violations of safety rules."));
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{usage.Calls / Each(result):N1} AWS calls, {usage.Transitions / Each(result):N1} state transitions and ${dollars / Each(result):N6} for each that was admitted, ${dollars:N2} in all (us-east-1; without storage, transfer and restored databases; --json tells each price)."));
        here.Print(string.Create(CultureInfo.InvariantCulture, $"{seconds:N1} s, {process.PeakWorkingSet64 / 1_000_000:N0} MB at most; event log {result.LogHash[..16]}."));
    }

    // What is deferred takes no work.
    private static double Each(FleetNightResult result) => Math.Max(1, result.Admitted);

    private static IEnumerable<string> Violations(FleetNightResult result) => result.Accounts.SelectMany(a => a.Violations.Select(v => $"account of seed {a.Seed}: {v}"));
}
