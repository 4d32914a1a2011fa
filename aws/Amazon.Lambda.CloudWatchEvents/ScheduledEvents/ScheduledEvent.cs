namespace Amazon.Lambda.CloudWatchEvents.ScheduledEvents;

/// <summary>The event of a scheduled rule.</summary>
public class ScheduledEvent : CloudWatchEvent<Detail>;
