using Amazon.CloudWatchLogs.Model;

namespace Dbre.Lab.Services.Logs;

/// <summary>CloudWatch Logs: groups, streams, events, plain-text filters, retention. Function processes' lines come in through <see cref="ILogSink"/>.</summary>
public sealed partial class LogsService : EmulatedService, ILogSink
{
    // PutRetentionPolicy takes only these numbers of days (CloudWatch Logs API reference).
    private static readonly HashSet<int> Retentions =
        [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

    private readonly SortedDictionary<string, LogGroupState> groups = new(StringComparer.Ordinal);
    private long order;

    public LogsService(World world) : base("logs", world)
    {
        On<CreateLogGroupRequest, CreateLogGroupResponse>(CreateLogGroup);
        On<CreateLogStreamRequest, CreateLogStreamResponse>(CreateLogStream);
        On<DescribeLogGroupsRequest, DescribeLogGroupsResponse>(DescribeLogGroups);
        On<DescribeLogStreamsRequest, DescribeLogStreamsResponse>(DescribeLogStreams);
        On<PutRetentionPolicyRequest, PutRetentionPolicyResponse>(PutRetentionPolicy);
        On<PutLogEventsRequest, PutLogEventsResponse>(PutLogEvents);
        On<GetLogEventsRequest, GetLogEventsResponse>(GetLogEvents);
        On<FilterLogEventsRequest, FilterLogEventsResponse>(FilterLogEvents);
    }

    /// <inheritdoc />
    public void Write(string account, string region, string group, string stream, DateTimeOffset at, string line)
    {
        lock (World.Gate)
        {
            var key = Key(account, region, group);
            if (!groups.TryGetValue(key, out var found))
            {
                groups.Add(key, found = new LogGroupState(account, region, group, Now));
            }

            if (!found.Streams.TryGetValue(stream, out var into))
            {
                found.Streams.Add(stream, into = new LogStreamState(stream, Now));
            }

            into.Add(new LogEvent(at.ToUnixTimeMilliseconds(), line, Now, order++));
        }
    }

    private long Now => World.Now.ToUnixTimeMilliseconds();

    private CreateLogGroupResponse CreateLogGroup(CallContext call, CreateLogGroupRequest request)
    {
        Parameters.Refuse(request, nameof(request.LogGroupName), nameof(request.KmsKeyId), nameof(request.Tags));
        var name = request.LogGroupName;
        if (name.Length is 0 or > 512 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "._-/#".Contains(c, StringComparison.Ordinal)))
        {
            throw Invalid($"The log group name '{name}' must have 1 to 512 characters, each a letter, a digit or one of . _ - / #.");
        }

        var group = new LogGroupState(call.Account, call.Region, name, Now) { KmsKeyId = request.KmsKeyId };
        call.Authorize("logs:CreateLogGroup", Scope(group.Arn));
        return groups.TryAdd(Key(call.Account, call.Region, name), group)
            ? new CreateLogGroupResponse()
            : throw new ServiceException("ResourceAlreadyExistsException", "The specified log group already exists");
    }

    private CreateLogStreamResponse CreateLogStream(CallContext call, CreateLogStreamRequest request)
    {
        var group = Find(call, "logs:CreateLogStream", request.LogGroupName, request.LogStreamName);
        return group.Streams.TryAdd(request.LogStreamName, new LogStreamState(request.LogStreamName, Now))
            ? new CreateLogStreamResponse()
            : throw new ServiceException("ResourceAlreadyExistsException", "The specified log stream already exists");
    }

