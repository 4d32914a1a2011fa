using System.Text.Json;
using System.Text.Json.Nodes;

namespace Dbre.Cli.Report;

/// <summary>
/// One evidence document as a reader sees it. Fields that it does not know are passed over, so that a report can be made of records that a
/// later version wrote; what a record lacks is null or empty, never guessed.
/// </summary>
internal sealed record EvidenceRecord
{
    public string Automation { get; init; } = "";
    public string OperationId { get; init; } = "";
    public string Outcome { get; init; } = "";
    public string Reason { get; init; } = "";
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }
    public IReadOnlyList<DatabaseEntry> Databases { get; init; } = [];
    public IReadOnlyList<DeferredEntry> Deferred { get; init; } = [];
    public IReadOnlyList<RefusedEntry> Refused { get; init; } = [];
    public IReadOnlyList<QuotaEntry> Quotas { get; init; } = [];
    public IReadOnlyList<StepEntry> Steps { get; init; } = [];
    public MeasuredEntry Measured { get; init; } = new();
    public RestoreEntry? Restore { get; init; }
    public InputsEntry? Inputs { get; init; }
    public ApprovalEntry? Approval { get; init; }
    public string PreviousHash { get; init; } = "";
    public string Hash { get; init; } = "";

    public RunVerdict Verdict => (Outcome, Measured.Proven) switch
    {
        ("Succeeded", _) when Measured.Recorded is not null => RunVerdict.CleanedUp,
        ("Succeeded", _) when Measured.Rto is not null => RunVerdict.Restored,
        ("Succeeded", > 0) => RunVerdict.Proved,
        ("Succeeded", _) => RunVerdict.Copied,
        ("Refused", _) => RunVerdict.Refused,
        _ => RunVerdict.Failed,
    };

    /// <summary>Its databases were restored as a drill, and not copied.</summary>
    public bool IsDrill => Databases.Any(d => d.Restores.Count > 0);

    public TimeSpan Duration => EndedAt > StartedAt ? EndedAt - StartedAt : TimeSpan.Zero;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <exception cref="JsonException">A field has another type than evidence has; the message names its path.</exception>
    public static EvidenceRecord Read(JsonObject record) => record.Deserialize<EvidenceRecord>(Options)!;
}

/// <summary>What a record lets one say of its run.</summary>
internal enum RunVerdict
{
    /// <summary>It succeeded, and copies were restored and compared.</summary>
    Proved,

    /// <summary>It succeeded, and no proof was due.</summary>
    Copied,

    /// <summary>A database was restored, and read in full.</summary>
    Restored,

    /// <summary>Nothing is left of runs that ended badly.</summary>
    CleanedUp,

    Failed,

    /// <summary>It was not begun; nothing was changed.</summary>
    Refused,
}

internal sealed record DatabaseEntry
{
    public string Database { get; init; } = "";
    public string? Kind { get; init; }
    public string? Engine { get; init; }
    public string Outcome { get; init; } = "";
    public string Reason { get; init; } = "";
    public string? Snapshot { get; init; }
    public IReadOnlyList<CopyEntry> Copies { get; init; } = [];
    public IReadOnlyList<DrilledEntry> Restores { get; init; } = [];

    /// <summary>What its policy promises of a drill's restores.</summary>
    public ObjectiveEntry? Objective { get; init; }

    public IReadOnlyList<PrunedEntry> Pruned { get; init; } = [];
    public IReadOnlyList<PrunedEntry> Held { get; init; } = [];
}

internal sealed record CopyEntry
{
    public string Region { get; init; } = "";
    public string? Account { get; init; }
    public string Snapshot { get; init; } = "";
    public string Outcome { get; init; } = "";
    public string Reason { get; init; } = "";
    public ProofEntry? Proof { get; init; }

    public string Target => Account is null ? Region : $"{Region} of account {Account}";
}

/// <summary>One restore of a drill.</summary>
internal sealed record DrilledEntry
{
    public string From { get; init; } = "";
    public string Region { get; init; } = "";
    public string To { get; init; } = "";
    public string As { get; init; } = "";
    public string Outcome { get; init; } = "";
    public string Reason { get; init; } = "";
    public double? RpoSeconds { get; init; }
    public double? RtoSeconds { get; init; }
    public long? RowsExpected { get; init; }
    public long? RowsFound { get; init; }
    public bool? ChecksumsEqual { get; init; }
    public bool? Removed { get; init; }

    public bool IsProven => Outcome == "Succeeded";

    public string What => From == "log" ? "a second" : "its copy";

    /// <summary>From what, where: <c>a second in us-east-1</c>.</summary>
    public string Place => $"{What} in {Region}";

    public string Rpo => Time(RpoSeconds);

    public string Rto => Time(RtoSeconds);

