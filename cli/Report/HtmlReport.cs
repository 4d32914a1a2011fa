using System.Text.Json.Nodes;

namespace Dbre.Cli.Report;

/// <summary>
/// Evidence as one page that needs nothing else: verdict, numbers, timeline, databases, hashes. Light or dark as the reader's system is.
/// </summary>
internal static class HtmlReport
{
    /// <param name="records">In the order in which they are to be read.</param>
    public static string Render(IReadOnlyList<JsonObject> records)
    {
        var read = records.Select(EvidenceRecord.Read).ToList();
        var html = new HtmlWriter();
        html.Add($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{Title(read)}</title>
            <style>
            """);
        html.AddStyle(StyleSheet.Text);
        html.Add($"""
            </style>
            </head>
            <body>
            <main>
            """);
        if (read.Count != 1)
        {
            Overview(html, read);
        }

        for (var i = 0; i < read.Count; i++)
        {
            Section(html, read[i], i, alone: read.Count == 1);
        }

        html.Add($"""
            </main>
            </body>
            </html>
            """);
        return html.ToString();
    }

    private static string Title(List<EvidenceRecord> records) => records is [var only] ? $"{Verdicts.Headline(only)}: {only.OperationId}" : Overall(records);

    private static string Overall(List<EvidenceRecord> records) => (records.Count, records.Count(r => !Verdicts.IsGood(r.Verdict))) switch
    {
        (0, _) => "There is no evidence",
        (var all, 0) => $"All {all} runs succeeded",
        (var all, var bad) => $"{bad} of {all} runs did not succeed",
    };

    private static void Overview(HtmlWriter html, List<EvidenceRecord> records)
    {
        html.Add($"""<header class="overview"><p class="eyebrow">Evidence</p><h1>{Overall(records)}</h1>""");
        if (records.Count == 0)
        {
            html.Add($"""<p class="reason">No run got as far as writing a record, so nothing is proved.</p>""");
        }

        html.Add($"""<ol class="runs">""");
        foreach (var (record, i) in records.Select((r, i) => (r, i)))
        {
            html.Add($"""<li class="{Tone(record.Verdict)}"><a href="#run-{i}">{record.OperationId}</a> <span>{Verdicts.Headline(record)}</span></li>""");
        }

        html.Add($"""</ol></header>""");
    }

    private static void Section(HtmlWriter html, EvidenceRecord record, int index, bool alone)
    {
        html.Add($"""<section id="run-{index}">""");
        html.Add($"""<header class="verdict {Tone(record.Verdict)}"><p class="eyebrow">{Words(record.Automation)} · evidence</p>""");
        if (alone)
        {
            html.Add($"""<h1>{Verdicts.Headline(record)}</h1>""");
        }
        else
        {
            html.Add($"""<h2 class="headline">{Verdicts.Headline(record)}</h2>""");
        }

        html.Add($"""
            <p class="reason">{record.Reason}</p>
            <p class="meta"><code>{record.OperationId}</code> <span>{record.StartedAt.UtcDateTime:d MMMM yyyy, HH:mm:ss} UTC</span> <span>took {Wording.Span(record.Duration)}</span></p>
            </header>
            """);
        Numbers(html, record.Measured);
        if (record.Steps.Count > 0)
        {
            html.Add($"""<h3>Timeline</h3>""");
            TimelineSvg.Draw(html, record);
        }

        if (record.Databases.Count > 0)
        {
            html.Add($"""<h3>Databases</h3>""");
            if (record.IsDrill)
            {
                DrillTable.Draw(html, record);
            }
            else
            {
                DatabaseTable.Draw(html, record);
            }
        }

        if (record.Restore is { } restore)
        {
            html.Add($"""<h3>Restore</h3><ul class="plain"><li><b>{restore.Source}</b> ({record.Inputs?.Engine ?? "engine not known"}) to {restore.To}, as {restore.As}{(restore.KeptAs is null ? "" : $"; the old one is kept as {restore.KeptAs}")}</li></ul>""");
            Notes(html, "Approval", record.Approval is null ? [] : [("", record.Approval.Sentence)]);
            Notes(html, "Differences", [.. restore.Differences.Select(d => ("", d))]);
            Notes(html, "To be done by hand", [.. restore.ByHand.Select(d => ("", d))]);
        }

        Notes(html, "Not drilled", [.. record.Refused.Select(r => (r.Database, r.Reason))]);
        Notes(html, "Deferred to another night", [.. record.Quotas.Select(q => ("", q.Sentence)), .. record.Deferred.Select(d => (d.Database, d.Reason))]);
        Notes(html, "Runs that had left no record", [.. (record.Measured.Recorded ?? []).Select(r => (r, ""))]);
        Notes(html, "Leftovers that were removed", [.. (record.Measured.Removed ?? []).Select(r => (r, ""))]);
        html.Add($"""
            <footer>
            <h3>Chain of evidence</h3>
            <dl>
            <dt>This record</dt><dd><code>{record.Hash}</code></dd>
            <dt>The one before</dt><dd><code>{(record.PreviousHash.Length > 0 ? record.PreviousHash : "none: this is the first")}</code></dd>
            </dl>
            <p class="note">SHA-256 of the document without its <code>hash</code> field. <code>dbre evidence</code> checks the whole chain.</p>
            </footer>
            </section>
            """);
    }

    private static void Notes(HtmlWriter html, string heading, IReadOnlyList<(string Name, string Told)> notes)
    {
        if (notes.Count == 0)
        {
            return;
        }

        html.Add($"""<h3>{heading}</h3><ul class="plain">""");
        foreach (var (name, told) in notes)
        {
            html.Add($"""<li><b>{name}</b> {told}</li>""");
        }

        html.Add($"""</ul>""");
    }

    private static void Numbers(HtmlWriter html, MeasuredEntry m)
    {
        html.Add($"""<dl class="numbers">""");
        if (m.Recorded is not null)
        {
            Number($"{m.Recorded.Count}", $"lost {Plural.Word(m.Recorded.Count, "run", "runs")} recorded", "");
            Number($"{m.Removed?.Count ?? 0}", $"{Plural.Word(m.Removed?.Count ?? 0, "leftover", "leftovers")} removed", "");
            html.Add($"""</dl>""");
            return;
        }

        if (m.Rto is { } parts)
        {
            Number(m.RpoSeconds is { } rpo ? Wording.Invariant($"{rpo:0.#} s") : "–", "RPO", "");
            Number(m.RtoSeconds is { } rto ? Wording.Span(TimeSpan.FromSeconds(rto)) : "–", "RTO", "");
            foreach (var (part, seconds) in parts.Where(p => p.Value is not null))
            {
                Number(Wording.Span(TimeSpan.FromSeconds(seconds!.Value)), part == "cutOver" ? "cut-over" : part, "");
            }

            Number(Wording.Count(m.RowsFound), m.RowsExpected is null ? "rows read" : $"rows found of {Wording.Count(m.RowsExpected)} expected", m.RowsExpected is null ? "" : m.RowsFound == m.RowsExpected ? "good" : "bad");
            Number(Verdicts.Checksums(m.ChecksumsEqual), "checksums", m.ChecksumsEqual switch { true => "good", false => "bad", null => "" });
            html.Add($"""</dl>""");
            return;
        }

        Number($"{m.Databases}", Plural.Word(m.Databases, "database", "databases"), "");
        if (m.Restores is { } restores)
        {
            Number($"{m.Proven}", $"of {Plural.Of(restores, "restore", "restores")} proved", m.Proven == restores ? "good" : "bad");
            Number(m.RpoSeconds is { } lost ? Wording.Span(TimeSpan.FromSeconds(lost)) : "–", "RPO at worst", "");
            Number(m.RtoSeconds is { } took ? Wording.Span(TimeSpan.FromSeconds(took)) : "–", "RTO at worst", "");
            Number(Wording.Count(m.RowsFound), "rows read", "");
            html.Add($"""</dl>""");
            return;
        }

        Number($"{m.Copied}", $"{Plural.Word(m.Copied, "copy", "copies")} in place", "");
        Number($"{m.Proven}", $"{Plural.Word(m.Proven, "copy", "copies")} proved", m.Copied > 0 && m.Proven == m.Copied ? "good" : "");
        Number(Wording.Count(m.RowsFound), $"rows found of {Wording.Count(m.RowsExpected)} expected", m.RowsFound is null ? "" : m.RowsFound == m.RowsExpected ? "good" : "bad");
        Number(Verdicts.Checksums(m.ChecksumsEqual), "checksums", m.ChecksumsEqual switch { true => "good", false => "bad", null => "" });
        Number($"{m.Pruned}", $"{Plural.Word(m.Pruned, "snapshot", "snapshots")} pruned", "");
        if (m.Deferred > 0)
        {
            Number($"{m.Deferred}", "deferred", "bad");
        }

        html.Add($"""</dl>""");

        void Number(string value, string label, string tone) => html.Add($"""<div><dd class="{tone}">{value}</dd><dt>{label}</dt></div>""");
    }

    private static string Tone(RunVerdict verdict) => Verdicts.IsGood(verdict) ? "good" : verdict == RunVerdict.Refused ? "warn" : "bad";

    // "snapshot-copy" as one would write it.
    private static string Words(string name) => name.Length == 0 ? "Run" : char.ToUpperInvariant(name[0]) + name[1..].Replace('-', ' ');
}
