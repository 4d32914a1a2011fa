using System.Text.Json.Serialization;

namespace Dbre.Functions.Snapshots;

/// <summary>What a Distributed Map with a ResultWriter gives as its result (AWS Step Functions Developer Guide, "ResultWriter").</summary>
public sealed record MapRunResult(
    [property: JsonPropertyName("MapRunArn")] string MapRunArn, [property: JsonPropertyName("ResultWriterDetails")] ResultWriterDetails Details);

/// <summary>Where its manifest is.</summary>
public sealed record ResultWriterDetails([property: JsonPropertyName("Bucket")] string Bucket, [property: JsonPropertyName("Key")] string Key);

/// <summary>The manifest: which files hold what came of the executions.</summary>
public sealed record MapRunManifest(ResultFiles ResultFiles);

public sealed record ResultFiles(
    [property: JsonPropertyName("SUCCEEDED")] IReadOnlyList<ResultFile> Succeeded,
    [property: JsonPropertyName("FAILED")] IReadOnlyList<ResultFile> Failed,
    [property: JsonPropertyName("PENDING")] IReadOnlyList<ResultFile> Pending);

public sealed record ResultFile(string Key);

/// <summary>One execution of a Map Run, as its result file tells it.</summary>
/// <param name="Status">SUCCEEDED; FAILED, TIMED_OUT or ABORTED; PENDING when it was never started.</param>
/// <param name="Input">Its input, as text.</param>
/// <param name="Output">Its output, as text, when it succeeded.</param>
public sealed record MapRunRecord(string Status, string Input, string? Output, string? Error, string? Cause);
