using Spectre.Console;

namespace Dbre.Cli.Report;

/// <summary>A record for a terminal: verdict, timeline, databases. Where output is no terminal, plain lines with the same facts.</summary>
internal static class TerminalReport
{
    public static void Write(IAnsiConsole console, EvidenceRecord record)
    {
        if (console.Profile.Out.IsTerminal)
        {
            Headline(console, record);
            console.WriteLine();
            TerminalTimeline.Write(console, record);
            console.WriteLine();
            if (record.Databases.Count > 0)
            {
                console.Write(record.IsDrill ? DrillTable.Draw(record) : Databases(record));
            }

            foreach (var note in Notes(record))
            {
                console.Write(new Text(note + "\n"));
            }

            console.MarkupLineInterpolated($"[grey]SHA-256 {record.Hash}[/]");
            console.MarkupLineInterpolated($"[grey]after   {(record.PreviousHash.Length > 0 ? record.PreviousHash : "nothing: the first of its chain")}[/]");
            return;
        }

        foreach (var line in Lines(record))
        {
            console.Profile.Out.Writer.WriteLine(line);
        }
    }

    public static Color Colour(RunVerdict verdict) => Verdicts.IsGood(verdict) ? Color.Green : verdict == RunVerdict.Refused ? Color.Yellow : Color.Red;

    private static void Headline(IAnsiConsole console, EvidenceRecord record)
    {
        console.Write(new Text(Verdicts.Headline(record) + "\n", new Style(Colour(record.Verdict), decoration: Decoration.Bold)));
        console.Write(new Text(record.Reason + "\n"));
        console.Write(new Text(Wording.Invariant($"{record.OperationId} · {record.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC · {Wording.Span(record.Duration)}\n"), new Style(Color.Grey)));
    }

    private static Table Databases(EvidenceRecord record)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey);
        table.AddColumn("Database").AddColumn("Copy").AddColumn("Result");
        table.AddColumn(new TableColumn("Rows expected").RightAligned()).AddColumn(new TableColumn("Rows found").RightAligned());
        table.AddColumn("Checksums").AddColumn(new TableColumn("Pruned").RightAligned());
        foreach (var database in record.Databases)
        {
            if (database.Copies.Count == 0)
            {
                table.AddRow(Bold(database.Database), Plain("–"), Result(database.Outcome, database.Reason), Plain("–"), Plain("–"), Plain("–"), Plain($"{database.Pruned.Count}"));
            }

            foreach (var (copy, i) in database.Copies.Select((c, i) => (c, i)))
            {
                table.AddRow(
                    Bold(i == 0 ? database.Database : ""), Plain(copy.Target), Result(copy.Outcome, copy.Reason), Plain(Wording.Count(copy.Proof?.RowsExpected)),
                    Plain(Wording.Count(copy.Proof?.RowsFound)), Plain(Verdicts.Checksums(copy.Proof?.ChecksumsEqual)), Plain(i == 0 ? $"{database.Pruned.Count}" : ""));
            }
        }

        return table;
    }

    private static Text Bold(string text) => new(text, new Style(decoration: Decoration.Bold));

    private static Text Plain(string text) => new(text);

    private static Text Result(string outcome, string reason) =>
        outcome is "Proven" or "Copied" or "Succeeded" ? new Text(outcome, new Style(Color.Green)) : new Text($"{outcome}: {reason}", new Style(Color.Red));

    /// <summary>What stands beside the databases: deferrals, and what a clean-up found.</summary>
    private static IEnumerable<string> Notes(EvidenceRecord record) =>
        Restore(record).Concat(record.Quotas.Select(q => q.Sentence))
            .Concat(record.Refused.Select(r => $"not drilled {r.Database}: {r.Reason}"))
            .Concat(record.Deferred.Select(d => $"deferred {d.Database}: {d.Reason}"))
            .Concat((record.Measured.Recorded ?? []).Select(r => $"recorded {r}"))
            .Concat((record.Measured.Removed ?? []).Select(r => $"removed {r}"));

    private static IEnumerable<string> Restore(EvidenceRecord record)
    {
        if (record.Restore is not { } restore)
        {
            yield break;
        }

        var m = record.Measured;
        yield return $"{restore.Source} ({record.Inputs?.Engine ?? "engine not known"}) to {restore.To} as {restore.As}{(restore.KeptAs is null ? "" : $"; the old one is kept as {restore.KeptAs}")}";
        yield return Wording.Invariant($"RPO {(m.RpoSeconds is { } rpo ? Wording.Invariant($"{rpo:0.#} s") : "not measured")}, RTO {(m.RtoSeconds is { } rto ? Wording.Span(TimeSpan.FromSeconds(rto)) : "not reached")} ({string.Join(", ", (m.Rto ?? new Dictionary<string, double?>()).Where(p => p.Value is not null).Select(p => Wording.Invariant($"{p.Key} {Wording.Span(TimeSpan.FromSeconds(p.Value!.Value))}")))})");
        yield return $"{Wording.Count(m.RowsFound)} {Plural.Word(m.RowsFound ?? 0, "row", "rows")} found{(m.RowsExpected is null ? "" : $" of {Wording.Count(m.RowsExpected)} expected")}, checksums {Verdicts.Checksums(m.ChecksumsEqual)}";
        if (record.Approval is { } approval)
        {
            yield return approval.Sentence;
        }

        foreach (var note in restore.Differences.Concat(restore.ByHand))
        {
            yield return note;
        }
    }

    private static IEnumerable<string> Lines(EvidenceRecord record)
    {
        yield return $"{record.OperationId}: {Verdicts.Headline(record)}";
        yield return record.Reason;
        yield return Wording.Invariant($"Started {record.StartedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, took {Wording.Span(record.Duration)}.");
        foreach (var database in record.Databases)
        {
            yield return $"{database.Database} ({database.Engine ?? "not begun"}): {database.Outcome}{(database.Restores.Count > 0 ? "" : $", snapshot {database.Snapshot ?? "none"}")}. {database.Reason}";
            foreach (var copy in database.Copies)
            {
                yield return $"  {copy.Target}: {copy.Outcome}"
                    + (copy.Proof is { } p ? Wording.Invariant($", {p.RowsFound} of {Plural.Of(p.RowsExpected, "row", "rows")} found, checksums {Verdicts.Checksums(p.ChecksumsEqual)}") : "");
            }

            foreach (var line in DrillTable.Lines(database))
            {
                yield return line;
            }

            foreach (var pruned in database.Pruned)
            {
                yield return $"  pruned {pruned.Snapshot} in {pruned.Region}: {pruned.Reason}";
            }

            foreach (var held in database.Held)
            {
                yield return $"  held {held.Snapshot} in {held.Region}: {held.Reason}";
            }
        }

        foreach (var note in Notes(record))
        {
            yield return note;
        }

        yield return $"SHA-256 {record.Hash}";
        yield return $"after {(record.PreviousHash.Length > 0 ? record.PreviousHash : "nothing: the first of its chain")}";
    }
}
