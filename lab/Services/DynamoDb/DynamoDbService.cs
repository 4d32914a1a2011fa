using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>
/// DynamoDB: tables with partition and sort keys, global secondary indexes, conditional writes, queries, transactions, with AWS's rules and
/// messages. Reads are always consistent. Items past their time to live stay (AWS removes them within days, at no promised time).
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

    /// <summary>Turns point-in-time recovery on or off; the lab keeps the setting for deployment, and restores nothing.</summary>
    public void SetPointInTimeRecovery(CallContext call, string tableName, bool enabled)
    {
        lock (World.Gate)
        {
            Find(call, "dynamodb:UpdateContinuousBackups", tableName).PointInTimeRecovery = enabled;
        }
    }

    private CreateTableResponse CreateTable(CallContext call, CreateTableRequest request)
    {
        call.Authorize("dynamodb:CreateTable", TableDefinition.ArnOf(call.Account, call.Region, request.TableName));
        var table = TableDefinition.Make(call, request, World);
        return tables.TryAdd(table.Arn, table)
            ? new CreateTableResponse { TableDescription = table.Describe(TableStatus.CREATING) }
            : throw new ServiceException("ResourceInUseException", $"Table already exists: {request.TableName}");
    }

    private DescribeTableResponse DescribeTable(CallContext call, DescribeTableRequest request)
    {
        var arn = Authorized(call, "dynamodb:DescribeTable", request.TableName);
        return tables.TryGetValue(arn, out var table)
            ? new DescribeTableResponse { Table = table.Describe(TableStatus.ACTIVE) }
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

        tables.Remove(arn);
        return new DeleteTableResponse { TableDescription = table.Describe(TableStatus.DELETING) };
    }

    private UpdateTimeToLiveResponse UpdateTimeToLive(CallContext call, UpdateTimeToLiveRequest request)
    {
        var table = Find(call, "dynamodb:UpdateTimeToLive", request.TableName);
        var enabled = request.TimeToLiveSpecification.Enabled == true;
        if (enabled == table.TimeToLiveAttribute is not null)
        {
            throw new ServiceException("ValidationException", $"TimeToLive is already {(enabled ? "enabled" : "disabled")}");
        }

        table.TimeToLiveAttribute = enabled ? request.TimeToLiveSpecification.AttributeName : null;
        return new UpdateTimeToLiveResponse { TimeToLiveSpecification = request.TimeToLiveSpecification };
    }

    private DescribeTimeToLiveResponse DescribeTimeToLive(CallContext call, DescribeTimeToLiveRequest request)
    {
        var attribute = Find(call, "dynamodb:DescribeTimeToLive", request.TableName).TimeToLiveAttribute;
        return new DescribeTimeToLiveResponse
        {
            TimeToLiveDescription = new TimeToLiveDescription
            {
                AttributeName = attribute,
                TimeToLiveStatus = attribute is null ? TimeToLiveStatus.DISABLED : TimeToLiveStatus.ENABLED,
            },
        };
    }

    private Table Find(CallContext call, string action, string tableName) =>
        tables.TryGetValue(Authorized(call, action, tableName), out var table)
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
