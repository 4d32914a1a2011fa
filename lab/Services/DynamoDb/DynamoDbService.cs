using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>
/// DynamoDB: tables with partition and sort keys, global secondary indexes, conditional writes, queries, transactions, with AWS's rules and
/// messages; point-in-time recovery, backups and restores. Reads are always consistent. Items past their time to live stay (AWS removes them within days, at no promised time).
/// </summary>
public sealed partial class DynamoDbService : EmulatedService
{
    private readonly SortedDictionary<string, Table> tables = new(StringComparer.Ordinal);

    public DynamoDbService(World world) : base("dynamodb", world)
    {
        On<CreateTableRequest, CreateTableResponse>(CreateTable);
        On<DescribeTableRequest, DescribeTableResponse>(DescribeTable);
        On<ListTablesRequest, ListTablesResponse>(ListTables);
        On<DeleteTableRequest, DeleteTableResponse>(DeleteTable);
        On<UpdateTableRequest, UpdateTableResponse>(UpdateTable);
        On<TagResourceRequest, TagResourceResponse>(TagResource);
        On<ListTagsOfResourceRequest, ListTagsOfResourceResponse>(ListTagsOfResource);
        On<UpdateContinuousBackupsRequest, UpdateContinuousBackupsResponse>(UpdateContinuousBackups);
        On<DescribeContinuousBackupsRequest, DescribeContinuousBackupsResponse>(DescribeContinuousBackups);
        On<RestoreTableToPointInTimeRequest, RestoreTableToPointInTimeResponse>(RestoreTableToPointInTime);
        On<RestoreTableFromBackupRequest, RestoreTableFromBackupResponse>(RestoreTableFromBackup);
        On<CreateBackupRequest, CreateBackupResponse>(CreateBackup);
        On<ListBackupsRequest, ListBackupsResponse>(ListBackups);
        On<DeleteBackupRequest, DeleteBackupResponse>(DeleteBackup);
        On<UpdateTimeToLiveRequest, UpdateTimeToLiveResponse>(UpdateTimeToLive);
        On<DescribeTimeToLiveRequest, DescribeTimeToLiveResponse>(DescribeTimeToLive);
        On<GetItemRequest, GetItemResponse>(GetItem);
        On<PutItemRequest, PutItemResponse>(PutItem);
        On<UpdateItemRequest, UpdateItemResponse>(UpdateItem);
        On<DeleteItemRequest, DeleteItemResponse>(DeleteItem);
        On<QueryRequest, QueryResponse>(Query);
        On<ScanRequest, ScanResponse>(Scan);
        On<BatchGetItemRequest, BatchGetItemResponse>(BatchGetItem);
        On<BatchWriteItemRequest, BatchWriteItemResponse>(BatchWriteItem);
        On<TransactGetItemsRequest, TransactGetItemsResponse>(TransactGetItems);
        On<TransactWriteItemsRequest, TransactWriteItemsResponse>(TransactWriteItems);
    }

    private CreateTableResponse CreateTable(CallContext call, CreateTableRequest request)
    {
        call.Authorize("dynamodb:CreateTable", TableDefinition.ArnOf(call.Account, call.Region, request.TableName));
        var table = TableDefinition.Make(call, request, World);
        Tag(table, request.Tags ?? []);
        if (request.StreamSpecification is { StreamEnabled: true } stream)
        {
            SetStream(table, stream);
        }

        return tables.TryAdd(table.Arn, table)
            ? new CreateTableResponse { TableDescription = table.Describe(TableStatus.CREATING) }
            : throw new ServiceException("ResourceInUseException", $"Table already exists: {request.TableName}");
    }

    private DescribeTableResponse DescribeTable(CallContext call, DescribeTableRequest request)
    {
        var arn = Authorized(call, "dynamodb:DescribeTable", request.TableName);
        return tables.TryGetValue(arn, out var table)
            ? new DescribeTableResponse { Table = table.Describe() }
            : throw new ServiceException("ResourceNotFoundException", $"Requested resource not found: Table: {request.TableName} not found");
    }

    private ListTablesResponse ListTables(CallContext call, ListTablesRequest request)
    {
        call.Authorize("dynamodb:ListTables", "*");
        var limit = request.Limit ?? 100;
        var prefix = TableDefinition.ArnOf(call.Account, call.Region, "");
        var names = tables.Values.Where(t => t.Arn.StartsWith(prefix, StringComparison.Ordinal)).Select(t => t.Name)
            .Where(n => string.CompareOrdinal(n, request.ExclusiveStartTableName) > 0).Take(limit + 1).ToList();
        var more = names.Count > limit;
        return new ListTablesResponse
        {
            TableNames = [.. names.Take(limit)],
            LastEvaluatedTableName = more ? names[limit - 1] : null,
        };
    }

    private DeleteTableResponse DeleteTable(CallContext call, DeleteTableRequest request)
    {
        var arn = Authorized(call, "dynamodb:DeleteTable", request.TableName);
        if (!tables.TryGetValue(arn, out var table))
        {
            throw new ServiceException("ResourceNotFoundException", $"Requested resource not found: Table: {request.TableName} not found");
        }

        if (table.DeletionProtected)
        {
            throw new ServiceException("ValidationException", $"Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first. ({table.Arn})");
        }

        if (table.Status != TableStatus.ACTIVE)
        {
            throw new ServiceException("ResourceInUseException", $"Attempt to change a resource which is still in use: Table is being {(table.Status == TableStatus.CREATING ? "created" : "updated")}: {table.Name}");
        }

        if (table.History is not null)
        {
            // What could be restored to a second is kept as a whole (Amazon DynamoDB Developer Guide, "Point-in-time recovery: before you begin").
            Keep(table, $"{table.Name}$DeletedTableBackup", BackupType.SYSTEM);
        }

        tables.Remove(arn);
        return new DeleteTableResponse { TableDescription = table.Describe(TableStatus.DELETING) };
    }

    /// <summary>A table that can be used: one that is being restored cannot yet.</summary>
    private Table Find(CallContext call, string action, string tableName) =>
        tables.TryGetValue(Authorized(call, action, tableName), out var table) && table.Status != TableStatus.CREATING
            ? table
            : throw new ServiceException("ResourceNotFoundException", "Requested resource not found");

    private static string Authorized(CallContext call, string action, string tableName)
    {
        if (Arn.TryParse(tableName) is { } given && (given.Account != call.Account || given.Region != call.Region))
        {
            throw new ServiceException("AccessDeniedException", $"The table {tableName} is in another account or Region; the lab does not emulate resource policies of tables.");
        }

        var arn = tableName.StartsWith("arn:", StringComparison.Ordinal) ? tableName : TableDefinition.ArnOf(call.Account, call.Region, tableName);
        call.Authorize(action, arn);
        return arn;
    }

    /// <summary>Capacity and collection metrics are not computed; asking for none is fine.</summary>
    private static void RefuseMetrics(ReturnConsumedCapacity? capacity, ReturnItemCollectionMetrics? metrics = null)
    {
        if (capacity is not null && capacity != ReturnConsumedCapacity.NONE)
        {
            throw new ServiceException("ValidationException", $"The lab does not compute ReturnConsumedCapacity {capacity.Value}; it takes NONE.");
        }

        if (metrics is not null && metrics != ReturnItemCollectionMetrics.NONE)
        {
            throw new ServiceException("ValidationException", $"The lab does not compute ReturnItemCollectionMetrics {metrics.Value}; it takes NONE.");
        }
    }
}
