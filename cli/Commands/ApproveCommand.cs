using System.CommandLine;

using Dbre.Cli.Runs;
using Dbre.Functions.Core;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre approve</c>: decides an operation that waits for somebody.</summary>
internal static class ApproveCommand
{
    public static Command Create(Surroundings here)
    {
        var operation = new Argument<string>("operation") { Description = "The operation that waits." };
        var reject = Options.Text("--reject", "Reject it, and say why.");
        var command = new Command("approve", "Approve, or reject, an operation that waits for a decision.") { operation, reject };
        command.SetAction(async (parsed, stop) =>
        {
            var (name, why) = (parsed.GetValue(operation)!, parsed.GetValue(reject));
            if (why is not null && string.IsNullOrWhiteSpace(why))
            {
                throw new BadInputException("--reject is empty; it must say why.");
            }

            var account = await here.Aws(stop).ConfigureAwait(false);
            var asked = await Decision.Make(new Ledger(account.Tables, Decision.LedgerTable, here.Clock), account.Flows, name, account.Caller, why, stop).ConfigureAwait(false);
            here.Print(why is null ? $"{name} is approved: {asked.Question}" : $"{name} is rejected: {why}");
            return ExitCode.Success;
        });
        return command;
    }
}
