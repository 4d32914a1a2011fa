using System.Text.Json.Nodes;

namespace Dbre.Lab.Services;

/// <summary>Where AWS services put the events they publish by themselves: EventBridge's default bus, when the lab has it.</summary>
public interface IEventSink
{
    /// <summary>Publishes one event to the default bus of an account and Region.</summary>
    /// <param name="source"><c>aws.rds</c></param>
    /// <param name="detailType"><c>RDS DB Snapshot Event</c></param>
    /// <param name="resources">The ARNs that it is about.</param>
    void Publish(string account, string region, string source, string detailType, JsonObject detail, IReadOnlyList<string> resources);
}
