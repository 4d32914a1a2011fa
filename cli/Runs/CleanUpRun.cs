using System.Globalization;

using Amazon.StepFunctions.Model;

namespace Dbre.Cli.Runs;

/// <summary>A clean-up after runs that ended badly. It finds by itself what there is to do, so it takes no input.</summary>
internal sealed class CleanUpRun(DateTimeOffset at) : IRun
{
    public string Flow => Runs.Flow.CleanUp;

    public Task<Plan?> Plan(Account account, CancellationToken stop) => Task.FromResult<Plan?>(null);

    public async Task<StartedRun> Start(Account account, CancellationToken stop)
    {
        var flow = await Runs.Flow.Find(account, Flow, stop).ConfigureAwait(false);
        var name = $"{Flow}-{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
        try
        {
            await account.Flows.StartExecutionAsync(new StartExecutionRequest { StateMachineArn = flow.Arn, Name = name, Input = "{}" }, stop).ConfigureAwait(false);
            return new StartedRun(name, Started: true);
        }
        catch (ExecutionAlreadyExistsException)
        {
            return new StartedRun(name, Started: false);
        }
    }
}
