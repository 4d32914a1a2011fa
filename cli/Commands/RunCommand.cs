using System.CommandLine;
using System.Text.Json.Nodes;

using Dbre.Cli.Runs;
using Dbre.Cli.Terminal;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre run</c>: asks for the plan and starts the run unless the plan is refused; <c>--watch</c> follows it to its end.</summary>
internal static class RunCommand
{
    public static Command Create(Surroundings here)
    {
        var flow = Options.Which("flow", "Which flow", Flow.Names);
        var policy = Options.Text("--policy", "Name of a policy in the policy file; needed when the file has several.");
        var policies = Options.Text("--policies", "The policy file; default: config/policies.json.");
        var at = Options.Text("--at", "The time that the run is for, with its zone; the same time again is the same run. Default: now.");
        var source = Options.Text("--source", "pitr-restore, table-restore: the database or DynamoDB table to restore.");
        var to = Options.Text("--to", "The second to restore to, with its offset; or latest; or snapshot:NAME.");
        var name = Options.Text("--as", "The name of the restored database or table.");
        var purpose = Options.Text("--purpose", "beside (default), replace (after an approval; no table) or drill (removed again).");
        var expected = Options.Text("--expected", "A JSON file of tables with table, rows and checksum, to compare the restored with.");
        var instanceClass = Options.Text("--class", "pitr-restore: the class of the restored database's instances, where the source's is not known or no longer sold.");
        var region = Options.Text("--region", "pitr-restore: the Region to restore in, from backups replicated to there or a copy; default: the source's.");
        var subnetGroup = Options.Text("--subnet-group", "pitr-restore: the DB subnet group of what is restored in another Region, or of what is gone.");
        var securityGroups = Options.Text("--security-groups", "pitr-restore: likewise its security groups, with commas between them.");
        var input = Options.Text("--input", "A JSON file with policy, policies and scheduledTime, instead of the three options.");
        var plan = Options.Flag("--plan", "Show what would be done, and touch nothing.");
        var watch = Options.Flag("--watch", "Follow the run to its end.");
        var json = Options.Flag("--json", "Print JSON and nothing else; with --watch a line per change, the end last.");
        var command = new Command("run", "Start a flow now.") { flow, policy, policies, at, source, to, name, purpose, expected, instanceClass, region, subnetGroup, securityGroups, input, plan, watch, json };
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(plan) && parsed.GetValue(watch))
            {
                throw new BadInputException("--watch is given beside --plan; allowed is one or the other, since a plan starts nothing.");
            }

            var given = new RunGiven(parsed.GetValue(policy), parsed.GetValue(policies), parsed.GetValue(at), parsed.GetValue(input),
                parsed.GetValue(source), parsed.GetValue(to), parsed.GetValue(name), parsed.GetValue(purpose), parsed.GetValue(expected), parsed.GetValue(instanceClass),
                parsed.GetValue(region), parsed.GetValue(subnetGroup), parsed.GetValue(securityGroups));
            var run = RunRequest.Read(parsed.GetValue(flow)!, given, here);
            var asked = new Asked(here, run, parsed.GetValue(plan), parsed.GetValue(watch), parsed.GetValue(json));
            try
            {
                return await Perform(asked, await here.Aws(stop).ConfigureAwait(false), stop).ConfigureAwait(false);
            }
            catch (FunctionFailedException failed)
            {
                await here.Error.WriteLineAsync(failed.Message).ConfigureAwait(false);
                return ExitCode.Failure;
            }
        });
        return command;
    }

    private static async Task<int> Perform(Asked asked, Account account, CancellationToken stop)
    {
        var plan = await asked.Run.Plan(account, stop).ConfigureAwait(false);
        if (asked.PlanOnly && plan is null)
        {
            throw new BadInputException($"--plan is given for {asked.Run.Flow}, which finds out only as it goes what there is to do; allowed are {Flow.SnapshotCopy}, {Flow.PitrRestore}, {Flow.TableRestore} and {Flow.RestoreDrill}.");
        }

        if (plan is { Refuses: true })
        {
            throw new BadInputException(plan.Problems.Count > 0 ? plan.Problems : [plan.Reason]);
        }

        if (!asked.PlanOnly)
        {
            return await Start(asked, account, stop).ConfigureAwait(false);
        }

        if (asked.Json)
        {
            asked.Here.Print(plan!.Answer.ToJsonString());
        }
        else
        {
            PlanTable.Write(asked.Here, plan!);
        }

        return ExitCode.Success;
    }

    private static async Task<int> Start(Asked asked, Account account, CancellationToken stop)
    {
        var (operation, started) = await asked.Run.Start(account, stop).ConfigureAwait(false);
        asked.Here.Print(
            asked.Json ? new JsonObject { ["operationId"] = operation, ["started"] = started }.ToJsonString()
            : started ? $"{operation} is started."
            : $"{operation} was started before; it is one run.");
        return asked.Watch ? await Watch(asked, account, operation, stop).ConfigureAwait(false) : ExitCode.Success;
    }

    private static async Task<int> Watch(Asked asked, Account account, string operation, CancellationToken stop)
    {
        var flow = await Flow.Find(account, asked.Run.Flow, stop).ConfigureAwait(false);
        ExecutionEnd end;
        try
        {
            end = await Progress.Show(
                asked.Here, asked.Json ? ProgressForm.Json : ProgressForm.Person,
                progress => new ExecutionProgress(account.Flows, flow.ExecutionArn(operation), asked.Here.Clock, progress).Follow(stop)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await asked.Here.Error.WriteLineAsync($"{operation} is not watched any more; it goes on.").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }

        if (asked.Json)
        {
            asked.Here.Print(new JsonObject { ["operationId"] = operation, ["status"] = end.Status, ["reason"] = end.Reason }.ToJsonString());
        }
        else if (end.Succeeded)
        {
            asked.Here.Print($"{operation} succeeded: {end.Reason}");
        }

        if (!end.Succeeded)
        {
            await asked.Here.Error.WriteLineAsync($"{operation} did not succeed: {end.Reason}").ConfigureAwait(false);
        }

        return end.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }

    private sealed record Asked(Surroundings Here, IRun Run, bool PlanOnly, bool Watch, bool Json);
}
