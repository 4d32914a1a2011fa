using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>A backup of a whole table: one that somebody asked for, or the one that DynamoDB makes of a deleted table that could be restored to a second.</summary>
internal sealed record TableBackup(
    string Arn, string Name, BackupType Type, DateTimeOffset At, DateTimeOffset? Expires, long Size, TableDescription Definition, KeySchema Schema, IReadOnlyList<SecondaryIndex> Indexes,
    IReadOnlyList<(ItemKey Key, MapValue Item)> Items)
{
    /// <summary>For how long DynamoDB keeps the backup of a deleted table (Amazon DynamoDB Developer Guide, "Deleting a table with point-in-time recovery enabled").</summary>
    internal static readonly TimeSpan KeptAfterDeletion = TimeSpan.FromDays(35);

    internal static TableBackup Of(Table table, string name, BackupType type, DateTimeOffset now, string id) => new(
        $"{table.Arn}/backup/{now.ToUnixTimeMilliseconds():D14}-{id[..8]}", name, type, now, type == BackupType.SYSTEM ? now + KeptAfterDeletion : null,
        table.Describe().TableSizeBytes ?? 0, table.Definition, table.Schema, table.Indexes, table.Items.Entries);

    internal BackupSummary Summary() => new()
    {
        BackupArn = Arn, BackupName = Name, BackupType = Type, BackupStatus = BackupStatus.AVAILABLE, BackupCreationDateTime = At.UtcDateTime, BackupExpiryDateTime = Expires?.UtcDateTime,
        BackupSizeBytes = Size, TableArn = Definition.TableArn, TableName = Definition.TableName, TableId = Definition.TableId,
    };

    internal BackupDetails Details() => new()
    {
        BackupArn = Arn, BackupName = Name, BackupType = Type, BackupStatus = BackupStatus.AVAILABLE, BackupCreationDateTime = At.UtcDateTime, BackupExpiryDateTime = Expires?.UtcDateTime,
        BackupSizeBytes = Size,
    };
}