    private DescribeLogGroupsResponse DescribeLogGroups(CallContext call, DescribeLogGroupsRequest request)
    {
        Parameters.Refuse(request, nameof(request.LogGroupNamePrefix), nameof(request.LogGroupNamePattern), nameof(request.NextToken), nameof(request.Limit));
        call.Authorize("logs:DescribeLogGroups", $"arn:aws:logs:{call.Region}:{call.Account}:log-group::log-stream:");
        var prefix = Key(call.Account, call.Region, request.LogGroupNamePrefix ?? "");
        var found = groups.Where(g => g.Key.StartsWith(prefix, StringComparison.Ordinal)).Select(g => g.Value)
            .Where(g => request.LogGroupNamePattern is null || g.Name.Contains(request.LogGroupNamePattern, StringComparison.OrdinalIgnoreCase));
        var page = Page.Of(found, g => g.Name, request.NextToken, request.Limit ?? 50, "InvalidParameterException");
        return new DescribeLogGroupsResponse
        {
            NextToken = page.NextToken,
            LogGroups = [.. page.Items.Select(g => new LogGroup
            {
                LogGroupName = g.Name, Arn = g.Arn + ":*", LogGroupArn = g.Arn, CreationTime = g.Created, RetentionInDays = g.RetentionDays, KmsKeyId = g.KmsKeyId,
                MetricFilterCount = 0, StoredBytes = g.Streams.Values.Sum(s => s.Events.Sum(e => (long)e.Message.Length)),
            })],
        };
    }

    private DescribeLogStreamsResponse DescribeLogStreams(CallContext call, DescribeLogStreamsRequest request)
    {
        Parameters.Refuse(request, nameof(request.LogGroupName), nameof(request.LogStreamNamePrefix), nameof(request.OrderBy), nameof(request.Descending),
            nameof(request.NextToken), nameof(request.Limit));
        var group = Find(call, "logs:DescribeLogStreams", request.LogGroupName);
        group.Expire(World.Now);
        var found = group.Streams.Values.Where(s => s.Name.StartsWith(request.LogStreamNamePrefix ?? "", StringComparison.Ordinal)).ToList();
        var byTime = request.OrderBy?.Value == "LastEventTime";
        if (byTime && request.LogStreamNamePrefix is not null)
        {
            throw Invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        // The order is part of each one's key, so that a page goes on where the one before ended.
        string Rank(LogStreamState s, int place) => $"{place:D8}/{s.Name}";
        var ordered = (byTime ? found.OrderBy(s => s.Events.LastOrDefault()?.Timestamp ?? 0) : found.OrderBy(s => s.Name, StringComparer.Ordinal)).ToList();
        if (request.Descending == true)
        {
            ordered.Reverse();
        }

        var page = Page.Of(ordered.Select((s, i) => (Stream: s, Key: Rank(s, i))), s => s.Key, request.NextToken, request.Limit ?? 50, "InvalidParameterException");
        return new DescribeLogStreamsResponse
        {
            NextToken = page.NextToken,
            LogStreams = [.. page.Items.Select(s => s.Stream).Select(s => new LogStream
            {
                LogStreamName = s.Name, Arn = $"{group.Arn}:log-stream:{s.Name}", CreationTime = s.Created, StoredBytes = 0,
                FirstEventTimestamp = s.Events.FirstOrDefault()?.Timestamp, LastEventTimestamp = s.Events.LastOrDefault()?.Timestamp,
                LastIngestionTime = s.Events.LastOrDefault()?.Ingested,
            })],
        };
    }

    private PutRetentionPolicyResponse PutRetentionPolicy(CallContext call, PutRetentionPolicyRequest request)
    {
        var group = Find(call, "logs:PutRetentionPolicy", request.LogGroupName);
        group.RetentionDays = request.RetentionInDays is { } days && Retentions.Contains(days)
            ? days
            : throw Invalid($"RetentionInDays must be one of {string.Join(", ", Retentions.Order())}, not {request.RetentionInDays}.");
        return new PutRetentionPolicyResponse();
    }

    private LogGroupState Find(CallContext call, string action, string? name, string stream = "")
    {
        if (name is null)
        {
            throw Invalid("logGroupName is required.");
        }

        call.Authorize(action, $"arn:aws:logs:{call.Region}:{call.Account}:log-group:{name}:log-stream:{stream}");
        return groups.GetValueOrDefault(Key(call.Account, call.Region, name))
            ?? throw new ServiceException("ResourceNotFoundException", "The specified log group does not exist.");
    }

    // IAM sees a group as "the group and its streams": a policy on the bare ARN without :* does not match, in AWS either.
    private static string Scope(string groupArn) => groupArn + ":log-stream:";

    private static string Key(string account, string region, string name) => $"{account}/{region}/{name}";

    private static ServiceException Invalid(string message) => new("InvalidParameterException", message);
}
