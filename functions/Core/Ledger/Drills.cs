using Amazon.DynamoDBv2.Model;

namespace Dbre.Functions.Core;

/// <summary>When each database last proved in a drill that it can be restored. All under one key: a drill asks for every database at once.</summary>
public sealed partial class Ledger
{
    private const string DrillKey = "drill";
    private const string OfDatabase = "database#";

    /// <summary>By database; one that never proved it is not among them.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> DrillProofs(CancellationToken stop)
    {
        var found = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        var pages = dynamo.Paginators.Query(new QueryRequest
        {
            TableName = table,
            ConsistentRead = true,
            KeyConditionExpression = "pk = :pk",
            ExpressionAttributeValues = new() { [":pk"] = new(DrillKey) },
        });
        await foreach (var page in pages.Responses.WithCancellation(stop).ConfigureAwait(false))
        {
            foreach (var item in page.Items ?? [])
            {
                found[item["sk"].S[OfDatabase.Length..]] = Instant.Read(item["provenAt"].S);
            }
        }

        return found;
    }

    /// <summary>Notes that a drill restored a database and proved it. A newer proof is never replaced by an older one.</summary>
    public async Task RecordDrill(string database, string operationId, DateTimeOffset provenAt, CancellationToken stop)
    {
        var item = Key(DrillKey, OfDatabase + database);
        item["provenAt"] = new(Instant.Write(provenAt));
        item["provenBy"] = new(operationId);
        try
        {
            await dynamo.PutItemAsync(
                new PutItemRequest
                {
                    TableName = table, Item = item, ConditionExpression = "attribute_not_exists(pk) OR provenAt < :at",
                    ExpressionAttributeValues = new() { [":at"] = new(Instant.Write(provenAt)) },
                },
                stop).ConfigureAwait(false);
        }
        catch (ConditionalCheckFailedException)
        {
            // A later drill proved it meanwhile, or an earlier attempt of this one noted it.
        }
    }
}
