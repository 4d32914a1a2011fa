using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Expressions;
using Dbre.Lab.Services.DynamoDb.Values;
using Condition = Dbre.Lab.Services.DynamoDb.Expressions.Condition;
using Projection = Dbre.Lab.Services.DynamoDb.Expressions.Projection;

namespace Dbre.Lab.Services.DynamoDb;

/// <content>Query and Scan: pages of at most 1 MB or Limit items, counted before the filter.</content>
public sealed partial class DynamoDbService
{
    private const int MaximumPageSize = 1024 * 1024;

    private QueryResponse Query(CallContext call, QueryRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.IndexName), nameof(request.KeyConditionExpression), nameof(request.FilterExpression),
            nameof(request.ProjectionExpression), nameof(request.ExpressionAttributeNames), nameof(request.ExpressionAttributeValues), nameof(request.Limit),
            nameof(request.ExclusiveStartKey), nameof(request.ScanIndexForward), nameof(request.ConsistentRead), nameof(request.Select), nameof(request.ReturnConsumedCapacity));
        RefuseMetrics(request.ReturnConsumedCapacity);
        var source = Source(call, "dynamodb:Query", request.TableName, request.IndexName, request.ConsistentRead);
        var placeholders = new Placeholders(request.ExpressionAttributeNames, request.ExpressionAttributeValues,
            request.KeyConditionExpression, request.FilterExpression, request.ProjectionExpression);
        var condition = KeyCondition.Parse(
            request.KeyConditionExpression ?? throw Invalid("Either the KeyConditions or KeyConditionExpression parameter must be specified in the request."),
            placeholders, source.Schema);
        var shape = Shape.Read(request.FilterExpression, request.ProjectionExpression, request.Select, request.Limit, placeholders);
        source.RefuseKeysInFilter(shape.Filter);
        placeholders.RequireAllUsed();
        var found = source.Items.Range(
            condition.Partition, condition.Low, condition.High, condition.Prefix, request.ScanIndexForward ?? true, source.StartKey(request.ExclusiveStartKey));
        var page = Read(found.Where(i => condition.Sort?.Holds(i) ?? true), shape, source);
        return new QueryResponse { Items = page.Items, Count = page.Count, ScannedCount = page.Scanned, LastEvaluatedKey = page.Last };
    }

    private ScanResponse Scan(CallContext call, ScanRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.IndexName), nameof(request.FilterExpression), nameof(request.ProjectionExpression),
            nameof(request.ExpressionAttributeNames), nameof(request.ExpressionAttributeValues), nameof(request.Limit), nameof(request.ExclusiveStartKey),
            nameof(request.ConsistentRead), nameof(request.Select), nameof(request.ReturnConsumedCapacity), nameof(request.Segment), nameof(request.TotalSegments));
        RefuseMetrics(request.ReturnConsumedCapacity);
        if (request.Segment is null != request.TotalSegments is null || request.Segment < 0 || request.Segment >= request.TotalSegments)
        {
            throw Invalid($"Segment {request.Segment} must be less than TotalSegments {request.TotalSegments}, and both or none must be given");
        }

        var source = Source(call, "dynamodb:Scan", request.TableName, request.IndexName, request.ConsistentRead);
        RequireReadable(call, source.Table);
        var placeholders = new Placeholders(
            request.ExpressionAttributeNames, request.ExpressionAttributeValues, request.FilterExpression, request.ProjectionExpression);
        var shape = Shape.Read(request.FilterExpression, request.ProjectionExpression, request.Select, request.Limit, placeholders);
        placeholders.RequireAllUsed();
        var page = Read(source.Items.All(source.StartKey(request.ExclusiveStartKey)).Where(i => InSegment(i, source, request)), shape, source);
        return new ScanResponse { Items = page.Items, Count = page.Count, ScannedCount = page.Scanned, LastEvaluatedKey = page.Last };
    }

    // A partition is in one segment as a whole; which one is nobody's business.
    private static bool InSegment(MapValue item, ReadSource source, ScanRequest request) =>
        request.TotalSegments is not { } all || WireValue.HashOf(item.Entries[source.Schema.Partition.Name]) % all == request.Segment;

    private ReadSource Source(CallContext call, string action, string tableName, string? indexName, bool? consistent)
    {
        if (indexName is null)
        {
            return new ReadSource(Find(call, action, tableName), null);
        }

        var arn = Arn.TryParse(tableName)?.ToString() ?? TableDefinition.ArnOf(call.Account, call.Region, tableName);
        call.Authorize(action, $"{arn}/index/{indexName}");
        var table = tables.GetValueOrDefault(arn) ?? throw new ServiceException("ResourceNotFoundException", "Requested resource not found");
        var index = table.Indexes.FirstOrDefault(i => i.Name == indexName)
            ?? throw Invalid($"The table does not have the specified index: {indexName}");
        return consistent == true ? throw Invalid("Consistent reads are not supported on global secondary indexes") : new ReadSource(table, index);
    }

    private static ReadPage Read(IEnumerable<MapValue> found, Shape shape, ReadSource source)
    {
        var items = new List<MapValue>();
        int scanned = 0, size = 0;
        MapValue? last = null;
        foreach (var item in found)
        {
            if (shape.Filter?.Holds(item) ?? true)
            {
                items.Add(item);
            }

            scanned++;
            size += WireValue.Size(item);
            if (scanned == shape.Limit || size >= MaximumPageSize)
            {
                // As in AWS, a page that ends exactly with the last item still gives a key to go on from.
                last = item;
                break;
            }
        }

        return new ReadPage(
            shape.CountsOnly ? null : [.. items.Select(i => WireValue.WriteItem(shape.Projection?.Of(i) ?? i))],
            items.Count, scanned, last is null ? null : source.KeyOf(last));
    }

    private static ServiceException Invalid(string message) => new("ValidationException", message);

    private sealed record ReadPage(List<Dictionary<string, AttributeValue>>? Items, int Count, int Scanned, Dictionary<string, AttributeValue>? Last);

    /// <summary>What is read: a table, or one of its indexes.</summary>
    private sealed record ReadSource(Table Table, SecondaryIndex? Index)
    {
        internal KeySchema Schema => Index?.Schema ?? Table.Schema;

        internal ItemTree Items => Index?.Items ?? Table.Items;

        internal (ItemKey Key, ItemKey? TableKey)? StartKey(Dictionary<string, AttributeValue>? given)
        {
            if (given is not { Count: > 0 })
            {
                return null;
            }

            var key = WireValue.ReadItem(given);
            try
            {
                return Index is null
                    ? (Table.Schema.OfKey(key), null)
                    : (Index.Schema.OfItem(key), Table.Schema.OfItem(key));
            }
            catch (ServiceException)
            {
                throw Invalid("The provided starting key is invalid: The provided key element does not match the schema");
            }
        }

        internal Dictionary<string, AttributeValue> KeyOf(MapValue item) =>
            Schema.Attributes.Concat(Table.Schema.Attributes).Select(a => a.Name).Distinct()
                .ToDictionary(n => n, n => WireValue.Write(item.Entries[n]), StringComparer.Ordinal);

        internal void RefuseKeysInFilter(Condition? filter)
        {
            if (filter is not null && ConditionPaths.Of(filter).FirstOrDefault(p => Schema.Has(p.Root)) is { } key)
            {
                throw Invalid($"Filter Expression can only contain non-primary key attributes: Primary key attribute: {key.Root}");
            }
        }
    }

    /// <summary>What of the found items is answered.</summary>
    private sealed record Shape(Condition? Filter, Projection? Projection, bool CountsOnly, int? Limit)
    {
        internal static Shape Read(string? filter, string? projection, Select? select, int? limit, Placeholders placeholders)
        {
            if (limit < 1)
            {
                throw Invalid($"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
            }

            if (projection is not null && select is not null && select != Select.SPECIFIC_ATTRIBUTES)
            {
                throw Invalid($"Cannot specify the ProjectionExpression when choosing to get {select.Value}");
            }

            return new Shape(
                filter is null ? null : ConditionParser.Parse(filter, "FilterExpression", placeholders),
                Projection.Parse(projection, placeholders), select == Select.COUNT, limit);
        }
    }
}
