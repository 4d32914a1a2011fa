using Amazon.DynamoDBv2.Model;

namespace Dbre.Functions.Core;

/// <summary>Where the chain of evidence stands: the hash of the newest record.</summary>
public sealed record EvidenceHead(string OperationId, string Hash);

/// <summary>The chain of evidence: one head per automation, and one item per record, so that a rerun finds its own.</summary>
public sealed partial class Ledger
{
    public async Task<EvidenceHead?> ReadEvidenceHead(string automation, CancellationToken stop) =>
        await ReadEvidence(automation, "head", stop).ConfigureAwait(false);

    /// <summary>The record that an operation left, if it got so far.</summary>
    public async Task<EvidenceHead?> ReadEvidenceOf(string automation, string operationId, CancellationToken stop) =>
        await ReadEvidence(automation, $"record#{operationId}", stop).ConfigureAwait(false);

    /// <summary>Appends a record behind <paramref name="previous"/>; false when another run's record came between, so the caller chains again.</summary>
    public async Task<bool> AppendEvidence(string automation, EvidenceHead? previous, EvidenceHead next, string outcome, string reason, CancellationToken stop)
    {
        var record = Key($"evidence#{automation}", $"record#{next.OperationId}");
        record["operationId"] = new(next.OperationId);
        record["hash"] = new(next.Hash);
        record["previousHash"] = new(previous?.Hash ?? "");
        record["outcome"] = new(outcome);
        record["reason"] = new(reason);
        record["at"] = new(Now);
        var head = Key($"evidence#{automation}", "head");
        head["operationId"] = new(next.OperationId);
        head["hash"] = new(next.Hash);
        try
        {
            await dynamo.TransactWriteItemsAsync(
                new TransactWriteItemsRequest
                {
                    TransactItems =
                    [
                        new() { Put = new Put { TableName = table, Item = record, ConditionExpression = "attribute_not_exists(pk)" } },
                        new()
                        {
                            Put = previous is null
                                ? new Put { TableName = table, Item = head, ConditionExpression = "attribute_not_exists(pk)" }
                                : new Put
                                {
                                    TableName = table,
                                    Item = head,
                                    ConditionExpression = "#hash = :previous",
                                    ExpressionAttributeNames = new() { ["#hash"] = "hash" },
                                    ExpressionAttributeValues = new() { [":previous"] = new(previous.Hash) },
                                },
                        },
                    ],
                },
                stop).ConfigureAwait(false);
            return true;
        }
        catch (TransactionCanceledException cancelled) when (cancelled.CancellationReasons?.Any(r => r.Code == "ConditionalCheckFailed") == true)
        {
            return false;
        }
    }

    private async Task<EvidenceHead?> ReadEvidence(string automation, string sort, CancellationToken stop)
    {
        var item = (await dynamo.GetItemAsync(
            new GetItemRequest { TableName = table, Key = Key($"evidence#{automation}", sort), ConsistentRead = true }, stop).ConfigureAwait(false)).Item;
        return item is null or { Count: 0 } ? null : new EvidenceHead(item["operationId"].S, item["hash"].S);
    }
}
