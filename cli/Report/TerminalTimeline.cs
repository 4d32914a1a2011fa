using System.Text;

using Spectre.Console;

namespace Dbre.Cli.Report;

/// <summary>The timeline in characters: a lane per database and target, coloured by what each step is for.</summary>
internal static class TerminalTimeline
{
    private const int Narrowest = 20;

    public static void Write(IAnsiConsole console, EvidenceRecord record)
    {
        var lanes = Lane.Of(record);
        if (lanes.Count == 0)
        {
            return;
        }

        var names = lanes.Select(Name).ToList();
        var gutter = Math.Min(names.Max(n => n.Length), 32) + 2;
        var width = Math.Max(console.Profile.Width - gutter - 1, Narrowest);
        foreach (var (lane, name) in lanes.Zip(names))
        {
            var label = name.Length > gutter - 2 ? $"{name[..(gutter - 3)]}…" : name;
            console.MarkupLine($"{(lane.Region is null ? "" : "[grey]")}{Markup.Escape(label.PadRight(gutter))}{(lane.Region is null ? "" : "[/]")}{Bar(lane, record, width)}");
        }

        var end = Wording.Span(record.Duration);
        console.MarkupLine($"[grey]{new string(' ', gutter)}0{end.PadLeft(width - 1)}[/]");
        console.MarkupLine(new string(' ', gutter) + string.Join("  ", StepKinds.All.Select(k => $"[{Colour(k.Kind)}]█[/] {k.Word}")));
    }

    private static string Name(Lane lane) => lane switch { { Database: null } => "the run", { Region: { } region } => $"  → {region}", _ => lane.Database };

    private static string Bar(Lane lane, EvidenceRecord record, int width)
    {
        var cells = new StepKind?[width];
        var total = Math.Max(record.Duration.TotalSeconds, 0.001);

        // What surrounds the work is drawn first, so that the work covers it where both fall into one cell.
        foreach (var step in lane.Steps.OrderByDescending(s => StepKinds.Of(s.Name)))
        {
            var first = Cell(step.StartedAt);
            Array.Fill<StepKind?>(cells, StepKinds.Of(step.Name), first, Math.Max(Cell(step.EndedAt) - first, 0) + 1);
        }

        var bar = new StringBuilder();
        for (var i = 0; i < width;)
        {
            var kind = cells[i];
            var to = i;
            while (to < width && cells[to] == kind)
            {
                to++;
            }

            bar.Append(kind is { } k ? $"[{Colour(k)}]{new string('█', to - i)}[/]" : $"[grey23]{new string('·', to - i)}[/]");
            i = to;
        }

        return bar.ToString();

        int Cell(DateTimeOffset at) => (int)Math.Clamp((at - record.StartedAt).TotalSeconds / total * width, 0, width - 1);
    }

    private static string Colour(StepKind kind) => kind switch
    {
        StepKind.Measure => "mediumpurple2", StepKind.Snapshot => "dodgerblue2", StepKind.Copy => "darkcyan", StepKind.Restore => "orange3",
        StepKind.Prove => "green3", StepKind.Swap => "indianred1", StepKind.Prune => "palevioletred1", _ => "grey46",
    };
}
