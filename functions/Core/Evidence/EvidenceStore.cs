using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.S3;
using Amazon.S3.Model;


namespace Dbre.Functions.Core.Evidence;

/// <summary>
/// Evidence: one JSON document per execution in the bucket, chained by hash through the ledger. The hash is SHA-256 over the document
/// as written, without its own <c>hash</c> field, so anyone can check it with standard tools.
/// </summary>
public sealed class EvidenceStore(IAmazonS3 s3, string bucket, Ledger ledger)
{
    private const int ChainAttempts = 10;

    /// <summary>
    /// Writes the record of an operation. A rerun finds the one that is there and leaves it. The document is stored before the chain names it,
    /// under its hash, so that the chain never points at nothing.
    /// </summary>
    /// <returns>The record's hash and the object's key.</returns>
    public async Task<(string Hash, string Key)> Append(string automation, string operationId, JsonObject record, CancellationToken stop)
    {
        for (var attempt = 0; attempt < ChainAttempts; attempt++)
        {
            if (await ledger.ReadEvidenceOf(automation, operationId, stop).ConfigureAwait(false) is { } written)
            {
                return (written.Hash, KeyOf(automation, operationId, written.Hash));
            }

            var previous = await ledger.ReadEvidenceHead(automation, stop).ConfigureAwait(false);
            record["previousHash"] = previous?.Hash ?? "";
            record.Remove("hash");
            var hash = Hash(record);
            record["hash"] = hash;
            var key = KeyOf(automation, operationId, hash);
            await s3.PutObjectAsync(
                new PutObjectRequest { BucketName = bucket, Key = key, ContentType = "application/json", ContentBody = record.ToJsonString(Written) }, stop).ConfigureAwait(false);
            var next = new EvidenceHead(operationId, hash);
            if (await ledger.AppendEvidence(automation, previous, next, (string)record["outcome"]!, (string)record["reason"]!, stop).ConfigureAwait(false))
            {
                return (hash, key);
            }
        }

        throw new InvalidOperationException($"The evidence of '{operationId}' could not be chained in {ChainAttempts} attempts: other runs kept coming between.");
    }

    /// <summary>The record of an operation; null when it left none.</summary>
    public async Task<JsonObject?> Find(string automation, string operationId, CancellationToken stop)
    {
        if (await ledger.ReadEvidenceOf(automation, operationId, stop).ConfigureAwait(false) is not { } written)
        {
            return null;
        }

        using var stored = await s3.GetObjectAsync(bucket, KeyOf(automation, operationId, written.Hash), stop).ConfigureAwait(false);
        var content = stored.ResponseStream;
        await using var dispose = content.ConfigureAwait(false);
        return (await JsonNode.ParseAsync(content, cancellationToken: stop).ConfigureAwait(false))!.AsObject();
    }

    /// <summary>SHA-256, in lower-case hex, of a record without its <c>hash</c> field.</summary>
    public static string Hash(JsonObject record)
    {
        var bare = record.DeepClone().AsObject();
        bare.Remove("hash");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(bare.ToJsonString(Written))));
    }

    /// <summary>Where a record stands in the bucket.</summary>
    public static string KeyOf(string automation, string operationId, string hash) => $"evidence/{automation}/{operationId}/{hash[..16]}.json";

    private static readonly JsonSerializerOptions Written = new() { WriteIndented = false };
}
