using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>A table: its items in key order, and its indexes, which every write keeps current.</summary>
internal sealed class Table(string account, string region, TableDescription description, KeySchema schema, IReadOnlyList<SecondaryIndex> indexes, TimeProvider clock)
{
    internal string Name { get; } = description.TableName;
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Arn { get; } = description.TableArn;
    internal KeySchema Schema { get; } = schema;
    internal ItemTree Items { get; } = new();
    internal IReadOnlyList<SecondaryIndex> Indexes { get; } = indexes;
    internal bool DeletionProtected { get; set; }
    internal string? TimeToLiveAttribute { get; set; }
    internal StreamSpecification? Stream { get; set; }
    internal string? StreamLabel { get; set; }
    internal SortedDictionary<string, string> Tags { get; } = new(StringComparer.Ordinal);

    /// <summary>Null while point-in-time recovery is off.</summary>
    internal TableHistory? History { get; private set; }

    /// <summary>What it was restored from; null when it was made empty.</summary>
    internal RestoreSummary? RestoredFrom { get; init; }

    private long size;
    private (TableStatus Status, DateTimeOffset Until)? busy;

    internal TableStatus Status => busy is { } work && clock.GetUtcNow() < work.Until ? work.Status : TableStatus.ACTIVE;

    /// <summary>A definition without items, as a backup keeps it.</summary>
    internal TableDescription Definition => description;

    /// <summary>Begins something that takes time: until then it has that status.</summary>
    internal void Begin(TableStatus status, TimeSpan takes) => busy = (status, clock.GetUtcNow() + takes);

    /// <summary>Turns point-in-time recovery on, from now on, or off, which forgets what could be restored.</summary>
    internal void Recover(bool on, int? days)
    {
        History = on ? History ?? new TableHistory(clock.GetUtcNow(), Items.Entries) : null;
        if (History is not null && days is { } given)
        {
            History.Days = given;
        }
    }

    internal void Put(ItemKey key, MapValue? before, MapValue after)
    {
        TakeOut(key, before);
        History?.Note(clock.GetUtcNow(), key, after);
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
        if (before is not null)
        {
            TakeOut(key, before);
            History?.Note(clock.GetUtcNow(), key, after: null);
        }
    }

    private void TakeOut(ItemKey key, MapValue? before)
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

    internal TableDescription Describe(TableStatus? shown = null) => new()
    {
        TableName = Name,
        TableArn = Arn,
        TableId = description.TableId,
        TableStatus = shown ?? Status,
        AttributeDefinitions = description.AttributeDefinitions,
        KeySchema = description.KeySchema,
        CreationDateTime = description.CreationDateTime,
        BillingModeSummary = description.BillingModeSummary,
        ProvisionedThroughput = description.ProvisionedThroughput,
        SSEDescription = description.SSEDescription,
        TableClassSummary = description.TableClassSummary,
        DeletionProtectionEnabled = DeletionProtected,
        StreamSpecification = Stream,
        LatestStreamLabel = StreamLabel,
        LatestStreamArn = StreamLabel is null ? null : $"{Arn}/stream/{StreamLabel}",
        RestoreSummary = RestoredFrom is null ? null : new RestoreSummary
        {
            SourceTableArn = RestoredFrom.SourceTableArn, SourceBackupArn = RestoredFrom.SourceBackupArn, RestoreDateTime = RestoredFrom.RestoreDateTime,
            RestoreInProgress = Status == TableStatus.CREATING,
        },
        ItemCount = Items.Count,
        TableSizeBytes = size,
        GlobalSecondaryIndexes = Indexes.Count == 0 ? null : [.. Indexes.Select(i => i.Describe(Arn, shown ?? Status))],
    };
}

/// <summary>A global secondary index. It holds the items that have all of its key's attributes, each as its projection says.</summary>
internal sealed class SecondaryIndex(GlobalSecondaryIndex definition, KeySchema schema)
{
    internal string Name => definition.IndexName;
    internal GlobalSecondaryIndex Definition => definition;
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
