using System.Text.Json;

using Amazon.S3;
using Amazon.S3.Model;

using Dbre.Functions.Core.Proof;
using Dbre.Functions.Runtime;

namespace Dbre.Functions.Snapshots;

/// <summary>When a source was measured: a table that is the same at both moments was so in the snapshot too.</summary>
public enum SourceMoment
{
    Before,
    After,
}

/// <summary>Measurements of sources, in the evidence bucket: too large for the state machine's 256 KB, and part of the evidence.</summary>
public sealed class MeasurementStore(IAmazonS3 s3, Settings settings)
{
    public async Task Save(string operationId, string database, SourceMoment moment, Measurement measurement, CancellationToken stop) =>
        await s3.PutObjectAsync(
            new PutObjectRequest
            {
                BucketName = settings.EvidenceBucket,
                Key = KeyOf(operationId, database, moment),
                ContentType = "application/json",
                ContentBody = JsonSerializer.Serialize(measurement, FunctionJson.Options),
            },
            stop).ConfigureAwait(false);

    public async Task<Measurement> Load(string operationId, string database, SourceMoment moment, CancellationToken stop)
    {
        using var stored = await s3.GetObjectAsync(settings.EvidenceBucket, KeyOf(operationId, database, moment), stop).ConfigureAwait(false);
        var content = stored.ResponseStream;
        await using var dispose = content.ConfigureAwait(false);
        return (await JsonSerializer.DeserializeAsync<Measurement>(content, FunctionJson.Options, stop).ConfigureAwait(false))!;
    }

    private static string KeyOf(string operationId, string database, SourceMoment moment) => $"measurements/{operationId}/{database}/{moment}.json";
}
