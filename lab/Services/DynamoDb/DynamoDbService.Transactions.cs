using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Values;

namespace Dbre.Lab.Services.DynamoDb;

/// <content>Transactions: all or nothing. The one lock makes them serial, so there are no conflicts between transactions.</content>
public sealed partial class DynamoDbService
{
    private const int MaximumTransaction = 100;

    /// <summary>How long DynamoDB remembers a transaction's token.</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(10);

    private static readonly JsonSerializerOptions FingerprintOptions = new() { Converters = { new BytesConverter() } };

    private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    private readonly Queue<(string Token, DateTimeOffset At)> tokenAges = new();

    private TransactGetItemsResponse TransactGetItems(CallContext call, TransactGetItemsRequest request)
    {
        RefuseMetrics(request.ReturnConsumedCapacity);
        RequireCount(request.TransactItems?.Count ?? 0);
        var responses = new List<ItemResponse>();
        foreach (var get in request.TransactItems!.Select(i => i.Get))
        {
            var table = Find(call, "dynamodb:GetItem", get.TableName);
            responses.Add(new ItemResponse { Item = Read(table, get.Key, get.ProjectionExpression, get.ExpressionAttributeNames) });
        }

        return new TransactGetItemsResponse { Responses = responses };
    }

    private TransactWriteItemsResponse TransactWriteItems(CallContext call, TransactWriteItemsRequest request)
    {
        RefuseMetrics(request.ReturnConsumedCapacity, request.ReturnItemCollectionMetrics);
        RequireCount(request.TransactItems?.Count ?? 0);
        var writes = request.TransactItems!.ConvertAll(i => Write(call, i));
        RefuseDuplicates(writes.Select(w => (w.Table, w.Key)), "Transaction request cannot include multiple operations on one item");
        if (AlreadyDone(call, request))
        {
            return new TransactWriteItemsResponse();
        }

        var planned = new List<MapValue?>();
        var reasons = new List<CancellationReason>();
        foreach (var write in writes)
        {
            try
            {
                planned.Add(write.Plan());
                reasons.Add(new CancellationReason { Code = "None" });
            }
            catch (ServiceException e)
            {
                reasons.Add(new CancellationReason
                {
                    Code = e.Code == "ConditionalCheckFailedException" ? "ConditionalCheckFailed" : "ValidationError",
                    Message = e.Message,
                    Item = e.Details?["Item"] as Dictionary<string, AttributeValue>,
                });
            }
        }

        if (reasons.Exists(r => r.Code != "None"))
        {
            throw new ServiceException(
                "TransactionCanceledException",
                $"Transaction cancelled, please refer cancellation reasons for specific reasons [{string.Join(", ", reasons.Select(r => r.Code))}]")
            {
                Details = new Dictionary<string, object?> { ["CancellationReasons"] = reasons },
            };
        }

        foreach (var (write, after) in writes.Zip(planned))
        {
            write.Commit(after);
        }

        Remember(call, request);
        return new TransactWriteItemsResponse();
    }

    private ItemWrite Write(CallContext call, TransactWriteItem item) => item switch
    {
        { Put: { } put, Update: null, Delete: null, ConditionCheck: null } => ItemWrite.Put(
            Find(call, "dynamodb:PutItem", put.TableName), put.Item,
            new ConditionParts(put.ConditionExpression, put.ExpressionAttributeNames, put.ExpressionAttributeValues, put.ReturnValuesOnConditionCheckFailure)),
        { Put: null, Update: { } update, Delete: null, ConditionCheck: null } => ItemWrite.Update(
            Find(call, "dynamodb:UpdateItem", update.TableName), update.Key, update.UpdateExpression,
            new ConditionParts(update.ConditionExpression, update.ExpressionAttributeNames, update.ExpressionAttributeValues, update.ReturnValuesOnConditionCheckFailure)).Write,
        { Put: null, Update: null, Delete: { } delete, ConditionCheck: null } => ItemWrite.Delete(
            Find(call, "dynamodb:DeleteItem", delete.TableName), delete.Key,
            new ConditionParts(delete.ConditionExpression, delete.ExpressionAttributeNames, delete.ExpressionAttributeValues, delete.ReturnValuesOnConditionCheckFailure)),
        { Put: null, Update: null, Delete: null, ConditionCheck: { } check } => ItemWrite.Check(
            Find(call, "dynamodb:ConditionCheckItem", check.TableName), check.Key,
            new ConditionParts(check.ConditionExpression, check.ExpressionAttributeNames, check.ExpressionAttributeValues, check.ReturnValuesOnConditionCheckFailure)),
        _ => throw Invalid("TransactItems can only contain one of Check, Put, Update or Delete"),
    };

    private bool AlreadyDone(CallContext call, TransactWriteItemsRequest request)
    {
        while (tokenAges.TryPeek(out var oldest) && World.Now - oldest.At > TokenLife)
        {
            tokens.Remove(tokenAges.Dequeue().Token);
        }

        if (request.ClientRequestToken is not { } token || !tokens.TryGetValue(Scoped(call, token), out var earlier))
        {
            return false;
        }

        return earlier == Fingerprint(request)
            ? true
            : throw new ServiceException("IdempotentParameterMismatchException", "The request uses the same client token as a previous, but non-identical request.");
    }

    private void Remember(CallContext call, TransactWriteItemsRequest request)
    {
        if (request.ClientRequestToken is { } token)
        {
            tokens[Scoped(call, token)] = Fingerprint(request);
            tokenAges.Enqueue((Scoped(call, token), World.Now));
        }
    }

    private static string Scoped(CallContext call, string token) => $"{call.Account}/{call.Region}/{token}";

    private static string Fingerprint(TransactWriteItemsRequest request) => JsonSerializer.Serialize(request.TransactItems, FingerprintOptions);

    private static void RequireCount(int count)
    {
        if (count is 0 or > MaximumTransaction)
        {
            throw Invalid($"1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length between 1 and {MaximumTransaction}, not {count}");
        }
    }

    private sealed class BytesConverter : JsonConverter<MemoryStream>
    {
        public override MemoryStream Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetBytesFromBase64());

        public override void Write(Utf8JsonWriter writer, MemoryStream value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.ToArray());
    }
}
