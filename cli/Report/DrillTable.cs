using Spectre.Console;

namespace Dbre.Cli.Report;

/// <summary>A row per restore of a drill: from what, whether it was proven, what would have been lost and how long it took, beside what was promised.</summary>
internal static class DrillTable
{
    public static void Draw(HtmlWriter html, EvidenceRecord record)
    {
        html.Add($"""
            <div class="scroll"><table>
            <thead><tr><th>Database</th><th>Restored from</th><th>Result</th><th class="n">RPO</th><th class="n">RTO</th><th class="n">Rows found</th><th>Checksums</th></tr></thead>
            """);
        foreach (var database in record.Databases)
        {
            html.Add($"""<tbody>""");
            foreach (var (restore, i) in database.Restores.Select((r, i) => (r, i)))
            {
                html.Add($"""<tr>""");
                if (i == 0)
                {
                    html.Add($"""<th scope="row" rowspan="{database.Restores.Count}">{database.Database}<small>{database.Engine} {database.Kind?.ToLowerInvariant()}</small><small>promised RPO {database.Objective?.Rpo}</small><small>promised RTO {database.Objective?.Rto}</small></th>""");
                }

                Row(html, restore, database.Objective);
                html.Add($"""</tr>""");
            }

            if (database.Outcome != "Succeeded")
            {
                html.Add($"""<tr class="notes"><td></td><td colspan="6"><ul><li><b>{database.Outcome}</b> {database.Reason}</li></ul></td></tr>""");
            }

            html.Add($"""</tbody>""");
        }

        html.Add($"""</table></div>""");
    }

    /// <summary>The same for a terminal.</summary>
    public static Table Draw(EvidenceRecord record)
    {
        var table = new Table().RoundedBorder().BorderColor(Color.Grey).AddColumns("Database", "Restored from", "Result");
        foreach (var numbers in (string[])["RPO", "RTO", "Rows found"])
        {
            table.AddColumn(new TableColumn(numbers).RightAligned());
        }

        table.AddColumn("Checksums");
        foreach (var database in record.Databases)
        {
            foreach (var (restore, i) in database.Restores.Select((r, i) => (r, i)))
            {
                var (lost, late) = Missed(restore, database.Objective);
                table.AddRow(
                    new Text(i == 0 ? database.Database : "", new Style(decoration: Decoration.Bold)), new Text(restore.Place),
                    restore.IsProven ? new Text("Proven", new Style(Color.Green)) : new Text($"{restore.Outcome}: {restore.Reason}", new Style(Color.Red)),
                    Number(restore.Rpo, lost), Number(restore.Rto, late), new Text(restore.Rows), new Text(Verdicts.Checksums(restore.ChecksumsEqual)));
            }
        }

        return table;
    }

    /// <summary>The same in plain lines, of one database.</summary>
    public static IEnumerable<string> Lines(DatabaseEntry database) => database.Restores.Select(r =>
        $"  {r.Place} ({r.To}): {(r.IsProven ? "Proven" : $"{r.Outcome}: {r.Reason}")}, RPO {r.Rpo}, RTO {r.Rto}, {Rows(r)}{(r.ChecksumsEqual is null ? "" : $", checksums {Verdicts.Checksums(r.ChecksumsEqual)}")}");

    private static string Rows(DrilledEntry restore) => (restore.RowsFound, restore.RowsExpected) switch
    {
        (null, _) => "no rows read",
        ({ } found, null) => $"{Plural.Of(found, "row", "rows")} read",
        ({ } found, { } expected) => Wording.Invariant($"{found} of {Plural.Of(expected, "row", "rows")} found"),
    };

    private static void Row(HtmlWriter html, DrilledEntry restore, ObjectiveEntry? objective)
    {
        var (lost, late) = Missed(restore, objective);
        html.Add($"""
            <td>{restore.What}<small>{restore.Region}</small><small><code>{restore.To}</code></small></td>
            <td><span class="badge {(restore.IsProven ? "good" : "bad")}">{(restore.IsProven ? "Proved" : restore.Outcome)}</span><p class="why">{restore.Reason} {restore.Afterwards}</p></td>
            <td class="n {(lost ? "bad" : "")}">{restore.Rpo}</td><td class="n {(late ? "bad" : "")}">{restore.Rto}</td>
            <td class="n {(restore.RowsExpected is { } expected && restore.RowsFound != expected ? "bad" : "")}">{restore.Rows}</td>
            <td class="{(restore.ChecksumsEqual == false ? "bad" : "")}">{Verdicts.Checksums(restore.ChecksumsEqual)}</td>
            """);
    }

    private static Text Number(string text, bool missed) => missed ? new Text(text, new Style(Color.Red)) : new Text(text);

    private static (bool Rpo, bool Rto) Missed(DrilledEntry restore, ObjectiveEntry? objective) => (restore.RpoSeconds > objective?.RpoSeconds, restore.RtoSeconds > objective?.RtoSeconds);
}
