using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.S3;
using Amazon.S3.Model;

using Dbre.Functions.Core;
using Dbre.Functions.Core.Evidence;

namespace Dbre.Cli.Evidence;

/// <summary>Evidence as it is kept: documents in the account's bucket, the chain's end in the ledger.</summary>
internal sealed class EvidenceBucket(Account account, TimeProvider clock)
{
    private const string LedgerTable = "dbre-ledger";
    private const int AtOnce = 8;
    private const int Looks = 3;

    private readonly string bucket = $"dbre-evidence-{account.Number}-{account.Region}";
    private readonly Ledger ledger = new(account.Tables, LedgerTable, clock);

    /// <summary>The record of an operation, or the newest; null when there is none.</summary>
    /// <param name="operationId">Null is the newest.</param>
    /// <exception cref="EvidenceException">The ledger names it, but it is not there or cannot be read.</exception>
    public async Task<StoredRecord?> Find(string automation, string? operationId, CancellationToken stop)
    {
        var named = await Named(() => operationId is null ? ledger.ReadEvidenceHead(automation, stop) : ledger.ReadEvidenceOf(automation, operationId, stop)).ConfigureAwait(false);
        if (named is null)
        {
            return null;
        }

        var key = EvidenceStore.KeyOf(automation, named.OperationId, named.Hash);
        try
        {
            return await Get(key, stop).ConfigureAwait(false)
                ?? throw new EvidenceException($"The object '{key}' of the bucket '{bucket}' is no evidence record: it is not a JSON object.");
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode is "NoSuchKey" or "NoSuchBucket")
        {
            throw new EvidenceException($"The ledger names the record of '{named.OperationId}', but the bucket '{bucket}' does not hold '{key}'.");
        }
    }

    /// <summary>Every record of an automation, and whether the chain holds.</summary>
    public async Task<EvidenceChain> Chain(string automation, CancellationToken stop)
    {
        // A run that ends meanwhile moves the chain's end; then what was read is not one moment's.
        for (var look = 1; ; look++)
        {
            var before = await Named(() => ledger.ReadEvidenceHead(automation, stop)).ConfigureAwait(false);
            var (stored, faults) = await All(automation, stop).ConfigureAwait(false);
            if (look == Looks || before == await ledger.ReadEvidenceHead(automation, stop).ConfigureAwait(false))
            {
                var chain = EvidenceChain.Check(automation, stored, before);
                return chain with { Faults = [.. faults, .. chain.Faults] };
            }
        }
    }

    private async Task<(IReadOnlyList<StoredRecord> Stored, IReadOnlyList<string> Faults)> All(string automation, CancellationToken stop)
    {
        var keys = new List<string>();
        try
        {
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = $"evidence/{automation}/" };
            await foreach (var page in account.Objects.Paginators.ListObjectsV2(request).Responses.WithCancellation(stop).ConfigureAwait(false))
            {
                keys.AddRange((page.S3Objects ?? []).Select(o => o.Key));
            }
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchBucket")
        {
            throw account.Lacks($"The bucket '{bucket}'");
        }

        var records = new StoredRecord?[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (i, inner) =>
            records[i] = await Get(keys[i], inner).ConfigureAwait(false)).ConfigureAwait(false);
        return ([.. records.OfType<StoredRecord>()], [.. keys.Where((_, i) => records[i] is null).Select(k => $"The object '{k}' is no evidence record: it is not a JSON object.")]);
    }

    private async Task<StoredRecord?> Get(string key, CancellationToken stop)
    {
        using var stored = await account.Objects.GetObjectAsync(bucket, key, stop).ConfigureAwait(false);
        try
        {
            return await JsonNode.ParseAsync(stored.ResponseStream, cancellationToken: stop).ConfigureAwait(false) is JsonObject document ? new StoredRecord(key, document) : null;
        }
        catch (JsonException)
        {
            // The caller says which object it is.
            return null;
        }
    }

    private async Task<EvidenceHead?> Named(Func<Task<EvidenceHead?>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (Amazon.DynamoDBv2.Model.ResourceNotFoundException)
        {
            throw account.Lacks($"The table '{LedgerTable}'");
        }
    }
}

/// <summary>Evidence that should be there is not: one sentence that says which.</summary>
internal sealed class EvidenceException(string message) : Exception(message);
