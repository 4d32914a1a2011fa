using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbre.Lab.Services.Events;

/// <summary>An event as rules and targets see it (EventBridge User Guide, "AWS service event metadata").</summary>
internal static class EventEnvelope
{
    internal static JsonElement Of(
        string id, string account, string region, DateTimeOffset time, string source, string detailType, JsonNode detail, IEnumerable<string> resources) =>
        JsonSerializer.SerializeToElement(new JsonObject
        {
            ["version"] = "0",
            ["id"] = id,
            ["detail-type"] = detailType,
            ["source"] = source,
            ["account"] = account,
            ["time"] = Time(time),
            ["region"] = region,
            ["resources"] = new JsonArray([.. resources.Select(r => JsonValue.Create(r))]),
            ["detail"] = detail,
        });

    internal static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
