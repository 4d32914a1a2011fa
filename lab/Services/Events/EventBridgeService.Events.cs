using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

using Amazon.EventBridge.Model;

namespace Dbre.Lab.Services.Events;

/// <summary>Events: taken from callers and from the other services, and handed to every target of every rule that matches.</summary>
public sealed partial class EventBridgeService
{
    // EventBridge quotas: entries of one PutEvents, and their size together.
    private const int MostEntries = 10;
    private const int MostBytes = 256 * 1024;

    // No target is reached inside the operation that published: whoever publishes may hold the lock, and in AWS an event travels.
    private static readonly TimeSpan Travel = TimeSpan.FromMilliseconds(10);

    private static readonly TimeSpan[] OnceAtOnce = [TimeSpan.Zero];

    /// <summary>For the simulation: how late each delivery of an event of a rule is; two are a duplicate, none is a loss.</summary>
    public Func<string, IReadOnlyList<TimeSpan>>? Deviation { get; set; }

    /// <inheritdoc />
    public void Publish(string account, string region, string source, string detailType, JsonObject detail, IReadOnlyList<string> resources)
    {
        lock (World.Gate)
        {
            Route(account, region, EventEnvelope.Of(World.NewId(), account, region, World.Now, source, detailType, detail.DeepClone(), resources));
        }
    }

    private PutEventsResponse PutEvents(CallContext call, PutEventsRequest request)
    {
        Parameters.Refuse(request, nameof(request.Entries));
        call.Authorize("events:PutEvents", BusArn(call.Account, call.Region));
        var entries = request.Entries ?? [];
        if (entries.Count is 0 or > MostEntries)
        {
            throw Invalid($"Entries has {entries.Count} entries; allowed are 1 to {MostEntries}.");
        }

        if (entries.Sum(Size) > MostBytes)
        {
            throw Invalid("Total size of the entries in the request is over the limit.");
        }

        var results = entries.ConvertAll(entry => Put(call, entry));
        return new PutEventsResponse { Entries = results, FailedEntryCount = results.Count(r => r.ErrorCode is not null) };
    }

    private PutEventsResultEntry Put(CallContext call, PutEventsRequestEntry entry)
    {
        Parameters.Refuse(entry, nameof(entry.Time), nameof(entry.Source), nameof(entry.Resources), nameof(entry.DetailType), nameof(entry.Detail), nameof(entry.EventBusName));
        RequireDefaultBus(call, entry.EventBusName);
        foreach (var (name, value) in new[] { (nameof(entry.Source), entry.Source), (nameof(entry.DetailType), entry.DetailType), (nameof(entry.Detail), entry.Detail) })
        {
            if (string.IsNullOrEmpty(value))
            {
                return Failed("InvalidArgument", $"Parameter {name} is not valid. Reason: {name} is a required argument.");
            }
        }

        if (entry.Source.StartsWith("aws.", StringComparison.OrdinalIgnoreCase))
        {
            return Failed("NotAuthorizedForSourceException", "Not authorized for the source.");
        }

        if (Detail(entry.Detail) is not { } detail)
        {
            return Failed("MalformedDetail", "Detail is malformed.");
        }

        var id = World.NewId();
        var time = entry.Time is { } given ? new DateTimeOffset(given.ToUniversalTime()) : World.Now;
        Route(call.Account, call.Region, EventEnvelope.Of(id, call.Account, call.Region, time, entry.Source, entry.DetailType, detail, entry.Resources ?? []));
        return new PutEventsResultEntry { EventId = id };
    }

    /// <summary>Which targets get an event is settled when it comes; rules that change later do not change it.</summary>
    private void Route(string account, string region, JsonElement envelope)
    {
        foreach (var rule in RulesOf(account, region).Where(r => r.Enabled && r.Pattern.Matches(envelope)))
        {
            foreach (var target in rule.Targets.Values)
            {
                foreach (var late in Deviation?.Invoke(rule.Name) ?? OnceAtOnce)
                {
                    _ = Travelling(new EventDelivery(World, new EventForTarget(envelope, World.Now, rule), target), late);
                }
            }
        }
    }

    private async Task Travelling(EventDelivery delivery, TimeSpan late)
    {
        await Task.Delay(Travel + late, World.Clock).ConfigureAwait(false);
        await delivery.Run().ConfigureAwait(false);
    }

    private static PutEventsResultEntry Failed(string code, string message) => new() { ErrorCode = code, ErrorMessage = message };

    private static JsonObject? Detail(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>As AWS counts it: 14 bytes for a time, and the UTF-8 bytes of the rest.</summary>
    private static int Size(PutEventsRequestEntry entry) => (entry.Time is null ? 0 : 14)
        + new[] { entry.Source, entry.DetailType, entry.Detail }.Concat(entry.Resources ?? []).Sum(t => Encoding.UTF8.GetByteCount(t ?? ""));
}
