using System.CommandLine;
using System.Text.Json.Nodes;

using Amazon.Lambda.Model;

using Dbre.Cli.Runs;
using Dbre.Cli.Terminal;

namespace Dbre.Cli.Commands;

/// <summary><c>dbre run snapshot-copy</c>: asks for the plan and starts the run unless the plan is refused; <c>--watch</c> follows it to its end.</summary>
internal static class RunCommand
{
    private const string Planner = "dbre-select-databases";
    private const string Starter = "dbre-start-nightly-run";

    public static Command Create(Surroundings here)
    {
        var flow = Options.Which("flow", "Which flow", Flow.Names);
        var policy = Options.Text("--policy", "Name of a policy in the policy file; needed when the file has several.");
        var policies = Options.Text("--policies", "The policy file; default: config/policies.json.");
        var at = Options.Text("--at", "The time that the run is for, with its zone; the same time again is the same run. Default: now.");
        var input = Options.Text("--input", "A JSON file with policy, policies and scheduledTime, instead of the three options.");
        var plan = Options.Flag("--plan", "Show what would be done, and touch nothing.");
        var watch = Options.Flag("--watch", "Follow the run to its end.");
        var json = Options.Flag("--json", "Print JSON and nothing else; with --watch a line per change, the end last.");
        var command = new Command("run", "Start a flow now.") { flow, policy, policies, at, input, plan, watch, json };
        command.SetAction(async (parsed, stop) =>
        {
            if (parsed.GetValue(plan) && parsed.GetValue(watch))
            {
                throw new BadInputException("--watch is given beside --plan; allowed is one or the other, since a plan starts nothing.");
            }

            var given = new RunGiven(parsed.GetValue(policy), parsed.GetValue(policies), parsed.GetValue(at), parsed.GetValue(input));
            var run = new Run(here, RunRequest.Read(given, here), parsed.GetValue(flow)!, parsed.GetValue(json));
            var account = await here.Aws(stop).ConfigureAwait(false);
            try
            {
                return await Perform(run, account, parsed.GetValue(plan), parsed.GetValue(watch), stop).ConfigureAwait(false);
            }
            catch (ResourceNotFoundException)
            {
                throw new BadInputException($"The functions of '{run.Flow}' are not deployed in {account.Region}; deploy the stack DbrePrimary there, or set AWS_REGION to where it is.");
            }
            catch (FunctionFailedException failed)
            {
                await here.Error.WriteLineAsync(failed.Message).ConfigureAwait(false);
                return ExitCode.Failure;
            }
        });
        return command;
    }

    private static async Task<int> Perform(Run run, Account account, bool planOnly, bool watch, CancellationToken stop)
    {
        var answer = await FunctionCall.Invoke(account.Functions, Planner, run.Request.Payload, stop).ConfigureAwait(false);
        var plan = Plan.Read(answer);
        if (planOnly && run.Json)
        {
            run.Here.Print(answer.ToJsonString());
        }

        if (plan.Refuses)
        {
            throw new BadInputException(plan.Problems.Count > 0 ? plan.Problems : [plan.Reason]);
        }

        if (planOnly && !run.Json)
        {
            PlanTable.Write(run.Here, plan);
        }

        return planOnly ? ExitCode.Success : await Start(run, account, watch, stop).ConfigureAwait(false);
    }

    private static async Task<int> Start(Run run, Account account, bool watch, CancellationToken stop)
    {
        var answer = await FunctionCall.Invoke(account.Functions, Starter, run.Request.Payload, stop).ConfigureAwait(false);
        var operation = (string)answer["operationId"]!;
        if (!run.Json)
        {
            run.Here.Print((bool?)answer["started"] == false ? $"{operation} was started before; it is one run." : $"{operation} is started.");
        }
        else
        {
            run.Here.Print(answer.ToJsonString());
        }

        return watch ? await Watch(run, account, operation, stop).ConfigureAwait(false) : ExitCode.Success;
    }

    private static async Task<int> Watch(Run run, Account account, string operation, CancellationToken stop)
    {
        var flow = await Flow.Find(account, run.Flow, stop).ConfigureAwait(false);
        ExecutionEnd end;
        try
        {
            end = await Progress.Show(
                run.Here, run.Json ? ProgressForm.Json : ProgressForm.Person,
                progress => new ExecutionProgress(account.Flows, flow.ExecutionArn(operation), run.Here.Clock, progress).Follow(stop)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await run.Here.Error.WriteLineAsync($"{operation} is not watched any more; it goes on.").ConfigureAwait(false);
            return ExitCode.Interrupted;
        }

        if (run.Json)
        {
            run.Here.Print(new JsonObject { ["operationId"] = operation, ["status"] = end.Status, ["reason"] = end.Reason }.ToJsonString());
        }
        else if (end.Succeeded)
        {
            run.Here.Print($"{operation} succeeded: {end.Reason}");
        }

        if (!end.Succeeded)
        {
            await run.Here.Error.WriteLineAsync($"{operation} did not succeed: {end.Reason}").ConfigureAwait(false);
        }

        return end.Succeeded ? ExitCode.Success : ExitCode.Failure;
    }

    private sealed record Run(Surroundings Here, RunRequest Request, string Flow, bool Json);
}
