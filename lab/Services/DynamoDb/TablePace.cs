namespace Dbre.Lab.Services.DynamoDb;

/// <summary>How long DynamoDB takes for what is not done at once.</summary>
/// <param name="Lag">How far the latest moment that can be restored is behind: typically 5 minutes (Amazon DynamoDB API Reference, PointInTimeRecoveryDescription).</param>
/// <param name="Restore">A restore, from the shortest to the longest.</param>
/// <param name="Change">A change of a table's settings.</param>
public sealed record TablePace(TimeSpan Lag, (TimeSpan Shortest, TimeSpan Longest) Restore, TimeSpan Change)
{
    /// <summary>As users of DynamoDB report: even an empty table takes a few minutes to restore, most take less than an hour.</summary>
    public static TablePace AsAws { get; } = new(TimeSpan.FromMinutes(5), (TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(40)), TimeSpan.FromSeconds(10));

    /// <summary>For people who wait: everything takes a second.</summary>
    public static TablePace OneSecond { get; } = new(TimeSpan.FromSeconds(1), (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)), TimeSpan.FromSeconds(1));
}
