namespace Amazon.Lambda.CloudWatchEvents.ScheduledEvents;

/// <summary>A scheduled event has no detail.</summary>
public class Detail;
