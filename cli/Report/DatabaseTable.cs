namespace Dbre.Cli.Report;

/// <summary>A row per copy: where it is, what its restore showed; below, what was pruned and what was held, with the reason.</summary>
internal static class DatabaseTable
{
    public static void Draw(HtmlWriter html, EvidenceRecord record)
    {
        html.Add($"""
            <div class="scroll"><table>
            <thead><tr><th>Database</th><th>Copy</th><th>Result</th><th class="n">Rows expected</th><th class="n">Rows found</th><th>Checksums</th></tr></thead>
            """);
        foreach (var database in record.Databases)
        {
            html.Add($"""<tbody>""");
            if (database.Copies.Count == 0)
            {
                html.Add($"""<tr>""");
                Name(html, database, rows: 1);
                html.Add($"""<td>none</td><td colspan="4">""");
                Badge(html, database.Outcome);
                html.Add($"""<p class="why">{database.Reason}</p></td></tr>""");
            }

            for (var i = 0; i < database.Copies.Count; i++)
            {
                html.Add($"""<tr>""");
                if (i == 0)
                {
                    Name(html, database, database.Copies.Count);
                }

                Copy(html, database.Copies[i]);
                html.Add($"""</tr>""");
            }

            Notes(html, database);
            html.Add($"""</tbody>""");
        }

        html.Add($"""</table></div>""");
    }

    private static void Name(HtmlWriter html, DatabaseEntry database, int rows)
    {
        html.Add($"""<th scope="row" rowspan="{rows}">{database.Database}<small>{(database.Engine is null ? "not begun" : $"{database.Engine} {database.Kind?.ToLowerInvariant()}")}</small>""");
        if (database.Snapshot is not null)
        {
            html.Add($"""<small><code>{database.Snapshot}</code></small>""");
        }

        html.Add($"""</th>""");
    }

    private static void Copy(HtmlWriter html, CopyEntry copy)
    {
        html.Add($"""<td>{copy.Region}""");
        if (copy.Account is not null)
        {
            html.Add($"""<small>account {copy.Account}</small>""");
        }

        html.Add($"""</td><td>""");
        Badge(html, copy.Outcome);
        html.Add($"""<p class="why">{copy.Reason}</p>""");
        if (copy.Proof is { Differences.Count: > 1 } differing)
        {
            html.Add($"""<ul class="differences">""");
            foreach (var difference in differing.Differences)
            {
                html.Add($"""<li>{difference}</li>""");
            }

            html.Add($"""</ul>""");
        }

        var (rows, sums) = copy.Proof is { } p ? (p.RowsFound == p.RowsExpected ? "" : "bad", p.ChecksumsEqual ? "" : "bad") : ("", "");
        html.Add($"""
            </td><td class="n">{Wording.Count(copy.Proof?.RowsExpected)}</td><td class="n {rows}">{Wording.Count(copy.Proof?.RowsFound)}</td>
            <td class="{sums}">{Verdicts.Checksums(copy.Proof?.ChecksumsEqual)}</td>
            """);
    }

    private static void Badge(HtmlWriter html, string outcome) =>
        html.Add($"""<span class="badge {(outcome is "Proven" or "Copied" or "Succeeded" ? "good" : outcome == "Refused" ? "warn" : "bad")}">{(outcome == "Proven" ? "Proved" : outcome)}</span>""");

    private static void Notes(HtmlWriter html, DatabaseEntry database)
    {
        if (database.Pruned.Count + database.Held.Count == 0)
        {
            return;
        }

        html.Add($"""<tr class="notes"><td></td><td colspan="5"><ul>""");
        foreach (var (entry, what) in database.Pruned.Select(p => (p, "Pruned")).Concat(database.Held.Select(h => (h, "Held"))))
        {
            html.Add($"""<li><b>{what}</b> <code>{entry.Snapshot}</code> in {entry.Region}{(entry.Account is null ? "" : $" of account {entry.Account}")}: {entry.Reason}</li>""");
        }

        html.Add($"""</ul></td></tr>""");
    }
}
