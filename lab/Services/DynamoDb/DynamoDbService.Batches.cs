using Amazon.DynamoDBv2.Model;

namespace Dbre.Lab.Services.DynamoDb;

/// <content>Batches: many items in one call, each by itself.</content>
public sealed partial class DynamoDbService
{
    private const int MaximumBatchReads = 100, MaximumBatchWrites = 25;

    private BatchGetItemResponse BatchGetItem(CallContext call, BatchGetItemRequest request)
    {
        RefuseMetrics(request.ReturnConsumedCapacity);
        var count = request.RequestItems?.Values.Sum(k => k.Keys?.Count ?? 0) ?? 0;
        if (count is 0 or > MaximumBatchReads)
        {
            throw Invalid($"Too many or no items requested for the BatchGetItem call: {count}; allowed are 1 to {MaximumBatchReads}");
        }

        var responses = new Dictionary<string, List<Dictionary<string, AttributeValue>>>(StringComparer.Ordinal);
        foreach (var (tableName, wanted) in request.RequestItems!)
        {
            Parameters.Refuse(wanted, nameof(wanted.Keys), nameof(wanted.ConsistentRead), nameof(wanted.ProjectionExpression), nameof(wanted.ExpressionAttributeNames));
            var table = Find(call, "dynamodb:BatchGetItem", tableName);
            RefuseDuplicates(wanted.Keys.Select(k => (table, table.Schema.OfKey(Values.WireValue.ReadItem(k)))), "Provided list of item keys contains duplicates");
            responses[tableName] =
                [.. wanted.Keys.Select(k => Read(table, k, wanted.ProjectionExpression, wanted.ExpressionAttributeNames)).OfType<Dictionary<string, AttributeValue>>()];
        }

        return new BatchGetItemResponse { Responses = responses, UnprocessedKeys = [] };
    }

    private BatchWriteItemResponse BatchWriteItem(CallContext call, BatchWriteItemRequest request)
    {
        RefuseMetrics(request.ReturnConsumedCapacity, request.ReturnItemCollectionMetrics);
        var count = request.RequestItems?.Values.Sum(w => w.Count) ?? 0;
        if (count is 0 or > MaximumBatchWrites)
        {
            throw Invalid($"Too many or no items requested for the BatchWriteItem call: {count}; allowed are 1 to {MaximumBatchWrites}");
        }

        var none = new ConditionParts(null, null, null, null);
        var writes = new List<ItemWrite>();
        foreach (var (tableName, wanted) in request.RequestItems!)
        {
            var table = Find(call, "dynamodb:BatchWriteItem", tableName);
            foreach (var write in wanted)
            {
                writes.Add((write.PutRequest, write.DeleteRequest) switch
                {
                    ({ } put, null) => ItemWrite.Put(table, put.Item, none),
                    (null, { } delete) => ItemWrite.Delete(table, delete.Key, none),
                    _ => throw Invalid("Supplied WriteRequest must have exactly one of PutRequest and DeleteRequest"),
                });
            }
        }

        RefuseDuplicates(writes.Select(w => (w.Table, w.Key)), "Provided list of item keys contains duplicates");
        foreach (var write in writes)
        {
            Do(write);
        }

        return new BatchWriteItemResponse { UnprocessedItems = [] };
    }

    private static void RefuseDuplicates(IEnumerable<(Table Table, ItemKey Key)> keys, string message)
    {
        var seen = new Dictionary<Table, ItemTree>();
        foreach (var (table, key) in keys)
        {
            var tree = seen.TryGetValue(table, out var found) ? found : seen[table] = new ItemTree();
            if (tree.Find(key) is not null)
            {
                throw Invalid(message);
            }

            tree.Put(key, new Values.MapValue([]));
        }
    }
}
