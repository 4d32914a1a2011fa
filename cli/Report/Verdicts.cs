namespace Dbre.Cli.Report;

/// <summary>The few words that stand above a report.</summary>
internal static class Verdicts
{
    public static string Headline(EvidenceRecord record) => record.Verdict switch
    {
        RunVerdict.Proved when record.Measured.Restores is { } restores => Plural.Word(restores, "The restore is proved", $"All {restores} restores are proved"),
        RunVerdict.Proved when record.Measured.Proven == record.Measured.Copied => Plural.Word(record.Measured.Proven, "The copy is proved", $"All {record.Measured.Proven} copies are proved"),
        RunVerdict.Proved => $"{record.Measured.Proven} of {record.Measured.Copied} copies are proved",
        RunVerdict.Copied => $"{Plural.Of(record.Measured.Copied, "copy is", "copies are")} in place; no proof was due",
        RunVerdict.CleanedUp => "Cleaned up",
        RunVerdict.Restored => record.Restore?.KeptAs is null ? "Restored and proved" : "Restored, proved and in its place",
        RunVerdict.Refused => "Refused; nothing was changed",
        _ when record.Databases.Count(d => d.Outcome != "Succeeded") is > 0 and var bad => $"Failed for {bad} of {Plural.Of(record.Databases.Count, "database", "databases")}",
        _ when record.Measured.Deferred > 0 => $"{Plural.Of(record.Measured.Deferred, "database was", "databases were")} deferred",
        _ => "Failed",
    };

    /// <summary>What was asked for is done.</summary>
    public static bool IsGood(RunVerdict verdict) => verdict is RunVerdict.Proved or RunVerdict.Copied or RunVerdict.Restored or RunVerdict.CleanedUp;

    public static string Checksums(bool? equal) => equal switch { true => "equal", false => "differ", null => "–" };
}
