namespace Dbre.Cli.Report;

/// <summary>A row of the timeline: the run itself, a database, or one target of a database.</summary>
/// <param name="Database">Null is the run itself.</param>
/// <param name="Region">Null is the database at home.</param>
internal sealed record Lane(string? Database, string? Region, IReadOnlyList<StepEntry> Steps)
{
    /// <summary>The run first, then each database followed by its targets, in the order of the record.</summary>
    public static IReadOnlyList<Lane> Of(EvidenceRecord record)
    {
        var order = record.Databases.Select(d => d.Database).Distinct(StringComparer.Ordinal).Select((d, i) => (d, i)).ToDictionary(d => d.d, d => d.i, StringComparer.Ordinal);
        return
        [
            .. record.Steps.GroupBy(s => (s.Database, s.Region))
                .OrderBy(g => g.Key.Database is null ? -1 : order.GetValueOrDefault(g.Key.Database, int.MaxValue))
                .ThenBy(g => g.Key.Database, StringComparer.Ordinal).ThenBy(g => g.Key.Region, StringComparer.Ordinal)
                .Select(g => new Lane(g.Key.Database, g.Key.Region, [.. g.OrderBy(s => s.StartedAt)])),
        ];
    }
}
