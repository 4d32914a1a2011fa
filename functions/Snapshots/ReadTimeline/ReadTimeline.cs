using Amazon.Lambda.Annotations;
using Amazon.Lambda.Core;
using Amazon.StepFunctions;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <param name="ExecutionArn">The database's own execution, in which this is the last step.</param>
public sealed record ReadTimelineRequest(string ExecutionArn, DatabasePlan Plan);

public sealed record ReadTimelineResult(IReadOnlyList<TimelineStep> Steps);

/// <summary>
/// Reads the steps of one database off its execution's history. Each does so at its own end: read at the end of the night, the histories of a
/// whole fleet would be one burst of calls.
/// </summary>
[Allow("states:GetExecutionHistory", On = "${Executions:snapshot-copy/databases}")]
public sealed class ReadTimeline(IAmazonStepFunctions flows, TimeProvider clock)
{
    private const string TargetMap = "Copy to each target";

    [LambdaFunction(Timeout = 30, MemorySize = 512)]
    public async Task<ReadTimelineResult> Handle(ReadTimelineRequest request, ILambdaContext context)
    {
        using var deadline = Deadline.Of(context, clock);
        return new ReadTimelineResult(Timeline.Steps(await Timeline.Events(flows, request.ExecutionArn, deadline.Token).ConfigureAwait(false), request.Plan.Database, TargetMap, [.. request.Plan.Targets.Select(t => t.Region)]));
    }
}
