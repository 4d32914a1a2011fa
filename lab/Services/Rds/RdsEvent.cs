namespace Dbre.Lab.Services.Rds;

/// <summary>An event as DescribeEvents tells it.</summary>
/// <param name="SourceType">AWS's source type: <c>db-snapshot</c>.</param>
internal sealed record RdsEvent(string Id, string SourceType, string SourceId, string SourceArn, DateTimeOffset At, string Message, IReadOnlyList<string> Categories);
