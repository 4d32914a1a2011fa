using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Dbre.Cli.Report;

/// <summary>Evidence as one page that stands by itself: no script, no font, no picture from elsewhere. Everything from the evidence is encoded.</summary>
internal static class HtmlReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ground: #fbfbf9; --ink: #1d2430; --soft: #66707f; --line: #e3e5e8; --card: #fff; --good: #1b7f4d; --bad: #b3261e;
          --measure: #6c8ebf; --snapshot: #2f6fb0; --copy: #7b5ea7; --restore: #c98a1b; --prove: #1b8f5a; --prune: #9aa3af; --other: #c5cad1; }
        @media (prefers-color-scheme: dark) { :root { --ground: #14171c; --ink: #e7eaee; --soft: #98a2b0; --line: #2a3038; --card: #1b1f26; --good: #57c08a; --bad: #f28b82;
          --measure: #7fa3d6; --snapshot: #5b9be0; --copy: #a68bd3; --restore: #e0ab4a; --prove: #4fc08d; --prune: #6d7784; --other: #4a525d; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
        main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
        h1 { font-size: 30px; line-height: 1.2; margin: 0 0 4px; font-weight: 650; letter-spacing: -.01em; }
        h2 { font-size: 14px; margin: 36px 0 12px; color: var(--soft); font-weight: 600; text-transform: uppercase; letter-spacing: .06em; }
        .verdict { border-left: 5px solid var(--good); padding-left: 18px; } .verdict.bad { border-color: var(--bad); } .verdict.bad h1 { color: var(--bad); }
        .sub { color: var(--soft); margin: 0; } .reason { margin: 10px 0 0; max-width: 75ch; }
        .numbers { display: grid; grid-template-columns: repeat(auto-fit, minmax(118px, 1fr)); gap: 12px; margin-top: 28px; }
        .number { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
        .number b { display: block; font-size: 24px; font-weight: 650; font-variant-numeric: tabular-nums; letter-spacing: -.01em; } .number span { color: var(--soft); font-size: 13px; }
        table { width: 100%; border-collapse: collapse; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
        th, td { text-align: left; padding: 10px 14px; border-top: 1px solid var(--line); vertical-align: top; } th { border-top: 0; color: var(--soft); font-weight: 600; font-size: 13px; }
        td.n { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; } th.n { text-align: right; } code { font: 12.5px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        .tag { display: inline-block; border-radius: 99px; padding: 1px 9px; font-size: 12.5px; font-weight: 600; color: var(--good); border: 1px solid currentColor; } .tag.bad { color: var(--bad); }
        .figure { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px 8px; overflow-x: auto; } svg { display: block; width: 100%; min-width: 720px; height: auto; }
        svg text { fill: var(--ink); font-size: 12.5px; } svg .tick { fill: var(--soft); font-size: 11.5px; } svg .grid { stroke: var(--line); } svg .lane { stroke: var(--line); }
        .legend { display: flex; flex-wrap: wrap; gap: 6px 18px; margin: 10px 0 4px; color: var(--soft); font-size: 13px; } .legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; }
        footer { margin-top: 36px; color: var(--soft); font-size: 13px; }
        """;

    private static readonly (string Kind, string Label)[] Kinds =
        [("measure", "measure the source"), ("snapshot", "snapshot"), ("copy", "copy"), ("restore", "restore"), ("prove", "prove"), ("prune", "remove and prune"), ("other", "other")];

    public static string Render(IReadOnlyList<JsonObject> records)
    {
        var views = records.Select(EvidenceView.Read).ToList();
        var html = new StringBuilder();
        html.Append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
            .Append("<title>").Append(E(Title(views))).Append("</title>\n<style>\n").Append(Style).Append("\n</style>\n</head>\n<body>\n<main>\n");
        foreach (var view in views)
        {
            Record(html, view);
        }

        if (views.Count == 0)
        {
            html.Append("<div class=\"verdict bad\"><h1>There is no evidence</h1><p class=\"sub\">No execution got so far.</p></div>\n");
        }

        return html.Append("</main>\n</body>\n</html>\n").ToString();
    }

    private static string Title(List<EvidenceView> views) => views is [var only] ? $"{only.OperationId}: {only.Outcome}" : $"{views.Count} executions";

    private static void Record(StringBuilder html, EvidenceView view)
    {
        var took = view.EndedAt - view.StartedAt;
        var headline = view.Succeeded
            ? view.Measured.Proven == view.Measured.Copied ? "Every copy is proven" : $"{view.Measured.Proven} of {view.Measured.Copied} copies proven tonight"
            : view.Outcome == "Refused" ? "Refused: nothing was changed" : "The night failed";
        html.Append("<section>\n<div class=\"verdict").Append(view.Succeeded ? "" : " bad").Append("\">\n<h1>").Append(E(headline)).Append("</h1>\n<p class=\"sub\">")
            .Append(E($"{view.OperationId} · {view.StartedAt.UtcDateTime:d MMMM yyyy, HH:mm:ss} UTC · took {Span(took)}")).Append("</p>\n<p class=\"reason\">").Append(E(view.Reason)).Append("</p>\n</div>\n");
        Numbers(html, view.Measured);
        html.Append("<h2>Timeline</h2>\n<div class=\"figure\">\n");
        TimelineSvg.Draw(html, view);
        html.Append("<div class=\"legend\">").AppendJoin("", Kinds.Select(k => $"<span><i style=\"background:var(--{k.Kind})\"></i>{k.Label}</span>")).Append("</div>\n</div>\n");
        Databases(html, view);
        html.Append("<footer>SHA-256 <code>").Append(E(view.Hash)).Append("</code><br>after <code>").Append(E(view.PreviousHash.Length == 0 ? "nothing: the first of its chain" : view.PreviousHash))
            .Append("</code></footer>\n</section>\n");
    }

    private static void Numbers(StringBuilder html, MeasuredView m)
    {
        html.Append("<div class=\"numbers\">");
        foreach (var (value, label) in new[]
        {
            ($"{m.Databases}", "databases"), ($"{m.Copied}", "copies in place"), ($"{m.Proven}", "copies proven"), (Count(m.RowsExpected), "rows expected"), (Count(m.RowsFound), "rows found"),
            (m.ChecksumsEqual switch { true => "equal", false => "differ", null => "–" }, "checksums"), ($"{m.Pruned}", "snapshots pruned"),
        })
        {
            html.Append("<div class=\"number\"><b>").Append(E(value)).Append("</b><span>").Append(label).Append("</span></div>");
        }

        html.Append("</div>\n");
    }

    private static void Databases(StringBuilder html, EvidenceView view)
    {
        html.Append("<h2>Databases</h2>\n<table>\n<tr><th>Database</th><th>Outcome</th><th>Copy</th><th class=\"n\">Rows expected</th><th class=\"n\">Rows found</th><th class=\"n\">Pruned</th></tr>\n");
        foreach (var d in view.Databases)
        {
            var first = d.Copies.Count > 0 ? d.Copies[0] : null;
            html.Append("<tr><td><b>").Append(E(d.Database)).Append("</b><br><code>").Append(E(d.Engine)).Append("</code></td><td><span class=\"tag").Append(d.Outcome == "Succeeded" ? "" : " bad").Append("\">")
                .Append(E(first is { Outcome: "Proven" } ? "Proven" : d.Outcome)).Append("</span></td><td>").Append(E(d.Reason)).Append("<br><code>").Append(E(d.Snapshot)).Append("</code>");
            foreach (var held in d.Held)
            {
                html.Append("<br><small>Held: ").Append(E(held)).Append("</small>");
            }

            html.Append("</td><td class=\"n\">").Append(Count(first?.RowsExpected)).Append("</td><td class=\"n\">").Append(Count(first?.RowsFound)).Append("</td><td class=\"n\">").Append(d.Pruned).Append("</td></tr>\n");
        }

        html.Append("</table>\n");
    }

    internal static string E(string text) => WebUtility.HtmlEncode(text);

    internal static string Span(TimeSpan time) => time.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} min");

    // A narrow no-break space between thousands, as print does it.
    private static string Count(long? number) => number?.ToString("N0", CultureInfo.InvariantCulture).Replace(",", "\u202f", StringComparison.Ordinal) ?? "–";
}
