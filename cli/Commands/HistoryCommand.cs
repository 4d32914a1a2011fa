using System.CommandLine;

using Dbre.Cli.Runs;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre history</c>: the last runs, newest first, with why each that failed did.</summary>
internal static class HistoryCommand
{
    public static Command Create(Surroundings here)
    {
        var last = Options.Number("--last", "How many", least: 1, most: 1000, otherwise: 10);
        var json = Options.Flag("--json", "Print JSON and nothing else.");
        var command = new Command("history", "The last runs, newest first.") { last, json };
        command.SetAction(async (parsed, stop) =>
        {
            var account = await here.Aws(stop).ConfigureAwait(false);
            var executions = await Flow.Executions(account, parsed.GetValue(last), stop).ConfigureAwait(false);
            await ExecutionLines.Write(here, account.Flows, executions, parsed.GetValue(json), stop).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }
}
