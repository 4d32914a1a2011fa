using System.Globalization;
using System.Text.Json.Nodes;

using Amazon.StepFunctions.Model;

namespace Dbre.Cli.Runs;

/// <summary>A restore to a second, or from a snapshot. Who asks for it is read off the credentials: somebody else must approve a replacement.</summary>
/// <param name="flow">Of a database or of a table.</param>
/// <param name="planner">The function that says what would be done.</param>
/// <param name="input">What the flow takes, but for who asks.</param>
/// <param name="at">When it is asked for; the same time again is the same restore.</param>
internal sealed class RestoreRun(string flow, string planner, JsonObject input, DateTimeOffset at) : IRun
{
    // Step Functions allows 80 characters in an execution's name (AWS Step Functions API Reference, StartExecution).
    private const int LongestName = 80;

    public string Flow => flow;

    public async Task<Plan?> Plan(Account account, CancellationToken stop) => Runs.Plan.Read(await FunctionCall.Invoke(
        account, planner, new JsonObject { ["operationId"] = Name(), ["input"] = Input(account) }.ToJsonString(), stop).ConfigureAwait(false));

    public async Task<StartedRun> Start(Account account, CancellationToken stop)
    {
        var machine = await Runs.Flow.Find(account, Flow, stop).ConfigureAwait(false);
        var name = Name();
        try
        {
            await account.Flows.StartExecutionAsync(
                new StartExecutionRequest { StateMachineArn = machine.Arn, Name = name, Input = Input(account).ToJsonString() }, stop).ConfigureAwait(false);
            return new StartedRun(name, Started: true);
        }
        catch (ExecutionAlreadyExistsException)
        {
            return new StartedRun(name, Started: false);
        }
    }

    private JsonObject Input(Account account)
    {
        var whole = input.DeepClone().AsObject();
        whole["requestedBy"] = account.Caller;
        return whole;
    }

    private string Name()
    {
        var time = at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

        // Only what CloudWatch Logs takes in an execution's name; a table's may have a point.
        var source = string.Concat(((string?)input["source"] ?? "").ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' ? c : '-'));
        return $"{Flow}-{source[..Math.Min(source.Length, LongestName - Flow.Length - time.Length - 2)]}-{time}";
    }
}
