using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <content>Point-in-time recovery, backups, and restores from both.</content>
public sealed partial class DynamoDbService
{
    // What a restore does in the caller's name with the new table (Amazon DynamoDB Developer Guide, "Using IAM with DynamoDB backup and restore").
    private static readonly string[] ReadsAndWrites =
        ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:Scan", "dynamodb:UpdateItem"];

    // How many tables an account may restore at the same time (Amazon DynamoDB API Reference, RestoreTableToPointInTime).
    private const int MostRestores = 50;

    private readonly SortedDictionary<string, TableBackup> backups = new(StringComparer.Ordinal);

    /// <summary>How long things take; AWS's pace unless another is given.</summary>
    public TablePace Pace { get; init; } = TablePace.AsAws;

    private UpdateContinuousBackupsResponse UpdateContinuousBackups(CallContext call, UpdateContinuousBackupsRequest request)
    {
        var table = Existing(call, "dynamodb:UpdateContinuousBackups", request.TableName);
        var wanted = request.PointInTimeRecoverySpecification;
        if (wanted.RecoveryPeriodInDays is < 1 or > 35)
        {
            throw Invalid($"1 validation error detected: Value '{wanted.RecoveryPeriodInDays}' at 'pointInTimeRecoverySpecification.recoveryPeriodInDays' failed to satisfy constraint: Member must have value between 1 and 35");
        }

        if (table.Status == TableStatus.CREATING)
        {
            throw new ServiceException("ContinuousBackupsUnavailableException", $"Backups are being enabled for the table: {table.Name}. Please retry later");
        }

        table.Recover(wanted.PointInTimeRecoveryEnabled == true, wanted.RecoveryPeriodInDays);
        return new UpdateContinuousBackupsResponse { ContinuousBackupsDescription = Recovery(table) };
    }

    private DescribeContinuousBackupsResponse DescribeContinuousBackups(CallContext call, DescribeContinuousBackupsRequest request) =>
        new() { ContinuousBackupsDescription = Recovery(Existing(call, "dynamodb:DescribeContinuousBackups", request.TableName)) };

    private RestoreTableToPointInTimeResponse RestoreTableToPointInTime(CallContext call, RestoreTableToPointInTimeRequest request)
    {
        Parameters.Refuse(request, nameof(request.SourceTableArn), nameof(request.SourceTableName), nameof(request.TargetTableName), nameof(request.UseLatestRestorableTime), nameof(request.RestoreDateTime));
        if (request.SourceTableArn is null == request.SourceTableName is null)
        {
            throw Invalid("Exactly one of SourceTableArn and SourceTableName must be given");
        }

        if (request.RestoreDateTime is null == (request.UseLatestRestorableTime != true))
        {
            throw Invalid("Exactly one of RestoreDateTime and UseLatestRestorableTime must be given");
        }

        var source = Existing(call, "dynamodb:RestoreTableToPointInTime", (request.SourceTableArn ?? request.SourceTableName)!);
        var history = source.History
            ?? throw new ServiceException("PointInTimeRecoveryUnavailableException", $"Point in time recovery is not enabled for table '{source.Name}'");
        var (earliest, latest) = Window(history);
        var time = request.RestoreDateTime is { } given ? new DateTimeOffset(given.ToUniversalTime()) : latest;
        if (time < earliest || time > latest)
        {
            throw new ServiceException("InvalidRestoreTimeException", $"The restore time {time:O} is not between {earliest:O} and {latest:O}");
        }

        var from = new RestoreSummary { SourceTableArn = source.Arn, RestoreDateTime = time.UtcDateTime };
        return new RestoreTableToPointInTimeResponse { TableDescription = Restore(call, request.TargetTableName, source.Definition, source.Schema, source.Indexes, history.AsOf(time), from) };
    }

    private RestoreTableFromBackupResponse RestoreTableFromBackup(CallContext call, RestoreTableFromBackupRequest request)
    {
        Parameters.Refuse(request, nameof(request.BackupArn), nameof(request.TargetTableName));
        var backup = Backup(call, "dynamodb:RestoreTableFromBackup", request.BackupArn);
        var from = new RestoreSummary { SourceBackupArn = backup.Arn, SourceTableArn = backup.Definition.TableArn, RestoreDateTime = backup.At.UtcDateTime };
        return new RestoreTableFromBackupResponse { TableDescription = Restore(call, request.TargetTableName, backup.Definition, backup.Schema, backup.Indexes, backup.Items, from) };
    }

    private TableDescription Restore(
        CallContext call, string target, TableDescription like, KeySchema schema, IReadOnlyList<SecondaryIndex> indexes, IEnumerable<(ItemKey Key, MapValue Item)> items, RestoreSummary from)
    {
        foreach (var action in ReadsAndWrites)
        {
            call.Authorize(action, TableDefinition.ArnOf(call.Account, call.Region, target));
        }

        RequireKey(call, like.SSEDescription?.KMSMasterKeyArn);
        if (tables.Values.Count(t => t.Account == call.Account && t is { RestoredFrom: not null } && t.Status == TableStatus.CREATING) >= MostRestores)
        {
            throw new ServiceException("LimitExceededException", $"Subscriber limit exceeded: Only {MostRestores} tables can be restored simultaneously");
        }

        var table = TableDefinition.Restored(call, target, like, schema, indexes, from, World);
        if (!tables.TryAdd(table.Arn, table))
        {
            throw new ServiceException("TableAlreadyExistsException", $"Table already exists: {target}");
        }

        foreach (var (key, item) in items)
        {
            table.Put(key, before: null, item);
        }

        table.Begin(TableStatus.CREATING, Pace.Restore.Shortest + ((Pace.Restore.Longest - Pace.Restore.Shortest) * World.Chance.NextDouble()));
        return table.Describe();
    }

