namespace Dbre.Lab.Engines.Stub;

/// <summary>How long the stub's operations take: drawn evenly between the shortest and the longest.</summary>
public sealed record StubPace
{
    /// <summary>As users of RDS report them: a snapshot takes minutes, a copy to another Region 16 to 30.</summary>
    public static StubPace AsAws { get; } = new();

    /// <summary>Every operation takes one second: for tests of rules, where time only has to pass.</summary>
    public static StubPace OneSecond { get; } = new()
    {
        Create = Span.Of(1, 1), Start = Span.Of(1, 1), Stop = Span.Of(1, 1), Delete = Span.Of(1, 1), Snapshot = Span.Of(1, 1),
        Copy = Span.Of(1, 1), Restore = Span.Of(1, 1), Promote = Span.Of(1, 1), Change = Span.Of(1, 1), Rename = Span.Of(1, 1),
    };

    public Span Create { get; init; } = Span.Of(240, 480);
    public Span Start { get; init; } = Span.Of(60, 300);
    public Span Stop { get; init; } = Span.Of(60, 180);
    public Span Delete { get; init; } = Span.Of(60, 240);
    public Span Snapshot { get; init; } = Span.Of(60, 300);
    public Span Copy { get; init; } = Span.Of(960, 1800);
    public Span Restore { get; init; } = Span.Of(300, 900);
    public Span Promote { get; init; } = Span.Of(30, 120);
    public Span Change { get; init; } = Span.Of(5, 30);
    public Span Rename { get; init; } = Span.Of(60, 180);

    /// <summary>A range of durations.</summary>
    public sealed record Span(TimeSpan Shortest, TimeSpan Longest)
    {
        internal static Span Of(double shortestSeconds, double longestSeconds) => new(TimeSpan.FromSeconds(shortestSeconds), TimeSpan.FromSeconds(longestSeconds));

        internal TimeSpan Draw(Random chance) => Shortest + ((Longest - Shortest) * chance.NextDouble());
    }
}