    public string Rows => RowsExpected is null ? Wording.Count(RowsFound) : $"{Wording.Count(RowsFound)} of {Wording.Count(RowsExpected)}";

    /// <summary>What became of what was made; null where nothing is known to have been.</summary>
    public string? Afterwards => Removed switch { true => $"'{As}' is gone again.", false => $"'{As}' is still there.", null => null };

    private static string Time(double? seconds) => seconds is { } known ? Wording.Span(TimeSpan.FromSeconds(known)) : "–";
}

/// <summary>What a policy promises, in seconds.</summary>
internal sealed record ObjectiveEntry
{
    public double RpoSeconds { get; init; }
    public double RtoSeconds { get; init; }

    public string Rpo => Wording.Span(TimeSpan.FromSeconds(RpoSeconds));

    public string Rto => Wording.Span(TimeSpan.FromSeconds(RtoSeconds));
}

internal sealed record ProofEntry
{
    public bool Proven { get; init; }
    public string Reason { get; init; } = "";
    public long RowsExpected { get; init; }
    public long RowsFound { get; init; }
    public bool ChecksumsEqual { get; init; }
    public int TablesCompared { get; init; }
    public int TablesMoving { get; init; }
    public IReadOnlyList<string> Differences { get; init; } = [];
}

internal sealed record PrunedEntry
{
    public string Snapshot { get; init; } = "";
    public string Region { get; init; } = "";
    public string? Account { get; init; }
    public string Reason { get; init; } = "";
}

/// <summary>A database that AWS's quotas did not carry in this run.</summary>
internal sealed record DeferredEntry
{
    public string Database { get; init; } = "";
    public string Reason { get; init; } = "";
}

/// <summary>A database of the policy that could not be drilled; another took its place.</summary>
internal sealed record RefusedEntry
{
    public string Database { get; init; } = "";
    public string Reason { get; init; } = "";
}

internal sealed record QuotaEntry
{
    public string Name { get; init; } = "";
    public string Region { get; init; } = "";
    public string? Account { get; init; }
    public int Value { get; init; }
    public int Needed { get; init; }

    public string Sentence => $"The quota '{Name}' of {Region}{(Account is null ? "" : $" of account {Account}")} is {Value}; {Needed} would carry all.";
}

internal sealed record StepEntry
{
    public string Name { get; init; } = "";
    public string? Database { get; init; }
    public string? Region { get; init; }
    public DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset EndedAt { get; init; }
    public int Attempts { get; init; } = 1;
}

/// <summary>Of what was asked for, what a reader looks for first.</summary>
internal sealed record InputsEntry
{
    public string? Engine { get; init; }
}

/// <summary>What was restored, and as what.</summary>
internal sealed record RestoreEntry
{
    public string Source { get; init; } = "";
    public string As { get; init; } = "";
    public string To { get; init; } = "";
    public string Purpose { get; init; } = "";
    public string? KeptAs { get; init; }
    public IReadOnlyList<string> ByHand { get; init; } = [];
    public IReadOnlyList<string> Differences { get; init; } = [];
}

/// <summary>Who decided.</summary>
internal sealed record ApprovalEntry
{
    public string Decision { get; init; } = "";
    public string RequestedBy { get; init; } = "";
    public string? DecidedBy { get; init; }
    public string? DecidedAt { get; init; }
    public string? Why { get; init; }

    public string Sentence => DecidedBy is null ? $"asked by {RequestedBy}, decided by nobody" : $"{Decision.ToLowerInvariant()} by {DecidedBy} at {DecidedAt}, asked by {RequestedBy}{(string.IsNullOrEmpty(Why) ? "" : $": {Why}")}";
}

/// <summary>What was not measured is null.</summary>
internal sealed record MeasuredEntry
{
    public int Databases { get; init; }
    public int Copied { get; init; }
    public int Proven { get; init; }
    public long? RowsExpected { get; init; }
    public long? RowsFound { get; init; }
    public bool? ChecksumsEqual { get; init; }
    public int Pruned { get; init; }

    /// <summary>Of a drill: how many restores there were.</summary>
    public int? Restores { get; init; }

    public int Deferred { get; init; }

    /// <summary>Of a restore: seconds from the last sign of life in the restored data to the time asked for.</summary>
    public double? RpoSeconds { get; init; }

    /// <summary>Of a restore: seconds from its start until it was proven, without people's time.</summary>
    public double? RtoSeconds { get; init; }

    /// <summary>Of a restore: the parts of that time, in seconds.</summary>
    public IReadOnlyDictionary<string, double?>? Rto { get; init; }

    /// <summary>Of a clean-up: the runs that had left no record.</summary>
    public IReadOnlyList<string>? Recorded { get; init; }

    /// <summary>Of a clean-up: what was removed.</summary>
    public IReadOnlyList<string>? Removed { get; init; }
}
