using System.Globalization;

using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;

namespace Dbre.Lab.Services.DynamoDb;

/// <content>A table's settings: protection, stream, tags, time to live. A stream is noted and described; nothing can be read from it.</content>
public sealed partial class DynamoDbService
{
    private const int MostTags = 50;

    private UpdateTableResponse UpdateTable(CallContext call, UpdateTableRequest request)
    {
        Parameters.Refuse(request, nameof(request.TableName), nameof(request.DeletionProtectionEnabled), nameof(request.StreamSpecification));
        var table = Changeable(call, "dynamodb:UpdateTable", request.TableName);
        if (request.StreamSpecification is { } stream)
        {
            SetStream(table, stream);
        }

        table.DeletionProtected = request.DeletionProtectionEnabled ?? table.DeletionProtected;
        table.Begin(TableStatus.UPDATING, Pace.Change);
        return new UpdateTableResponse { TableDescription = table.Describe() };
    }

    private TagResourceResponse TagResource(CallContext call, TagResourceRequest request)
    {
        var table = Changeable(call, "dynamodb:TagResource", request.ResourceArn);
        Tag(table, request.Tags);
        return new TagResourceResponse();
    }

    private ListTagsOfResourceResponse ListTagsOfResource(CallContext call, ListTagsOfResourceRequest request)
    {
        Parameters.Refuse(request, nameof(request.ResourceArn));
        return new ListTagsOfResourceResponse { Tags = [.. Find(call, "dynamodb:ListTagsOfResource", request.ResourceArn).Tags.Select(t => new Tag { Key = t.Key, Value = t.Value })] };
    }

    private UpdateTimeToLiveResponse UpdateTimeToLive(CallContext call, UpdateTimeToLiveRequest request)
    {
        var table = Changeable(call, "dynamodb:UpdateTimeToLive", request.TableName);
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

    private void SetStream(Table table, StreamSpecification wanted)
    {
        var on = wanted.StreamEnabled == true;
        if (on == (table.Stream is not null))
        {
            throw Invalid(on ? $"Table already has an enabled stream: TableName: {table.Name}" : $"Table has no stream to disable: TableName: {table.Name}");
        }

        if (on && wanted.StreamViewType is null)
        {
            throw Invalid("One or more parameter values were invalid: StreamViewType is required when StreamEnabled is true");
        }

        table.Stream = on ? wanted : null;
        table.StreamLabel = on ? World.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff", CultureInfo.InvariantCulture) : table.StreamLabel;
    }

    private static void Tag(Table table, IEnumerable<Tag> tags)
    {
        var given = tags.ToList();
        if (given.Select(t => t.Key).Union(table.Tags.Keys, StringComparer.Ordinal).Count() > MostTags)
        {
            throw Invalid($"Too many tags: a table has at most {MostTags}");
        }

        foreach (var tag in given)
        {
            table.Tags[tag.Key] = tag.Value;
        }
    }

    /// <summary>A table that nothing is being done to.</summary>
    private Table Changeable(CallContext call, string action, string tableName)
    {
        var table = Find(call, action, tableName);
        return table.Status == TableStatus.ACTIVE
            ? table
            : throw new ServiceException("ResourceInUseException", $"Attempt to change a resource which is still in use: Table is being {(table.Status == TableStatus.CREATING ? "created" : "updated")}: {table.Name}");
    }
}
