using System.CommandLine;

using Amazon.StepFunctions;

using Dbre.Cli.Runs;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre status</c>: what runs now, and how the last run ended. Exit code 1 when the last one failed.</summary>
internal static class StatusCommand
{
    private const int Looked = 20;

    public static Command Create(Surroundings here)
    {
        var json = new Option<bool>("--json") { Description = "Print JSON and nothing else." };
        var command = new Command("status", "What runs now, and how the last run ended.") { json };
        command.SetAction(async (parsed, stop) =>
        {
            var account = await here.Aws(stop).ConfigureAwait(false);
            var failed = false;
            foreach (var name in Flow.Names)
            {
                var flow = await Flow.Find(account, name, stop).ConfigureAwait(false);
                var executions = await flow.Executions(account.Flows, Looked, stop).ConfigureAwait(false);
                var running = executions.Where(e => e.Status == ExecutionStatus.RUNNING).ToList();
                var last = executions.FirstOrDefault(e => e.Status != ExecutionStatus.RUNNING);
                failed |= last is not null && last.Status != ExecutionStatus.SUCCEEDED;
                await ExecutionLines.Write(here, account.Flows, [.. running, .. last is null ? [] : new[] { last }], $"{name} has not run yet.", parsed.GetValue(json), stop).ConfigureAwait(false);
            }

            return failed ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }
}
