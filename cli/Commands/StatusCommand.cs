using System.CommandLine;

using Amazon.StepFunctions;

using Dbre.Cli.Runs;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre status</c>: what runs now, and how each flow's last run ended. Exit code 1 when one failed.</summary>
internal static class StatusCommand
{
    // More runs at once than this are not expected: a policy's run ends before its next begins.
    private const int Looked = 100;

    public static Command Create(Surroundings here)
    {
        var json = Options.Flag("--json", "Print JSON and nothing else.");
        var command = new Command("status", "What runs now, and how the last run ended; exit code 1 when that failed.") { json };
        command.SetAction(async (parsed, stop) =>
        {
            var account = await here.Aws(stop).ConfigureAwait(false);
            var executions = await Flow.Executions(account, Looked, stop).ConfigureAwait(false);
            var running = executions.Where(e => e.Status == ExecutionStatus.RUNNING);
            var last = executions.Where(e => e.Status != ExecutionStatus.RUNNING).DistinctBy(e => e.StateMachineArn, StringComparer.Ordinal).ToList();
            await ExecutionLines.Write(here, account.Flows, [.. running, .. last], parsed.GetValue(json), stop).ConfigureAwait(false);
            return last.Any(e => e.Status != ExecutionStatus.SUCCEEDED) ? ExitCode.Failure : ExitCode.Success;
        });
        return command;
    }
}
