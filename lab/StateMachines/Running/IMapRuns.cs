using System.Text.Json.Nodes;

using Dbre.Lab.StateMachines.Definition;

namespace Dbre.Lab.StateMachines.Running;

/// <summary>Where the Map Runs of an execution live: their items, their executions, their results.</summary>
public interface IMapRuns
{
    IMapRun Begin(MapRunPlan plan);
}

/// <summary>A Map Run as the state asks for it.</summary>
/// <param name="MaxConcurrency">0 is as many as AWS allows.</param>
public sealed record MapRunPlan(DistributedMode Mode, StateGraph Processor, int MaxConcurrency, double ToleratedFailurePercentage, long ToleratedFailureCount);

/// <summary>One run of a Distributed Map.</summary>
public interface IMapRun
{
    string Arn { get; }

    /// <summary>The text of the object that holds the items.</summary>
    /// <exception cref="StatesError">States.ItemReaderFailed, with what S3 said.</exception>
    Task<string> Read(string bucket, string key);

    /// <summary>Told once, before the first execution.</summary>
    void Expect(int items);

    /// <summary>Runs one item's execution to its end; a stop ends it as aborted.</summary>
    /// <exception cref="StatesError">It could not be started.</exception>
    Task<MapRunItem> Run(JsonNode? input, CancellationToken stop);

    /// <summary>Writes what the executions did as files, and what was never started.</summary>
    /// <returns>Where the manifest is, as the state's result.</returns>
    /// <exception cref="StatesError">States.ResultWriterFailed, with what S3 said.</exception>
    Task<JsonObject> Export(string bucket, string prefix, IReadOnlyList<JsonNode?> pending);

    void End(MapRunEnd end);
}

/// <summary>What came of one item.</summary>
/// <param name="Result">The execution's output; for one that failed, what Step Functions tells of it.</param>
public sealed record MapRunItem(bool Succeeded, JsonNode? Result);

public enum MapRunEnd
{
    Succeeded,
    Failed,
    Aborted,
}
