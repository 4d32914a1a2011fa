using System.Text.Json.Serialization;

namespace Amazon.Lambda.CloudWatchEvents;

/// <summary>An event as EventBridge delivers it.</summary>
/// <typeparam name="T">The event's <c>detail</c>.</typeparam>
public class CloudWatchEvent<T>
{
    public string? Version { get; set; }

    public string? Account { get; set; }

    public string? Region { get; set; }

    public T? Detail { get; set; }

    /// <summary>With <see cref="Source"/> it names the fields and values that <see cref="Detail"/> has.</summary>
    [JsonPropertyName("detail-type")]
    public string? DetailType { get; set; }

    public string? Source { get; set; }

    /// <summary>When it happened, as the source says; UTC.</summary>
    public DateTime Time { get; set; }

    /// <summary>Unique to the event, also when it is delivered twice.</summary>
    public string? Id { get; set; }

    /// <summary>ARNs of what the event is about.</summary>
    public List<string>? Resources { get; set; }
}
