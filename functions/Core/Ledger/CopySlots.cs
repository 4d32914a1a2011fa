using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;

namespace Dbre.Functions.Core;

/// <summary>What asking for a slot gave.</summary>
/// <param name="Holders">Who holds the slots and since when, when all are taken.</param>
/// <param name="CheckedAt">When somebody last looked whether one of them was left behind.</param>
public sealed record CopySlot(bool Taken, IReadOnlyDictionary<string, DateTimeOffset> Holders, DateTimeOffset? CheckedAt);

/// <summary>
/// The queue for AWS's limit on copies in progress to one destination Region and account: 20 for instance snapshots, 5 for Aurora clusters
/// (Amazon RDS User Guide, "Copying a DB snapshot", limitations). Who has no slot waits; nobody finds the limit by being refused.
/// </summary>
public sealed partial class Ledger
{
    public static int CopyQuota(DatabaseKind kind) => kind == DatabaseKind.Cluster ? 5 : 20;

    /// <summary>Takes a slot, or keeps the one already held for this snapshot. It is one write, whether there is a slot or not.</summary>
    public async Task<CopySlot> TakeCopySlot(Location target, DatabaseKind kind, string snapshot, CancellationToken stop)
    {
        // The second attempt follows the making of the slots.
        for (var attempt = 0; attempt < 2; attempt++)
        {
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
                        ReturnValuesOnConditionCheckFailure = ReturnValuesOnConditionCheckFailure.ALL_OLD,
                    },
                    stop).ConfigureAwait(false);
                return new CopySlot(true, new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal), null);
            }
            catch (ConditionalCheckFailedException full) when (full.Item is { Count: > 0 } item)
            {
                return new CopySlot(false, Holders(item), item.TryGetValue("checkedAt", out var at) ? Instant.Read(at.S) : null);
            }
            catch (ConditionalCheckFailedException)
            {
                // The first copy ever to this target.
                await MakeSlots(target, kind, stop).ConfigureAwait(false);
            }
        }

        // Somebody removes the slots as fast as they are made: wait, as for one that is taken.
        return new CopySlot(false, new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal), null);
    }

    /// <summary>Gives a slot back; giving back what is not held changes nothing.</summary>
    /// <returns>Since when it was held; null when it was not.</returns>
    public async Task<DateTimeOffset?> ReleaseCopySlot(Location target, DatabaseKind kind, string snapshot, CancellationToken stop)
    {
        try
        {
            var answer = await dynamo.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table,
                    Key = SlotsKey(target, kind),
                    UpdateExpression = "REMOVE #holders.#snapshot",
                    ConditionExpression = "attribute_exists(#holders.#snapshot)",
                    ExpressionAttributeNames = new() { ["#holders"] = "holders", ["#snapshot"] = snapshot },
                    ReturnValues = ReturnValue.ALL_OLD,
                },
                stop).ConfigureAwait(false);
            return Holders(answer.Attributes)[snapshot];
        }
        catch (ConditionalCheckFailedException)
        {
            // Not held: an earlier attempt gave it back.
            return null;
        }
    }

    /// <summary>
    /// Takes on to look whether old slots were left behind by a run that was killed: one of all who wait does so, and not again before
    /// <paramref name="every"/> is over, since looking costs a call for each slot.
    /// </summary>
    public async Task<bool> TakeOnSlotCheck(Location target, DatabaseKind kind, TimeSpan every, CancellationToken stop)
    {
        try
        {
            await dynamo.UpdateItemAsync(
                new UpdateItemRequest
                {
                    TableName = table,
                    Key = SlotsKey(target, kind),
                    UpdateExpression = "SET checkedAt = :now",
                    ConditionExpression = "attribute_not_exists(checkedAt) OR checkedAt <= :before",
                    ExpressionAttributeValues = new() { [":now"] = new(Now), [":before"] = new(Instant.Write(clock.GetUtcNow() - every)) },
                },
                stop).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }

    private async Task MakeSlots(Location target, DatabaseKind kind, CancellationToken stop)
    {
        try
        {
            var item = SlotsKey(target, kind);
            item["holders"] = new AttributeValue { M = [], IsMSet = true };
            await dynamo.PutItemAsync(new PutItemRequest { TableName = table, Item = item, ConditionExpression = "attribute_not_exists(pk)" }, stop).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // Somebody else was faster.
        }
    }

    private static Dictionary<string, DateTimeOffset> Holders(Dictionary<string, AttributeValue> item) =>
        item["holders"].M.ToDictionary(h => h.Key, h => Instant.Read(h.Value.S), StringComparer.Ordinal);

    private static Dictionary<string, AttributeValue> SlotsKey(Location target, DatabaseKind kind) =>
        Key($"copies#{target.Region}#{target.Account ?? "home"}", kind == DatabaseKind.Cluster ? "clusters" : "instances");
}
