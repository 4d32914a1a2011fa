using System.Net;
using System.Text.Json;

using Amazon.S3;
using Amazon.S3.Model;

using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <summary>What a run does with the databases that its policy covers.</summary>
/// <param name="Plans">In the order of the queue.</param>
/// <param name="Deferred">What the window and the quotas do not carry.</param>
/// <param name="Quotas">Which quotas those are.</param>
public sealed record RunSelection(
    IReadOnlyList<DatabasePlan> Plans, IReadOnlyList<RefusedDatabase> Refused, IReadOnlyList<DeferredDatabase> Deferred, IReadOnlyList<QuotaShortfall> Quotas);

/// <summary>
/// The working files of a run, which are too large for the state machine's 256 KB: <c>runs/(operation)/selection.json</c>, <c>plans.json</c> with
/// the items of the Distributed Map, and its results. The state machine names the same keys.
/// </summary>
public sealed class RunFiles(IAmazonS3 s3, Settings settings)
{
    /// <summary>
    /// Keeps the selection of a run, once: a call that is made again gets what the first one kept, since the databases may have changed since.
    /// The plans are written from it, so that the two never differ.
    /// </summary>
    public async Task<RunSelection> Keep(string operationId, RunSelection selection, CancellationToken stop)
    {
        var kept = await WriteOnce($"runs/{operationId}/selection.json", selection, stop).ConfigureAwait(false)
            ? selection
            : await Selection(operationId, stop).ConfigureAwait(false);
        await Write(new PutObjectRequest { Key = $"runs/{operationId}/plans.json" }, kept.Plans, stop).ConfigureAwait(false);
        return kept;
    }

    public Task<RunSelection> Selection(string operationId, CancellationToken stop) => Read<RunSelection>($"runs/{operationId}/selection.json", FunctionJson.Options, stop);

    /// <summary>What the Distributed Map's ResultWriter left.</summary>
    public async Task<IReadOnlyList<MapRunRecord>> Results(MapRunResult run, CancellationToken stop)
    {
        var manifest = await Read<MapRunManifest>(run.Details.Key, AsWritten, stop).ConfigureAwait(false);
        var records = new List<MapRunRecord>();
        foreach (var file in manifest.ResultFiles.Succeeded.Concat(manifest.ResultFiles.Failed).Concat(manifest.ResultFiles.Pending))
        {
            records.AddRange(await Read<List<MapRunRecord>>(file.Key, AsWritten, stop).ConfigureAwait(false));
        }

        return records;
    }

    // Step Functions' own files may gain fields.
    private static readonly JsonSerializerOptions AsWritten = new();

    private async Task<bool> WriteOnce<T>(string key, T content, CancellationToken stop)
    {
        try
        {
            await Write(new PutObjectRequest { Key = key, IfNoneMatch = "*" }, content, stop).ConfigureAwait(false);
            return true;
        }
        catch (AmazonS3Exception there) when (there.StatusCode == HttpStatusCode.PreconditionFailed)
        {
            return false;
        }
    }

    private Task Write<T>(PutObjectRequest request, T content, CancellationToken stop)
    {
        (request.BucketName, request.ContentType, request.ContentBody) = (settings.RunBucket, "application/json", JsonSerializer.Serialize(content, FunctionJson.Options));
        return s3.PutObjectAsync(request, stop);
    }

    private async Task<T> Read<T>(string key, JsonSerializerOptions options, CancellationToken stop)
    {
        using var stored = await s3.GetObjectAsync(settings.RunBucket, key, stop).ConfigureAwait(false);
        var content = stored.ResponseStream;
        await using var dispose = content.ConfigureAwait(false);
        return (await JsonSerializer.DeserializeAsync<T>(content, options, stop).ConfigureAwait(false))!;
    }
}
