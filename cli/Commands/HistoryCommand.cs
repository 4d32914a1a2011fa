using System.CommandLine;

using Dbre.Cli.Runs;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre history</c>: the last runs, newest first, with why each that failed did.</summary>
internal static class HistoryCommand
{
    public static Command Create(Surroundings here)
    {
        var last = new Option<int>("--last") { Description = "How many, 1 to 1000.", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "Print JSON and nothing else." };
        var command = new Command("history", "The last runs, newest first.") { last, json };
        command.SetAction(async (parsed, stop) =>
        {
            var most = parsed.GetValue(last);
            if (most is < 1 or > 1000)
            {
                throw new BadInputException($"--last is {most}; allowed are whole numbers from 1 to 1000.");
            }

            var account = await here.Aws(stop).ConfigureAwait(false);
            foreach (var name in Flow.Names)
            {
                var flow = await Flow.Find(account, name, stop).ConfigureAwait(false);
                var executions = await flow.Executions(account.Flows, most, stop).ConfigureAwait(false);
                await ExecutionLines.Write(here, account.Flows, executions, $"{name} has not run yet.", parsed.GetValue(json), stop).ConfigureAwait(false);
            }

            return ExitCode.Success;
        });
        return command;
    }
}
