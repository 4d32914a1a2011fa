using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.StepFunctions;
using Amazon.StepFunctions.Model;

namespace Dbre.Cli.Runs;

/// <summary>How an execution ended.</summary>
/// <param name="Status">SUCCEEDED, FAILED, TIMED_OUT or ABORTED.</param>
/// <param name="Reason">What the run says of itself, or what Step Functions does.</param>
internal sealed record ExecutionEnd(bool Succeeded, string Status, string Reason)
{
    public static ExecutionEnd Of(DescribeExecutionResponse execution) => new(
        execution.Status == ExecutionStatus.SUCCEEDED, execution.Status.Value,
        ReasonIn(execution.Output) ?? execution.Cause ?? execution.Error ?? $"Step Functions says {execution.Status}.");

    private static string? ReasonIn(string? output)
    {
        try
        {
            return output is null ? null : (string?)(JsonNode.Parse(output) as JsonObject)?["reason"];
        }
        catch (Exception other) when (other is JsonException or InvalidOperationException)
        {
            // An output of another shape has no reason to tell.
            return null;
        }
    }
}
