using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Functions.Restore;

/// <summary>The source of a restore as DynamoDB describes it, whether it is still there or only its backups are.</summary>
/// <param name="Status">Null when it was deleted.</param>
/// <param name="Key">The ARN of the key that encrypts it; null is DynamoDB's own.</param>
/// <param name="Recoverable">Whether it can be restored to a second: from <paramref name="Earliest"/> to <paramref name="Latest"/>.</param>
public sealed record SourceTable(
    string Name, string Arn, string? Status, string? Key, bool Recoverable, DateTimeOffset? Earliest, DateTimeOffset? Latest, IReadOnlyList<TableBackupFound> Backups, TableSettings Settings);

/// <summary>A backup of a whole table.</summary>
/// <param name="OfDeletion">DynamoDB made it when the table was deleted.</param>
public sealed record TableBackupFound(string Arn, string Name, bool Available, bool OfDeletion, DateTimeOffset At);

/// <summary>Reads the table that is to be restored, or what is left of it.</summary>
public static class TableReader
{
    /// <summary>Null when there is no such table and no backup of one.</summary>
    public static async Task<SourceTable?> Find(IAmazonDynamoDB dynamo, string name, CancellationToken stop)
    {
        var backups = await Backups(dynamo, name, stop).ConfigureAwait(false);
        if (await RestoredTable.Find(dynamo, name, stop).ConfigureAwait(false) is { } table)
        {
            return await Of(dynamo, table, [.. backups.Select(b => b.Found)], stop).ConfigureAwait(false);
        }

        return backups.Count == 0 ? null : new SourceTable(
            name, backups[0].TableArn, Status: null, Key: null, Recoverable: false, null, null, [.. backups.Select(b => b.Found)],
            new TableSettings(null, null, null, false, new Dictionary<string, string>(StringComparer.Ordinal), [],
                ["The source is gone: recovery, time to live, stream, protection and tags are DynamoDB's defaults, and have to be set by hand."]));
    }

    private static async Task<SourceTable> Of(IAmazonDynamoDB dynamo, TableDescription table, IReadOnlyList<TableBackupFound> backups, CancellationToken stop)
    {
        var recovery = (await dynamo.DescribeContinuousBackupsAsync(new DescribeContinuousBackupsRequest { TableName = table.TableName }, stop).ConfigureAwait(false))
            .ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
        var live = (await dynamo.DescribeTimeToLiveAsync(table.TableName, stop).ConfigureAwait(false)).TimeToLiveDescription;
        var on = recovery?.PointInTimeRecoveryStatus == PointInTimeRecoveryStatus.ENABLED;
        return new SourceTable(
            table.TableName, table.TableArn, table.TableStatus.Value, table.SSEDescription?.KMSMasterKeyArn, on, Moment(recovery?.EarliestRestorableDateTime), Moment(recovery?.LatestRestorableDateTime), backups,
            new TableSettings(
                live?.TimeToLiveStatus == TimeToLiveStatus.ENABLED || live?.TimeToLiveStatus == TimeToLiveStatus.ENABLING ? live.AttributeName : null,
                table.StreamSpecification is { StreamEnabled: true } stream ? stream.StreamViewType.Value : null,
                on ? recovery!.RecoveryPeriodInDays ?? 35 : null, table.DeletionProtectionEnabled ?? false,
                await RestoredTable.Tags(dynamo, table.TableArn, stop).ConfigureAwait(false), Shape(table), [.. ByHand(table)]));
    }

    /// <summary>Keys and indexes, in an order of their own.</summary>
    public static IReadOnlyList<string> Shape(TableDescription table) =>
    [
        $"the key ({Keys(table.KeySchema)})",
        .. (table.GlobalSecondaryIndexes ?? []).Select(i => $"the index {i.IndexName} ({Keys(i.KeySchema)}, {i.Projection?.ProjectionType?.Value})").Order(StringComparer.Ordinal),
        .. (table.LocalSecondaryIndexes ?? []).Select(i => $"the local index {i.IndexName} ({Keys(i.KeySchema)}, {i.Projection?.ProjectionType?.Value})").Order(StringComparer.Ordinal),
    ];

    private static string Keys(IEnumerable<KeySchemaElement> keys) => string.Join(", ", keys.Select(k => $"{k.AttributeName} {k.KeyType.Value}"));

    // What DynamoDB does not restore (Amazon DynamoDB API Reference, RestoreTableToPointInTime) and these functions do not either.
    private static IEnumerable<string> ByHand(TableDescription table)
    {
        yield return $"Auto scaling, alarms and policies of '{table.TableName}', where it has any, have to be set by hand.";
        if (table.Replicas is { Count: > 0 } replicas)
        {
            yield return $"The replicas in {string.Join(", ", replicas.Select(r => r.RegionName))} follow the old table and have to be made anew.";
        }
    }

    private static async Task<List<(string TableArn, TableBackupFound Found)>> Backups(IAmazonDynamoDB dynamo, string table, CancellationToken stop)
    {
        var found = new List<(string, TableBackupFound)>();
        string? last = null;
        do
        {
            var page = await dynamo.ListBackupsAsync(new ListBackupsRequest { TableName = table, BackupType = BackupTypeFilter.ALL, ExclusiveStartBackupArn = last }, stop).ConfigureAwait(false);
            found.AddRange((page.BackupSummaries ?? []).Select(b => (
                b.TableArn, new TableBackupFound(b.BackupArn, b.BackupName, b.BackupStatus == BackupStatus.AVAILABLE, b.BackupType == BackupType.SYSTEM, Moment(b.BackupCreationDateTime)!.Value))));
            last = page.LastEvaluatedBackupArn;
        }
        while (last is not null);
        return found;
    }

    private static DateTimeOffset? Moment(DateTime? time) => time is { } known ? new DateTimeOffset(known.ToUniversalTime()) : null;
}