    private CreateBackupResponse CreateBackup(CallContext call, CreateBackupRequest request)
    {
        var table = Existing(call, "dynamodb:CreateBackup", request.TableName);
        if (table.Status == TableStatus.CREATING)
        {
            throw new ServiceException("TableInUseException", $"Table is being created: {table.Name}");
        }

        return new CreateBackupResponse { BackupDetails = Keep(table, request.BackupName, BackupType.USER).Details() };
    }

    private ListBackupsResponse ListBackups(CallContext call, ListBackupsRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.BackupType), nameof(request.Limit), nameof(request.ExclusiveStartBackupArn));
        call.Authorize("dynamodb:ListBackups", "*");
        var prefix = TableDefinition.ArnOf(call.Account, call.Region, "");
        var limit = request.Limit ?? 100;
        var found = backups.Values
            .Where(b => b.Arn.StartsWith(prefix, StringComparison.Ordinal) && !(b.Expires < World.Now) && string.CompareOrdinal(b.Arn, request.ExclusiveStartBackupArn) > 0)
            .Where(b => request.TableName is null || request.TableName == b.Definition.TableName || request.TableName == b.Definition.TableArn)
            .Where(b => request.BackupType is null || request.BackupType == BackupTypeFilter.ALL ? request.BackupType is not null || b.Type == BackupType.USER : b.Type.Value == request.BackupType.Value)
            .Take(limit + 1).ToList();
        return new ListBackupsResponse { BackupSummaries = [.. found.Take(limit).Select(b => b.Summary())], LastEvaluatedBackupArn = found.Count > limit ? found[limit - 1].Arn : null };
    }

    private DeleteBackupResponse DeleteBackup(CallContext call, DeleteBackupRequest request)
    {
        var backup = Backup(call, "dynamodb:DeleteBackup", request.BackupArn);
        if (backup.Type != BackupType.USER)
        {
            throw Invalid($"A backup of type {backup.Type.Value} cannot be deleted: {backup.Arn}");
        }

        backups.Remove(backup.Arn);
        return new DeleteBackupResponse { BackupDescription = new BackupDescription { BackupDetails = backup.Details() } };
    }

    private TableBackup Keep(Table table, string name, BackupType type)
    {
        var backup = TableBackup.Of(table, name, type, World.Now, World.NewId());
        backups.Add(backup.Arn, backup);
        return backup;
    }

    private TableBackup Backup(CallContext call, string action, string arn)
    {
        call.Authorize(action, arn);
        return backups.GetValueOrDefault(arn) is { } backup && !(backup.Expires < World.Now)
            ? backup
            : throw new ServiceException("BackupNotFoundException", $"Backup not found: {arn}");
    }

    private ContinuousBackupsDescription Recovery(Table table) => new()
    {
        ContinuousBackupsStatus = ContinuousBackupsStatus.ENABLED,
        PointInTimeRecoveryDescription = table.History is { } history
            ? new PointInTimeRecoveryDescription
            {
                PointInTimeRecoveryStatus = PointInTimeRecoveryStatus.ENABLED, RecoveryPeriodInDays = history.Days,
                EarliestRestorableDateTime = Window(history).Earliest.UtcDateTime, LatestRestorableDateTime = Window(history).Latest.UtcDateTime,
            }
            : new PointInTimeRecoveryDescription { PointInTimeRecoveryStatus = PointInTimeRecoveryStatus.DISABLED },
    };

    private (DateTimeOffset Earliest, DateTimeOffset Latest) Window(TableHistory history)
    {
        var (earliest, latest) = (history.Earliest(World.Now), World.Now - Pace.Lag);
        return (earliest, latest > earliest ? latest : earliest);
    }

    /// <summary>The operations on backups have an exception of their own for a table that is not there.</summary>
    private Table Existing(CallContext call, string action, string tableName) =>
        tables.GetValueOrDefault(Authorized(call, action, tableName)) ?? throw new ServiceException("TableNotFoundException", $"Table not found: {tableName}");

    // A customer's key is used in the caller's name (Amazon DynamoDB Developer Guide, "DynamoDB encryption at rest: usage notes").
    private void RequireKey(CallContext call, string? arn)
    {
        if (arn is null)
        {
            return;
        }

        if (World.Service<IKeys>().Resolve(call.Account, call.Region, arn) is not { Enabled: true } key)
        {
            throw Invalid($"One or more parameter values were invalid: KMS key '{arn}' does not exist or is not enabled in {call.Region}");
        }

        if (!key.AwsManaged)
        {
            key.Authorize(call, "kms:DescribeKey", "dynamodb");
            key.Authorize(call, "kms:CreateGrant", "dynamodb");
        }
    }

    // DynamoDB asks KMS about once in five minutes for each caller (the same notes); the lab does when a table is read as a whole.
    private void RequireReadable(CallContext call, Table table)
    {
        if (table.Definition.SSEDescription?.KMSMasterKeyArn is { } arn && World.Service<IKeys>().Resolve(call.Account, call.Region, arn) is { AwsManaged: false } key)
        {
            key.Authorize(call, "kms:Decrypt", "dynamodb");
        }
    }
}
