using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Lab.Services.DynamoDb;

/// <summary>Makes a table from a CreateTable request, by DynamoDB's rules about keys, indexes and billing.</summary>
internal static class TableDefinition
{
    internal static Table Make(CallContext call, CreateTableRequest request, World world)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.AttributeDefinitions), nameof(request.KeySchema), nameof(request.BillingMode),
            nameof(request.ProvisionedThroughput), nameof(request.GlobalSecondaryIndexes), nameof(request.SSESpecification), nameof(request.Tags),
            nameof(request.DeletionProtectionEnabled), nameof(request.TableClass), nameof(request.StreamSpecification));
        RequireName(request.TableName);
        var types = (request.AttributeDefinitions ?? []).ToDictionary(a => a.AttributeName, a => a.AttributeType.Value, StringComparer.Ordinal);
        var schema = Schema(request.KeySchema, types);
        var indexes = (request.GlobalSecondaryIndexes ?? []).Select(i => Index(i, types)).ToList();
        var used = indexes.SelectMany(i => i.Schema.Attributes).Concat(schema.Attributes).Select(a => a.Name).ToHashSet(StringComparer.Ordinal);
        if (used.Count != types.Count)
        {
            throw Invalid($"One or more parameter values were invalid: Some AttributeDefinitions are not used. AttributeDefinitions: [{string.Join(", ", types.Keys)}], keys used: [{string.Join(", ", used)}]");
        }

        CheckBilling(request);
        return new Table(call.Account, call.Region, Describe(call, request, world), schema, indexes, world.Clock) { DeletionProtected = request.DeletionProtectionEnabled == true };
    }

    /// <summary>
    /// A table like another, with the other's keys, indexes, capacity and encryption and none of its tags, stream, time to live, protection or
    /// recovery (Amazon DynamoDB API Reference, RestoreTableToPointInTime).
    /// </summary>
    internal static Table Restored(CallContext call, string name, TableDescription like, KeySchema schema, IEnumerable<SecondaryIndex> indexes, RestoreSummary from, World world)
    {
        RequireName(name);
        var description = new TableDescription
        {
            TableName = name, TableArn = ArnOf(call.Account, call.Region, name), TableId = world.NewId(), CreationDateTime = world.Now.UtcDateTime,
            AttributeDefinitions = like.AttributeDefinitions, KeySchema = like.KeySchema, BillingModeSummary = like.BillingModeSummary,
            ProvisionedThroughput = like.ProvisionedThroughput, SSEDescription = like.SSEDescription,
        };
        return new Table(call.Account, call.Region, description, schema, [.. indexes.Select(i => new SecondaryIndex(i.Definition, i.Schema))], world.Clock) { RestoredFrom = from };
    }

    internal static string ArnOf(string account, string region, string table) => $"arn:aws:dynamodb:{region}:{account}:table/{table}";

    private static TableDescription Describe(CallContext call, CreateTableRequest request, World world) => new()
    {
        TableName = request.TableName,
        TableArn = ArnOf(call.Account, call.Region, request.TableName),
        TableId = world.NewId(),
        AttributeDefinitions = request.AttributeDefinitions,
        KeySchema = request.KeySchema,
        CreationDateTime = world.Now.UtcDateTime,
        BillingModeSummary = request.BillingMode == BillingMode.PAY_PER_REQUEST
            ? new BillingModeSummary { BillingMode = request.BillingMode, LastUpdateToPayPerRequestDateTime = world.Now.UtcDateTime }
            : null,
        ProvisionedThroughput = new ProvisionedThroughputDescription
        {
            ReadCapacityUnits = request.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
            WriteCapacityUnits = request.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
        },
        SSEDescription = request.SSESpecification?.Enabled == true
            ? new SSEDescription { Status = SSEStatus.ENABLED, SSEType = SSEType.KMS, KMSMasterKeyArn = KeyArn(call, request.SSESpecification, world) }
            : null,
        TableClassSummary = request.TableClass is { } tableClass ? new TableClassSummary { TableClass = tableClass } : null,
    };

    private static string KeyArn(CallContext call, SSESpecification encryption, World world)
    {
        var name = encryption.KMSMasterKeyId ?? "alias/aws/dynamodb";
        return world.Service<IKeys>().Resolve(call.Account, call.Region, name) is { Enabled: true } key
            ? key.Arn
            : throw Invalid($"One or more parameter values were invalid: KMS key '{name}' does not exist or is not enabled in {call.Region}");
    }

    private static SecondaryIndex Index(GlobalSecondaryIndex index, Dictionary<string, string> types)
    {
        Parameters.Refuse(index, nameof(index.IndexName), nameof(index.KeySchema), nameof(index.Projection), nameof(index.ProvisionedThroughput));
        RequireName(index.IndexName);
        if (index.Projection?.ProjectionType is null)
        {
            throw Invalid("One or more parameter values were invalid: Unknown ProjectionType: null");
        }

        return new SecondaryIndex(index, Schema(index.KeySchema, types));
    }

    private static KeySchema Schema(List<KeySchemaElement>? elements, Dictionary<string, string> types)
    {
        KeyAttribute Attribute(KeySchemaElement element) => types.TryGetValue(element.AttributeName, out var type)
            ? new KeyAttribute(element.AttributeName, type)
            : throw Invalid($"One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [{element.AttributeName}], AttributeDefinitions: [{string.Join(", ", types.Keys)}]");
        return elements switch
        {
            [{ KeyType.Value: "HASH" } partition] => new KeySchema(Attribute(partition), null),
            [{ KeyType.Value: "HASH" } partition, { KeyType.Value: "RANGE" } sort] => new KeySchema(Attribute(partition), Attribute(sort)),
            _ => throw Invalid("Invalid KeySchema: the first element must be of type HASH, a second one of type RANGE, and there are at most two"),
        };
    }

    private static void CheckBilling(CreateTableRequest request)
    {
        var onDemand = request.BillingMode == BillingMode.PAY_PER_REQUEST;
        if (onDemand && request.ProvisionedThroughput is not null)
        {
            throw Invalid("One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST");
        }

        if (!onDemand && request.ProvisionedThroughput is null)
        {
            throw Invalid("One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED");
        }
    }

    private static void RequireName(string name)
    {
        if (name.Length is < 3 or > 255 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            throw Invalid($"TableName or IndexName '{name}' must have 3 to 255 characters, each a letter, a digit, '_', '-' or '.'");
        }
    }

    private static ServiceException Invalid(string message) => new("ValidationException", message);
}
