namespace Dbre.Cli.Report;

/// <summary>What a step is for; its colour in a timeline.</summary>
internal enum StepKind
{
    Measure,
    Snapshot,
    Copy,
    Restore,
    Prove,
    Swap,
    Prune,

    /// <summary>Locks, selection, evidence: what surrounds the work.</summary>
    Around,
}

internal static class StepKinds
{
    /// <summary>In the order of a night's work, with the word for the legend.</summary>
    public static readonly IReadOnlyList<(StepKind Kind, string Word)> All =
    [
        (StepKind.Measure, "measure and configure"), (StepKind.Snapshot, "snapshot"), (StepKind.Copy, "copy"), (StepKind.Restore, "restore"),
        (StepKind.Prove, "prove"), (StepKind.Swap, "swap names"), (StepKind.Prune, "remove and prune"), (StepKind.Around, "lock, wait and report"),
    ];

    private static readonly Dictionary<string, StepKind> Kinds = new(StringComparer.Ordinal)
    {
        ["Measure the source"] = StepKind.Measure,
        ["Measure the source again"] = StepKind.Measure,
        ["Create the snapshot"] = StepKind.Snapshot,
        ["Prepare the copy"] = StepKind.Copy,
        ["Copy the snapshot"] = StepKind.Copy,
        ["Restore it at home"] = StepKind.Restore,
        ["Restore the copy"] = StepKind.Restore,
        ["Restore the database"] = StepKind.Restore,
        ["Restore the table"] = StepKind.Restore,
        ["Configure the database"] = StepKind.Measure,
        ["Configure the table"] = StepKind.Measure,
        ["Prove the restore"] = StepKind.Prove,
        ["Swap the names"] = StepKind.Swap,
        ["Prove it under the name"] = StepKind.Prove,
        ["Swap the names back"] = StepKind.Swap,
        ["Remove the drill"] = StepKind.Prune,
        ["Prove the copy"] = StepKind.Prove,
        ["Remove the restored copy"] = StepKind.Prune,
        ["Clean up the restored copy"] = StepKind.Prune,
        ["Prune old snapshots"] = StepKind.Prune,
    };

    /// <summary>The steps that it knows; the flow must have them.</summary>
    public static IEnumerable<string> KnownSteps => Kinds.Keys;

    /// <summary>By the state's name in the flow; a step that it does not know surrounds the work.</summary>
    public static StepKind Of(string step) => Kinds.GetValueOrDefault(step, StepKind.Around);
}
