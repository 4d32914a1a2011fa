using System.Text.Json.Nodes;
using Amazon.RDS.Model;

namespace Dbre.Lab.Services.Rds;

/// <content>Events: kept for 14 days for DescribeEvents, and published to EventBridge.</content>
public sealed partial class RdsService
{
    private static readonly TimeSpan EventsKept = TimeSpan.FromDays(14), EventsByDefault = TimeSpan.FromHours(1);

    private void Tell(Area area, EventSource about, string eventId, string message, string category)
    {
        var now = World.Now;
        area.Events.RemoveAll(e => e.At < now - EventsKept);
        area.Events.Add(new RdsEvent(eventId, about.Type, about.Id, about.Arn, now, message, [category]));
        var detail = new JsonObject
        {
            ["EventCategories"] = new JsonArray(category),
            ["SourceType"] = about.BusType,
            ["SourceArn"] = about.Arn,
            ["Date"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture),
            ["Message"] = message,
            ["SourceIdentifier"] = about.Id,
            ["EventID"] = eventId,
            ["Tags"] = new JsonObject(about.Tags.ToList().Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))),
        };
        World.Services.Values.OfType<IEventSink>().SingleOrDefault()?.Publish(area.Account, area.Region, "aws.rds", about.Title, detail, [about.Arn]);
    }

    private DescribeEventsResponse DescribeEvents(CallContext call, DescribeEventsRequest request)
    {
        RdsParameters.Refuse(
            request, nameof(request.SourceIdentifier), nameof(request.SourceType), nameof(request.StartTime), nameof(request.EndTime), nameof(request.Duration),
            nameof(request.EventCategories), nameof(request.MaxRecords), nameof(request.Marker));
        var area = AreaOf(call);
        call.Authorize("rds:DescribeEvents", "*");
        if (request.SourceIdentifier is not null && request.SourceType is null)
        {
            throw RdsErrors.InvalidCombination("SourceType must be given with SourceIdentifier.");
        }

        var now = World.Now;
        var from = request.StartTime is { } start ? new DateTimeOffset(start.ToUniversalTime())
            : now - (request.Duration is { } minutes ? TimeSpan.FromMinutes(minutes) : EventsByDefault);
        var till = request.EndTime is { } end ? new DateTimeOffset(end.ToUniversalTime()) : now;
        var found = area.Events.Select((e, n) => (Event: e, Key: n.ToString("D9", System.Globalization.CultureInfo.InvariantCulture))).Where(e =>
            e.Event.At >= from && e.Event.At <= till
            && (request.SourceType is not { } type || e.Event.SourceType == type.Value)
            && (request.SourceIdentifier is not { } id || string.Equals(e.Event.SourceId, id, StringComparison.OrdinalIgnoreCase))
            && (request.EventCategories is not { Count: > 0 } categories || e.Event.Categories.Any(categories.Contains)));
        var page = RdsPages.Of(found, e => e.Key, request.MaxRecords, request.Marker);
        return new DescribeEventsResponse
        {
            Marker = page.NextToken,
            Events =
            [
                .. page.Items.Select(e => new Event
                {
                    SourceIdentifier = e.Event.SourceId, SourceType = e.Event.SourceType, SourceArn = e.Event.SourceArn, Message = e.Event.Message,
                    Date = e.Event.At.UtcDateTime, EventCategories = [.. e.Event.Categories],
                }),
            ],
        };
    }
}
