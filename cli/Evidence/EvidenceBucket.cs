using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.S3.Model;

using Dbre.Functions.Core;

namespace Dbre.Cli.Evidence;

/// <summary>Reads the evidence of an automation from the account's bucket, and the end of its chain from the ledger.</summary>
internal sealed class EvidenceBucket(Account account, TimeProvider clock)
{
    private const string LedgerTable = "dbre-ledger";
    private const int AtOnce = 8;

    /// <exception cref="BadInputException">There is no bucket, so nothing is deployed here.</exception>
    public async Task<EvidenceChain> Read(string automation, CancellationToken stop)
    {
        var bucket = $"dbre-evidence-{account.Number}-{account.Region}";
        var keys = new List<string>();
        try
        {
            var request = new ListObjectsV2Request { BucketName = bucket, Prefix = $"evidence/{automation}/" };
            await foreach (var page in account.Objects.Paginators.ListObjectsV2(request).Responses.WithCancellation(stop).ConfigureAwait(false))
            {
                keys.AddRange((page.S3Objects ?? []).Select(o => o.Key));
            }
        }
        catch (Amazon.S3.AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchBucket")
        {
            throw new BadInputException($"The bucket '{bucket}' does not exist; deploy the stack DbrePrimary to {account.Region}, or set AWS_REGION to where it is.");
        }

        var records = new JsonObject?[keys.Count];
        var faults = new string?[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stop }, async (i, inner) =>
        {
            using var stored = await account.Objects.GetObjectAsync(bucket, keys[i], inner).ConfigureAwait(false);
            try
            {
                records[i] = await JsonNode.ParseAsync(stored.ResponseStream, cancellationToken: inner).ConfigureAwait(false) as JsonObject;
            }
            catch (JsonException)
            {
                // Told below, as what is JSON but no object is.
            }

            faults[i] = records[i] is null ? $"The object '{keys[i]}' is no evidence record: it is not a JSON object." : null;
        }).ConfigureAwait(false);
        var head = await new Ledger(account.Tables, LedgerTable, clock).ReadEvidenceHead(automation, stop).ConfigureAwait(false);
        var chain = EvidenceChain.Check([.. records.OfType<JsonObject>()], head);
        return chain with { Faults = [.. faults.OfType<string>(), .. chain.Faults] };
    }
}
