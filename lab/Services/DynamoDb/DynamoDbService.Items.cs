using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Dbre.Lab.Services.DynamoDb.Expressions;
using Dbre.Lab.Services.DynamoDb.Values;
using Projection = Dbre.Lab.Services.DynamoDb.Expressions.Projection;

namespace Dbre.Lab.Services.DynamoDb;

/// <content>One item at a time.</content>
public sealed partial class DynamoDbService
{
    private GetItemResponse GetItem(CallContext call, GetItemRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.Key), nameof(request.ConsistentRead), nameof(request.ProjectionExpression),
            nameof(request.ExpressionAttributeNames), nameof(request.ReturnConsumedCapacity));
        RefuseMetrics(request.ReturnConsumedCapacity);
        var table = Find(call, "dynamodb:GetItem", request.TableName);
        var item = Read(table, request.Key, request.ProjectionExpression, request.ExpressionAttributeNames);
        return new GetItemResponse { Item = item };
    }

    private PutItemResponse PutItem(CallContext call, PutItemRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.Item), nameof(request.ConditionExpression), nameof(request.ExpressionAttributeNames),
            nameof(request.ExpressionAttributeValues), nameof(request.ReturnValues), nameof(request.ReturnValuesOnConditionCheckFailure),
            nameof(request.ReturnConsumedCapacity), nameof(request.ReturnItemCollectionMetrics));
        RefuseMetrics(request.ReturnConsumedCapacity, request.ReturnItemCollectionMetrics);
        var table = Find(call, "dynamodb:PutItem", request.TableName);
        var write = ItemWrite.Put(table, request.Item, new ConditionParts(
            request.ConditionExpression, request.ExpressionAttributeNames, request.ExpressionAttributeValues, request.ReturnValuesOnConditionCheckFailure));
        return new PutItemResponse { Attributes = Old(request.ReturnValues, Do(write)) };
    }

    private DeleteItemResponse DeleteItem(CallContext call, DeleteItemRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.Key), nameof(request.ConditionExpression), nameof(request.ExpressionAttributeNames),
            nameof(request.ExpressionAttributeValues), nameof(request.ReturnValues), nameof(request.ReturnValuesOnConditionCheckFailure),
            nameof(request.ReturnConsumedCapacity), nameof(request.ReturnItemCollectionMetrics));
        RefuseMetrics(request.ReturnConsumedCapacity, request.ReturnItemCollectionMetrics);
        var table = Find(call, "dynamodb:DeleteItem", request.TableName);
        var write = ItemWrite.Delete(table, request.Key, new ConditionParts(
            request.ConditionExpression, request.ExpressionAttributeNames, request.ExpressionAttributeValues, request.ReturnValuesOnConditionCheckFailure));
        return new DeleteItemResponse { Attributes = Old(request.ReturnValues, Do(write)) };
    }

    private UpdateItemResponse UpdateItem(CallContext call, UpdateItemRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.Key), nameof(request.UpdateExpression), nameof(request.ConditionExpression),
            nameof(request.ExpressionAttributeNames), nameof(request.ExpressionAttributeValues), nameof(request.ReturnValues),
            nameof(request.ReturnValuesOnConditionCheckFailure), nameof(request.ReturnConsumedCapacity), nameof(request.ReturnItemCollectionMetrics));
        RefuseMetrics(request.ReturnConsumedCapacity, request.ReturnItemCollectionMetrics);
        var table = Find(call, "dynamodb:UpdateItem", request.TableName);
        var (write, update) = ItemWrite.Update(table, request.Key, request.UpdateExpression, new ConditionParts(
            request.ConditionExpression, request.ExpressionAttributeNames, request.ExpressionAttributeValues, request.ReturnValuesOnConditionCheckFailure));
        var before = Do(write);
        var after = write.Before!;
        var touched = Projection.Of(update.Touched);
        var attributes = request.ReturnValues?.Value switch
        {
            null or "NONE" => null,
            "ALL_OLD" => before,
            "ALL_NEW" => after,
            "UPDATED_OLD" => before is null ? null : touched.Of(before),
            "UPDATED_NEW" => touched.Of(after),
            var other => throw new ServiceException("ValidationException", $"ReturnValues {other} is not one of NONE, ALL_OLD, ALL_NEW, UPDATED_OLD, UPDATED_NEW."),
        };
        return new UpdateItemResponse { Attributes = attributes is { Entries.Count: > 0 } ? WireValue.WriteItem(attributes) : null };
    }

    /// <returns>The item as it was.</returns>
    private static MapValue? Do(ItemWrite write)
    {
        var before = write.Before;
        write.Commit(write.Plan());
        return before;
    }

    private static Dictionary<string, AttributeValue>? Old(ReturnValue? wanted, MapValue? before) => wanted?.Value switch
    {
        null or "NONE" => null,
        "ALL_OLD" => before is null ? null : WireValue.WriteItem(before),
        _ => throw new ServiceException("ValidationException", "ReturnValues can only be ALL_OLD or NONE"),
    };

    private static Dictionary<string, AttributeValue>? Read(
        Table table, Dictionary<string, AttributeValue> key, string? projectionExpression, Dictionary<string, string>? names)
    {
        var placeholders = new Placeholders(names, null, projectionExpression);
        var itemKey = table.Schema.OfKey(WireValue.ReadItem(key));
        var projection = Projection.Parse(projectionExpression, placeholders);
        placeholders.RequireAllUsed();
        return table.Items.Find(itemKey) is { } item ? WireValue.WriteItem(projection?.Of(item) ?? item) : null;
    }
}
