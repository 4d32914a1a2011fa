using System.Globalization;
using System.Text.Json;

using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="Policies">The whole policy file, as deployed with the schedule.</param>
/// <param name="ScheduledTime">The time that the run is for, not the time it happens to start: a late start is the same run.</param>
public sealed record StartNightlyRunRequest(string Policy, JsonElement Policies, string ScheduledTime);

/// <param name="Started">False when an earlier start of the same run was found.</param>
public sealed record StartNightlyRunResult(string OperationId, bool Started);

/// <summary>
/// Starts the run of a policy for one scheduled time. The execution's name is made from both, so a schedule that fires twice starts one run.
/// </summary>
[Allow("states:StartExecution", On = "${StateMachine:snapshot-copy}")]
public sealed class StartNightlyRun(IAmazonStepFunctions flows, Settings settings, TimeProvider clock)
{
    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<StartNightlyRunResult> Handle(StartNightlyRunRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        var name = OperationId(request.Policy, Instant.Read(request.ScheduledTime));
        try
        {
            await flows.StartExecutionAsync(
                new StartExecutionRequest { StateMachineArn = settings.StateMachineArn, Name = name, Input = JsonSerializer.Serialize(request, FunctionJson.Options) },
                deadline.Token).ConfigureAwait(false);
            return new StartNightlyRunResult(name, Started: true);
        }
        catch (ExecutionAlreadyExistsException)
        {
            return new StartNightlyRunResult(name, Started: false);
        }
    }

    /// <summary>Also the execution's name: at most 80 characters, none of them special.</summary>
    public static string OperationId(string policy, DateTimeOffset scheduled) =>
        $"snapshot-copy-{policy}-{scheduled.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
}
