using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Cli.Drill;
using Dbre.Cli.Report;
using Dbre.Lab.Host;

using Spectre.Console;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre drill</c>: rehearses the automations on real servers; exit code 0 only when every proof held.</summary>
internal static class DrillCommand
{
    private const string OutputFolder = "out/drill";

    public static Command Create()
    {
        var only = new Option<string>("--only") { Description = "Which chapter: snapshots.", DefaultValueFactory = _ => "snapshots" };
        only.AcceptOnlyFromAmong("snapshots");
        var json = new Option<bool>("--json") { Description = "Print the evidence as JSON and nothing else." };
        var command = new Command("drill", "Rehearse the automations on real database servers on this machine.") { only, json };
        command.SetAction((parsed, stop) => Run(parsed.GetValue(json), stop));
        return command;
    }

    private static async Task<int> Run(bool json, CancellationToken stop)
    {
        var log = new DrillLog(AnsiConsole.Console, quiet: json, TimeProvider.System);
        var records = new JsonArray();
        string? problem = null;
        try
        {
            var lab = await LabHost.Start(LabOptions.ForDrill(), TimeProvider.System, stop).ConfigureAwait(false);
            await using var dispose = lab.ConfigureAwait(false);
            log.Line($"The lab is up at {lab.Address}, with {lab.Deployed} deployed.");
            records.Add(await new SnapshotDrill(lab, log, TimeProvider.System).Run(stop).ConfigureAwait(false));
        }
        catch (Exception failed) when (failed is DrillException or LabException)
        {
            problem = failed.Message;
        }

        Directory.CreateDirectory(OutputFolder);
        await File.WriteAllTextAsync(Path.Combine(OutputFolder, "evidence.json"), records.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n", CancellationToken.None).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(OutputFolder, "report.html"), HtmlReport.Render([.. records.Select(r => r!.AsObject())]), CancellationToken.None).ConfigureAwait(false);
        if (json)
        {
            Console.WriteLine(records.ToJsonString());
        }

        if (problem is not null)
        {
            await Console.Error.WriteLineAsync($"The drill failed: {problem}").ConfigureAwait(false);
            return 1;
        }

        log.Line($"Every proof held. The evidence is in {OutputFolder}/evidence.json, the page to look at {OutputFolder}/report.html.");
        return 0;
    }
}
