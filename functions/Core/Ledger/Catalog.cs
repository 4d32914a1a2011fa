using System.Globalization;

using Amazon.DynamoDBv2.Model;

using Dbre.Functions.Core.Aws;

namespace Dbre.Functions.Core;

/// <summary>One copy in the backup catalog.</summary>
/// <param name="CreatedAt">When the data was frozen: the source snapshot's time, not the copy's.</param>
/// <param name="ProvenAt">When it was restored and compared; null until then.</param>
/// <param name="ProvenBy">The operation that proved it.</param>
/// <param name="CopySeconds">How long the copying took; null when nobody saw it begin. It is what the next copy is expected to take.</param>
/// <param name="SnapshotSeconds">The same of the source's snapshot.</param>
/// <param name="RestoreSeconds">The same of the restore for its proof.</param>
public sealed record CatalogEntry(
    string Database, Location Location, string Snapshot, string Policy, DateTimeOffset CreatedAt, DateTimeOffset? ProvenAt, string? ProvenBy, int? CopySeconds = null, int? SnapshotSeconds = null, int? RestoreSeconds = null);

/// <summary>The backup catalog: database × snapshot × Region × account, proven when and by which run.</summary>
public sealed partial class Ledger
{
    public async Task<IReadOnlyList<CatalogEntry>> Copies(string database, CancellationToken stop)
    {
        var found = new List<CatalogEntry>();
        var pages = dynamo.Paginators.Query(new QueryRequest
        {
            TableName = table,
            ConsistentRead = true,
            KeyConditionExpression = "pk = :pk AND begins_with(sk, :copy)",
            ExpressionAttributeValues = new() { [":pk"] = new($"database#{database}"), [":copy"] = new("copy#") },
        });
        await foreach (var page in pages.Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            found.AddRange((page.Items ?? []).Select(item => Read(database, item)));
        }

        return found;
    }

    /// <summary>Notes that a copy is there. Noting it again changes nothing, and never takes a proof away.</summary>
    public async Task RecordCopy(CatalogEntry entry, CancellationToken stop)
    {
        var item = CopyKey(entry.Database, entry.Location, entry.Snapshot);
        item["snapshot"] = new(entry.Snapshot);
        item["region"] = new(entry.Location.Region);
        item["account"] = new(entry.Location.Account ?? "");
        item["policy"] = new(entry.Policy);
        item["createdAt"] = new(Instant.Write(entry.CreatedAt));
        item["recordedAt"] = new(Now);
        foreach (var (name, seconds) in new[] { ("copySeconds", entry.CopySeconds), ("snapshotSeconds", entry.SnapshotSeconds) })
        {
            if (seconds is { } took)
            {
                item[name] = Number(took);
            }
        }

        try
        {
            await dynamo.PutItemAsync(new PutItemRequest { TableName = table, Item = item, ConditionExpression = "attribute_not_exists(pk)" }, stop).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // Recorded by an earlier attempt.
        }
    }

    /// <summary>Notes that a recorded copy was restored and compared equal.</summary>
    /// <param name="restoreSeconds">How long the restore took, when somebody saw it begin.</param>
    public Task RecordProof(string database, Location location, string snapshot, string operationId, int? restoreSeconds, CancellationToken stop) =>
        dynamo.UpdateItemAsync(
            new UpdateItemRequest
            {
                TableName = table,
                Key = CopyKey(database, location, snapshot),
                UpdateExpression = restoreSeconds is null ? "SET provenAt = :now, provenBy = :by" : "SET provenAt = :now, provenBy = :by, restoreSeconds = :seconds",
                ConditionExpression = "attribute_exists(pk)",
                ExpressionAttributeValues = restoreSeconds is { } seconds
                    ? new() { [":now"] = new(Now), [":by"] = new(operationId), [":seconds"] = Number(seconds) }
                    : new() { [":now"] = new(Now), [":by"] = new(operationId) },
            },
            stop);

    /// <summary>Takes an entry out after its snapshot is gone.</summary>
    public Task ForgetCopy(string database, Location location, string snapshot, CancellationToken stop) =>
        dynamo.DeleteItemAsync(new DeleteItemRequest { TableName = table, Key = CopyKey(database, location, snapshot) }, stop);

    private static CatalogEntry Read(string database, Dictionary<string, AttributeValue> item) => new(
        database, new Location(item["region"].S, item["account"].S is { Length: > 0 } account ? account : null), item["snapshot"].S, item["policy"].S,
        Instant.Read(item["createdAt"].S),
        item.TryGetValue("provenAt", out var at) ? Instant.Read(at.S) : null,
        item.TryGetValue("provenBy", out var by) ? by.S : null,
        Seconds(item, "copySeconds"), Seconds(item, "snapshotSeconds"), Seconds(item, "restoreSeconds"));

    private static int? Seconds(Dictionary<string, AttributeValue> item, string name) =>
        item.TryGetValue(name, out var seconds) ? int.Parse(seconds.N, CultureInfo.InvariantCulture) : null;

    private static Dictionary<string, AttributeValue> CopyKey(string database, Location location, string snapshot) =>
        Key($"database#{database}", $"copy#{location.Region}#{location.Account ?? ""}#{snapshot}");
}
