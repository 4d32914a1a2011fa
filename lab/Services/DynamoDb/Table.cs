using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>A table: its items in key order, and its indexes, which every write keeps current.</summary>
internal sealed class Table(string account, string region, TableDescription description, KeySchema schema, IReadOnlyList<SecondaryIndex> indexes)
{
    internal string Name { get; } = description.TableName;
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Arn { get; } = description.TableArn;
    internal KeySchema Schema { get; } = schema;
    internal ItemTree Items { get; } = new();
    internal IReadOnlyList<SecondaryIndex> Indexes { get; } = indexes;
    internal bool DeletionProtected { get; init; }
    internal string? TimeToLiveAttribute { get; set; }
    internal bool PointInTimeRecovery { get; set; }

    private long size;

    internal void Put(ItemKey key, MapValue? before, MapValue after)
    {
        Remove(key, before);
        Items.Put(key, after);
        size += WireValue.Size(after);
        foreach (var index in Indexes)
        {
            if (index.Schema.InIndex(after) is { } place)
            {
                index.Items.Put(place, index.Project(after, Schema), key);
            }
        }
    }

    internal void Remove(ItemKey key, MapValue? before)
    {
        if (before is null)
        {
            return;
        }

        Items.Remove(key);
        size -= WireValue.Size(before);
        foreach (var index in Indexes)
        {
            if (index.Schema.InIndex(before) is { } place)
            {
                index.Items.Remove(place, key);
            }
        }
    }

    internal TableDescription Describe(TableStatus status) => new()
    {
        TableName = Name,
        TableArn = Arn,
        TableId = description.TableId,
        TableStatus = status,
        AttributeDefinitions = description.AttributeDefinitions,
        KeySchema = description.KeySchema,
        CreationDateTime = description.CreationDateTime,
        BillingModeSummary = description.BillingModeSummary,
        ProvisionedThroughput = description.ProvisionedThroughput,
        SSEDescription = description.SSEDescription,
        TableClassSummary = description.TableClassSummary,
        DeletionProtectionEnabled = DeletionProtected,
        ItemCount = Items.Count,
        TableSizeBytes = size,
        GlobalSecondaryIndexes = Indexes.Count == 0 ? null : [.. Indexes.Select(i => i.Describe(Arn, status))],
    };
}

/// <summary>A global secondary index. It holds the items that have all of its key's attributes, each as its projection says.</summary>
internal sealed class SecondaryIndex(GlobalSecondaryIndex definition, KeySchema schema)
{
    internal string Name => definition.IndexName;
    internal KeySchema Schema => schema;
    internal ItemTree Items { get; } = new();

    internal MapValue Project(MapValue item, KeySchema tableSchema)
    {
        if (definition.Projection.ProjectionType == ProjectionType.ALL)
        {
            return item;
        }

        var kept = definition.Projection.NonKeyAttributes ?? [];
        return new MapValue(item.Entries
            .Where(e => schema.Has(e.Key) || tableSchema.Has(e.Key) || kept.Contains(e.Key))
            .ToDictionary(e => e.Key, e => e.Value, StringComparer.Ordinal));
    }

    internal GlobalSecondaryIndexDescription Describe(string tableArn, TableStatus status) => new()
    {
        IndexName = Name,
        IndexArn = $"{tableArn}/index/{Name}",
        IndexStatus = status.Value,
        KeySchema = definition.KeySchema,
        Projection = definition.Projection,
        ItemCount = Items.Count,
    };
}
