namespace Dbre.Lab.Services.Logs;

/// <summary>One line of a log.</summary>
/// <param name="Timestamp">Milliseconds since 1970, UTC.</param>
internal sealed record LogEvent(long Timestamp, string Message, long Ingested, long Order);

internal sealed class LogStreamState(string name, long created)
{
    internal string Name { get; } = name;
    internal long Created { get; } = created;
    internal List<LogEvent> Events { get; } = [];

    /// <summary>Keeps the order of timestamps; nearly all events come in that order.</summary>
    internal void Add(LogEvent added)
    {
        var at = Events.Count;
        while (at > 0 && Events[at - 1].Timestamp > added.Timestamp)
        {
            at--;
        }

        Events.Insert(at, added);
    }
}

internal sealed class LogGroupState(string account, string region, string name, long created)
{
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Name { get; } = name;
    internal long Created { get; } = created;
    internal int? RetentionDays { get; set; }
    internal string? KmsKeyId { get; init; }
    internal SortedDictionary<string, LogStreamState> Streams { get; } = new(StringComparer.Ordinal);
    internal string Arn { get; } = $"arn:aws:logs:{region}:{account}:log-group:{name}";

    /// <summary>Drops the events that are past their retention.</summary>
    internal void Expire(DateTimeOffset now)
    {
        if (RetentionDays is { } days)
        {
            var oldest = now.AddDays(-days).ToUnixTimeMilliseconds();
            foreach (var stream in Streams.Values)
            {
                var keep = stream.Events.FindIndex(e => e.Timestamp >= oldest);
                stream.Events.RemoveRange(0, keep < 0 ? stream.Events.Count : keep);
            }
        }
    }
}
