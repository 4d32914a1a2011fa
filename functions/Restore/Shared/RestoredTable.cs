using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

using Dbre.Functions.Core;

namespace Dbre.Functions.Restore;

/// <summary>Reads tables by name, and knows an operation's own.</summary>
internal static class RestoredTable
{
    // The function's clock and DynamoDB's may differ a little.
    private static readonly TimeSpan ClocksApart = TimeSpan.FromMinutes(1);

    /// <summary>Null when nothing has that name.</summary>
    public static async Task<TableDescription?> Find(IAmazonDynamoDB dynamo, string name, CancellationToken stop)
    {
        try
        {
            return (await dynamo.DescribeTableAsync(name, stop).ConfigureAwait(false)).Table;
        }
        catch (ResourceNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Begins to remove a table, and lets be what another removes already, or what DynamoDB is still busy with: it is looked at again.</summary>
    /// <returns>Whether it was begun here.</returns>
    public static async Task<bool> Remove(IAmazonDynamoDB dynamo, string name, CancellationToken stop)
    {
        try
        {
            await dynamo.DeleteTableAsync(new DeleteTableRequest { TableName = name }, stop).ConfigureAwait(false);
            return true;
        }
        catch (AmazonDynamoDBException busy) when (busy is ResourceInUseException or ResourceNotFoundException)
        {
            return false;
        }
    }

    public static async Task<Dictionary<string, string>> Tags(IAmazonDynamoDB dynamo, string arn, CancellationToken stop)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var page = await dynamo.ListTagsOfResourceAsync(new ListTagsOfResourceRequest { ResourceArn = arn, NextToken = next }, stop).ConfigureAwait(false);
            foreach (var tag in page.Tags ?? [])
            {
                tags[tag.Key] = tag.Value;
            }

            next = page.NextToken;
        }
        while (next is not null);
        return tags;
    }

    /// <summary>
    /// Whether a table is what this operation restored. DynamoDB takes no tags with a restore: until the table has its mark, it is known by what it
    /// was restored from and since when it is there.
    /// </summary>
    public static bool IsOurs(TableDescription table, IReadOnlyDictionary<string, string> tags, TableRestorePlan plan, string operationId) =>
        tags.TryGetValue(RestoreMarks.Operation, out var operation)
            ? operation == operationId
            : table.RestoreSummary?.SourceTableArn == plan.SourceArn && table.CreationDateTime is { } made && new DateTimeOffset(made.ToUniversalTime()) >= Instant.Read(plan.PlannedAt) - ClocksApart;
}
