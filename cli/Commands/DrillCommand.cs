using System.CommandLine;
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;

using Dbre.Cli.Drill;
using Dbre.Cli.Report;
using Dbre.Cli.Terminal;
using Dbre.Lab.Host;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre drill</c>: rehearses the automations on real servers; exit code 0 only when every proof held.</summary>
internal static class DrillCommand
{
    private const string All = "all";
    private const string OutputFolder = "out/drill";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static Command Create(Surroundings here)
    {
        var only = Options.OneOf("--only", "Which chapter", All, All, "snapshots", "restore");
        var json = Options.Flag("--json", "Print the evidence as JSON and nothing else.");
        var command = new Command("drill", "Rehearse the automations on real database servers on this machine.") { only, json };
        command.SetAction((parsed, stop) => Run(here, parsed.GetValue(only)!, parsed.GetValue(json), stop));
        return command;
    }

    private static async Task<int> Run(Surroundings here, string only, bool json, CancellationToken stop)
    {
        var records = new JsonArray();
        var problem = await Progress.Show(here, json ? ProgressForm.Nothing : ProgressForm.Person, progress => Rehearse(here, only, records, progress, stop)).ConfigureAwait(false);
        Directory.CreateDirectory(OutputFolder);
        await File.WriteAllTextAsync(Path.Combine(OutputFolder, "evidence.json"), records.ToJsonString(Indented) + "\n", CancellationToken.None).ConfigureAwait(false);
        await File.WriteAllTextAsync(Path.Combine(OutputFolder, "report.html"), HtmlReport.Render([.. records.Select(r => r!.AsObject())]), CancellationToken.None).ConfigureAwait(false);
        if (json)
        {
            here.Print(records.ToJsonString());
        }
        else
        {
            foreach (var record in records)
            {
                TerminalReport.Write(here.Out, EvidenceRecord.Read(record!.AsObject()));
            }
        }

        if (problem is not null)
        {
            await here.Error.WriteLineAsync($"The drill failed: {problem}").ConfigureAwait(false);
            return ExitCode.Failure;
        }

        if (!json)
        {
            here.Print($"Every proof held. The evidence is in {OutputFolder}/evidence.json, the page to look at {OutputFolder}/report.html.");
        }

        return ExitCode.Success;
    }

    /// <summary>Null when every proof held; otherwise which one did not, and why.</summary>
    private static async Task<string?> Rehearse(Surroundings here, string only, JsonArray records, Progress progress, CancellationToken stop)
    {
        try
        {
            var lab = await LabHost.Start(LabOptions.ForDrill(), here.Clock, stop).ConfigureAwait(false);
            await using var dispose = lab.ConfigureAwait(false);
            progress.Say($"The lab is up at {lab.Address}, with {lab.Deployed} deployed.");
            if (only is All or "snapshots")
            {
                await new SnapshotDrill(lab, progress, here.Clock).Run(records, stop).ConfigureAwait(false);
            }

            if (only is All or "restore")
            {
                var restores = new RestoreDrill(lab, progress, here.Clock);
                await Task.WhenAll(restores.Run(records, stop), new TableDrill(lab, progress, here.Clock).Run(records, stop)).ConfigureAwait(false);
                await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(OutputFolder).FullName, "clients.json"), restores.Clients.ToJsonString(Indented) + "\n", stop).ConfigureAwait(false);
            }

            return null;
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // Ctrl-C reaches the servers as well, so what fails first is by chance.
            throw new OperationCanceledException(stop);
        }
        catch (Exception failed) when (failed is DrillException or LabException or DbException)
        {
            return failed.Message;
        }
    }
}
