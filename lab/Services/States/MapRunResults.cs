using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.StepFunctions;

namespace Dbre.Lab.Services.States;

/// <summary>
/// The files that a ResultWriter leaves: a manifest, and the executions by how they ended (Developer Guide, "ResultWriter"). One file an
/// end: AWS begins another at 5 GB.
/// </summary>
internal sealed class MapRunResults(MapRun run, string bucket, string prefix)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string folder = $"{(prefix.Length == 0 || prefix.EndsWith('/') ? prefix : prefix + "/")}{run.Id}/";

    public string ManifestKey => folder + "manifest.json";

    /// <summary>The manifest last, so that it never names what is not there.</summary>
    public IReadOnlyList<(string Key, byte[] Content)> Write(IReadOnlyList<JsonNode?> pending)
    {
        var ends = new (string Name, JsonNode?[] Records)[]
        {
            ("FAILED", [.. run.Children.Where(c => c.Status.Value is "FAILED" or "TIMED_OUT" or "ABORTED").Select(Record)]),
            ("PENDING", [.. pending.Select(Pending)]),
            ("SUCCEEDED", [.. run.Children.Where(c => c.Status == ExecutionStatus.SUCCEEDED).Select(Record)]),
        };
        var files = ends.Where(e => e.Records.Length > 0).Select(e => (e.Name, Key: $"{folder}{e.Name}_0.json", Content: Bytes(new JsonArray(e.Records)))).ToList();
        var manifest = new JsonObject
        {
            ["DestinationBucket"] = bucket,
            ["MapRunArn"] = run.Arn,
            ["ResultFiles"] = new JsonObject(ends.Select(e => KeyValuePair.Create<string, JsonNode?>(
                e.Name, new JsonArray([.. files.Where(f => f.Name == e.Name).Select(f => new JsonObject { ["Key"] = f.Key, ["Size"] = f.Content.Length })])))),
        };
        return [.. files.Select(f => (f.Key, f.Content)), (ManifestKey, Bytes(manifest))];
    }

    /// <summary>An execution as the files tell it: as DescribeExecution does, in capitals.</summary>
    public static JsonObject Record(RunningExecution child)
    {
        var record = new JsonObject { ["ExecutionArn"] = child.Arn, ["Input"] = child.Input, ["InputDetails"] = Included(), ["Name"] = child.Name };
        if (child.Output is { } output)
        {
            (record["Output"], record["OutputDetails"]) = (output, Included());
        }

        if (child.Status != ExecutionStatus.SUCCEEDED)
        {
            (record["Error"], record["Cause"]) = (child.Error, child.Cause);
        }

        record["RedriveCount"] = 0;
        record["RedriveStatus"] = child.Status == ExecutionStatus.SUCCEEDED ? "NOT_REDRIVABLE" : "REDRIVABLE_BY_MAP_RUN";
        (record["StartDate"], record["StopDate"]) = (Time(child.Started), child.Stopped is { } stopped ? Time(stopped) : null);
        (record["StateMachineArn"], record["Status"]) = (child.StateMachineArn, child.Status.Value);
        return record;
    }

    private static JsonObject Pending(JsonNode? input) => new() { ["Input"] = input?.ToJsonString() ?? "null", ["InputDetails"] = Included(), ["Status"] = "PENDING" };

    private static JsonObject Included() => new() { ["Included"] = true };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Bytes(JsonNode content) => JsonSerializer.SerializeToUtf8Bytes(content, Plain);
}
