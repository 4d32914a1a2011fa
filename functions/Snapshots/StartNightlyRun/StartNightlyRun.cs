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
/// <param name="Flow">The state machine: the night's copies, or the restore drill.</param>
public sealed record StartNightlyRunRequest(string Policy, JsonElement Policies, string ScheduledTime, string Flow = StartNightlyRun.SnapshotCopy);

/// <param name="Started">False when an earlier start of the same run was found.</param>
public sealed record StartNightlyRunResult(string OperationId, bool Started);

/// <summary>
/// Starts the run of a policy for one scheduled time. The execution's name is made from both, so a schedule that fires twice starts one run.
/// </summary>
[Allow("states:StartExecution", On = "${StateMachine:snapshot-copy}")]
[Allow("states:StartExecution", On = "${StateMachine:restore-drill}")]
public sealed class StartNightlyRun(IAmazonStepFunctions flows, Settings settings, TimeProvider clock)
{
    public const string SnapshotCopy = "snapshot-copy";
    public const string RestoreDrill = "restore-drill";

    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<StartNightlyRunResult> Handle(StartNightlyRunRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        if (request.Flow is not (SnapshotCopy or RestoreDrill))
        {
            throw new ArgumentException($"flow is '{request.Flow}'; allowed are {SnapshotCopy} and {RestoreDrill}.", nameof(request));
        }

        var name = OperationId(request.Flow, request.Policy, Instant.Read(request.ScheduledTime));
        var input = new { request.Policy, request.Policies, request.ScheduledTime };
        try
        {
            await flows.StartExecutionAsync(
                new StartExecutionRequest { StateMachineArn = RecentRuns.Beside(settings.StateMachineArn, request.Flow), Name = name, Input = JsonSerializer.Serialize(input, FunctionJson.Options) },
                deadline.Token).ConfigureAwait(false);
            return new StartNightlyRunResult(name, Started: true);
        }
        catch (ExecutionAlreadyExistsException)
        {
            return new StartNightlyRunResult(name, Started: false);
        }
    }

    /// <summary>Also the execution's name: at most 80 characters, none of them special.</summary>
    public static string OperationId(string flow, string policy, DateTimeOffset scheduled) =>
        $"{flow}-{policy}-{scheduled.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture)}";
}
