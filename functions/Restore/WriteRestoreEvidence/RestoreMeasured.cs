using Dbre.Functions.Core;

namespace Dbre.Functions.Restore;

/// <summary>How long the parts of a restore took, in seconds. What did not happen is null.</summary>
/// <param name="Approval">People's time, which is not part of the RTO.</param>
public sealed record RestoreTimes(double? Preflight, double? Restore, double? Configure, double? Prove, double? Approval, double? CutOver);

/// <summary>A restore in numbers. What was not measured is null.</summary>
/// <param name="RpoSeconds">From the last sign of life in the restored database to the time asked for.</param>
/// <param name="RtoSeconds">From the start until the restored database was proven where it is to be used, without the time that people took.</param>
public sealed record RestoreMeasured(
    double? RpoSeconds, double? RtoSeconds, RestoreTimes Rto, long? RowsExpected, long? RowsFound, bool? ChecksumsEqual, int? TablesFound, int? TablesCompared)
{
    /// <summary>The steps of the flows, by the part of the restore that they are.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Parts = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        [nameof(RestoreTimes.Preflight)] = ["Plan the restore", "Lock the database", "Lock the table"],
        [nameof(RestoreTimes.Restore)] = ["Restore the database", "Restore the table"],
        [nameof(RestoreTimes.Configure)] = ["Configure the database", "Configure the table"],
        [nameof(RestoreTimes.Prove)] = ["Prove the restore"],
        [nameof(RestoreTimes.Approval)] = ["Ask for the approval"],
        [nameof(RestoreTimes.CutOver)] = ["Swap the names", "Prove it under the name"],
    };

    public static RestoreMeasured Of(IReadOnlyList<TimelineStep> steps, RestoreProof? proof, bool done)
    {
        var times = new RestoreTimes(
            Span(steps, nameof(RestoreTimes.Preflight)), Span(steps, nameof(RestoreTimes.Restore)), Span(steps, nameof(RestoreTimes.Configure)),
            Span(steps, nameof(RestoreTimes.Prove)), Span(steps, nameof(RestoreTimes.Approval)), Span(steps, nameof(RestoreTimes.CutOver)));
        double? rto = done ? Math.Round(new[] { times.Preflight, times.Restore, times.Configure, times.Prove, times.CutOver }.Sum(t => t ?? 0), 3) : null;
        return new RestoreMeasured(proof?.RpoSeconds, rto, times, proof?.RowsExpected, proof?.RowsFound, proof?.ChecksumsEqual, proof?.TablesFound, proof?.TablesCompared);
    }

    // From the first step of a part to the end of its last: what was waited in between belongs to it.
    private static double? Span(IReadOnlyList<TimelineStep> steps, string part)
    {
        var own = steps.Where(s => Parts[part].Contains(s.Name)).ToList();
        return own.Count == 0 ? null : Math.Round((own.Max(s => Instant.Read(s.EndedAt)) - own.Min(s => Instant.Read(s.StartedAt))).TotalSeconds, 3);
    }
}
