using System.Globalization;

namespace Dbre.Lab.Simulation.Faults;

/// <summary>One thing that goes wrong.</summary>
/// <param name="At">When, counted from the start of the nights. What happens to a call happens to one after this.</param>
/// <param name="Pick">Which of the candidates it meets: the how-manieth call from then on, which service, which snapshot.</param>
/// <param name="Lasts">How long, for what lasts.</param>
public sealed record Fault(FaultKind Kind, TimeSpan At, int Pick, TimeSpan Lasts)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{FaultNames.Of(Kind)} at +{At:d\\.hh\\:mm\\:ss} (pick {Pick}, lasts {Lasts:hh\\:mm\\:ss})");
}

/// <summary>Everything that goes wrong in a run.</summary>
public sealed record FaultPlan(IReadOnlyList<Fault> Faults)
{
    public static FaultPlan None { get; } = new([]);
}

/// <summary>The kinds' names as people type them.</summary>
public static class FaultNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<FaultKind>().Select(Of)];

    public static string Of(FaultKind kind) => string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    /// <returns>Null when there is no kind of that name.</returns>
    public static FaultKind? Find(string name) => Enum.GetValues<FaultKind>().Where(kind => Of(kind) == name).Select(kind => (FaultKind?)kind).FirstOrDefault();
}
