using Amazon.DynamoDBv2.Model;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Core;

/// <summary>
/// The queue for AWS's limit on copies in progress to one destination Region and account: 20 for instance snapshots, 5 for Aurora clusters
/// (Amazon RDS User Guide, "Copying a DB snapshot", limitations). Who has no slot waits; nobody finds the limit by being refused.
/// </summary>
public sealed partial class Ledger
{
    public static int CopyQuota(DatabaseKind kind) => kind == DatabaseKind.Cluster ? 5 : 20;

    /// <summary>Takes a slot, or keeps the one already held for this snapshot; false when all are taken.</summary>
    public async Task<bool> TakeCopySlot(Location target, DatabaseKind kind, string snapshot, CancellationToken stop)
    {
        await EnsureSlots(target, kind, stop).ConfigureAwait(false);
        try
        {
            await dynamo.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table,
                    Key = SlotsKey(target, kind),
                    UpdateExpression = "SET #holders.#snapshot = if_not_exists(#holders.#snapshot, :now)",
                    ConditionExpression = "attribute_exists(#holders.#snapshot) OR size(#holders) < :quota",
                    ExpressionAttributeNames = new() { ["#holders"] = "holders", ["#snapshot"] = snapshot },
                    ExpressionAttributeValues = new() { [":now"] = new(Now), [":quota"] = Number(CopyQuota(kind)) },
                },
                stop).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    /// <summary>Gives a slot back; giving back what is not held changes nothing.</summary>
    public async Task ReleaseCopySlot(Location target, DatabaseKind kind, string snapshot, CancellationToken stop)
    {
        try
        {
            await dynamo.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table,
                    Key = SlotsKey(target, kind),
                    UpdateExpression = "REMOVE #holders.#snapshot",
                    ConditionExpression = "attribute_exists(#holders.#snapshot)",
                    ExpressionAttributeNames = new() { ["#holders"] = "holders", ["#snapshot"] = snapshot },
                },
                stop).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // Not held: an earlier attempt gave it back.
        }
    }

    /// <summary>Who holds slots, and since when: a run that was killed leaves its slot behind, and the next one in the queue asks whether that copy still runs.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> CopySlotHolders(Location target, DatabaseKind kind, CancellationToken stop)
    {
        var item = (await dynamo.GetItemAsync(new GetItemRequest { TableName = table, Key = SlotsKey(target, kind), ConsistentRead = true }, stop).ConfigureAwait(false)).Item;
        return item is not null && item.TryGetValue("holders", out var holders)
            ? holders.M.ToDictionary(h => h.Key, h => Instant.Read(h.Value.S), StringComparer.Ordinal)
            : new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
    }

    private async Task EnsureSlots(Location target, DatabaseKind kind, CancellationToken stop)
    {
        try
        {
            var item = SlotsKey(target, kind);
            item["holders"] = new AttributeValue { M = [], IsMSet = true };
            await dynamo.PutItemAsync(new PutItemRequest { TableName = table, Item = item, ConditionExpression = "attribute_not_exists(pk)" }, stop).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // Already there.
        }
    }

    private static Dictionary<string, AttributeValue> SlotsKey(Location target, DatabaseKind kind) =>
        Key($"copies#{target.Region}#{target.Account ?? "home"}", kind == DatabaseKind.Cluster ? "clusters" : "instances");
}
