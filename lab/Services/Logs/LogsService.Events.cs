using System.Globalization;
using System.Text;
using Amazon.CloudWatchLogs.Model;

namespace Dbre.Lab.Services.Logs;

/// <content>Events.</content>
public sealed partial class LogsService
{
    private const int MaximumBatch = 10_000, MaximumBatchBytes = 1_048_576, PerEvent = 26, MaximumPage = 10_000;

    private PutLogEventsResponse PutLogEvents(CallContext call, PutLogEventsRequest request)
    {
        Parameters.Refuse(request, nameof(request.LogGroupName), nameof(request.LogStreamName), nameof(request.LogEvents), nameof(request.SequenceToken));
        var group = Find(call, "logs:PutLogEvents", request.LogGroupName, request.LogStreamName);
        var stream = Stream(group, request.LogStreamName);
        var events = request.LogEvents ?? [];
        var size = events.Sum(e => Encoding.UTF8.GetByteCount(e.Message ?? "") + PerEvent);
        if (events.Count is 0 or > MaximumBatch || size > MaximumBatchBytes)
        {
            throw Invalid($"Upload must have 1 to {MaximumBatch} events and at most {MaximumBatchBytes} bytes, not {events.Count} events of {size} bytes.");
        }

        for (var i = 1; i < events.Count; i++)
        {
            if (events[i].Timestamp < events[i - 1].Timestamp)
            {
                throw Invalid("Log events in a single PutLogEvents request must be in chronological order.");
            }
        }

        // Events over 14 days old or over 2 hours ahead are rejected, the rest is taken (API reference, PutLogEvents).
        var tooOld = World.Now.AddDays(-14).ToUnixTimeMilliseconds();
        var tooNew = World.Now.AddHours(2).ToUnixTimeMilliseconds();
        foreach (var line in events.Where(e => e.Timestamp >= tooOld && e.Timestamp <= tooNew))
        {
            stream.Add(new LogEvent(line.Timestamp!.Value, line.Message, Now, order++));
        }

        var firstNew = events.FindIndex(e => e.Timestamp > tooNew);
        var old = events.Count(e => e.Timestamp < tooOld);
        return new PutLogEventsResponse
        {
            NextSequenceToken = order.ToString("D56", CultureInfo.InvariantCulture),
            RejectedLogEventsInfo = firstNew < 0 && old == 0 ? null : new RejectedLogEventsInfo
            {
                TooNewLogEventStartIndex = firstNew < 0 ? null : firstNew,
                TooOldLogEventEndIndex = old == 0 ? null : old,
            },
        };
    }

    private GetLogEventsResponse GetLogEvents(CallContext call, GetLogEventsRequest request)
    {
        Parameters.Refuse(request, nameof(request.LogGroupName), nameof(request.LogStreamName), nameof(request.StartTime), nameof(request.EndTime),
            nameof(request.NextToken), nameof(request.Limit), nameof(request.StartFromHead));
        var group = Find(call, "logs:GetLogEvents", request.LogGroupName, request.LogStreamName);
        group.Expire(World.Now);
        var events = Stream(group, request.LogStreamName).Events
            .Where(e => e.Timestamp >= (request.StartTime ?? 0) && e.Timestamp < (request.EndTime ?? long.MaxValue)).ToList();
        var limit = Limit(request.Limit);
        var (from, to) = request.NextToken switch
        {
            null when request.StartFromHead == true => (0, Math.Min(limit, events.Count)),
            null => (Math.Max(0, events.Count - limit), events.Count),
            ['f', '/', ..] token => (Place(token), Math.Min(Place(token) + limit, events.Count)),
            ['b', '/', ..] token => (Math.Max(0, Place(token) - limit), Place(token)),
            var token => throw Invalid($"The specified nextToken is invalid ('{token}')."),
        };
        from = Math.Min(from, events.Count);
        to = Math.Max(from, Math.Min(to, events.Count));
        return new GetLogEventsResponse
        {
            Events = [.. events[from..to].Select(e => new OutputLogEvent { Timestamp = e.Timestamp, Message = e.Message, IngestionTime = e.Ingested })],
            NextForwardToken = string.Create(CultureInfo.InvariantCulture, $"f/{to}"),
            NextBackwardToken = string.Create(CultureInfo.InvariantCulture, $"b/{from}"),
        };
    }

    private FilterLogEventsResponse FilterLogEvents(CallContext call, FilterLogEventsRequest request)
    {
        Parameters.Refuse(request, nameof(request.LogGroupName), nameof(request.LogStreamNames), nameof(request.LogStreamNamePrefix), nameof(request.StartTime),
            nameof(request.EndTime), nameof(request.FilterPattern), nameof(request.NextToken), nameof(request.Limit), nameof(request.Interleaved));
        var group = Find(call, "logs:FilterLogEvents", request.LogGroupName);
        group.Expire(World.Now);
        var filter = TermFilter.Parse(request.FilterPattern);
        var found = group.Streams.Values
            .Where(s => request.LogStreamNames is not { Count: > 0 } names || names.Contains(s.Name))
            .Where(s => s.Name.StartsWith(request.LogStreamNamePrefix ?? "", StringComparison.Ordinal))
            .SelectMany(s => s.Events.Where(e => e.Timestamp >= (request.StartTime ?? 0) && e.Timestamp <= (request.EndTime ?? long.MaxValue) && filter.Matches(e.Message))
                .Select(e => (Stream: s.Name, Event: e)))
            .OrderBy(e => e.Event.Timestamp).ThenBy(e => e.Event.Order);
        var page = Page.Of(found, e => EventId(e.Event), request.NextToken, Limit(request.Limit), "InvalidParameterException");
        return new FilterLogEventsResponse
        {
            NextToken = page.NextToken,
            SearchedLogStreams = [],
            Events = [.. page.Items.Select(e => new FilteredLogEvent
            {
                LogStreamName = e.Stream, Timestamp = e.Event.Timestamp, Message = e.Event.Message, IngestionTime = e.Event.Ingested, EventId = EventId(e.Event),
            })],
        };
    }

    private static LogStreamState Stream(LogGroupState group, string name) => group.Streams.GetValueOrDefault(name)
        ?? throw new ServiceException("ResourceNotFoundException", "The specified log stream does not exist.");

    private static int Limit(int? limit) => limit is null or (>= 1 and <= MaximumPage)
        ? limit ?? MaximumPage
        : throw Invalid($"Limit must be between 1 and {MaximumPage}, not {limit}.");

    private static int Place(string token) => int.TryParse(token.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var place)
        ? place
        : throw Invalid($"The specified nextToken is invalid ('{token}').");

    // In the order of time, and of arrival within a moment.
    private static string EventId(LogEvent e) => string.Create(CultureInfo.InvariantCulture, $"{e.Timestamp:D20}{e.Order:D20}");
}
