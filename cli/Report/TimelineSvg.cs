namespace Dbre.Cli.Report;

/// <summary>The steps of a run as a picture: a lane per database and target, a segment per step, a time axis. Hovering a segment tells its times.</summary>
internal static class TimelineSvg
{
    private const int Width = 1040;
    private const int Gutter = 208;
    private const int Right = 24;
    private const int Axis = 30;
    private const int HomeLane = 28;
    private const int TargetLane = 24;
    private const int BetweenDatabases = 10;
    private const int Bar = 14;
    private const double Narrowest = 2.5;
    private const int LongestName = 26;
    private const int MostTicks = 10;

    private static readonly double[] Rhythms =
        [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200];

    public static void Draw(HtmlWriter html, EvidenceRecord record)
    {
        var lanes = Lane.Of(record);
        var scale = Scale.Of(record);
        var tops = Tops(lanes, out var height);
        html.Add($"""<figure><div class="scroll"><svg viewBox="0 0 {Width} {height}" role="img" aria-label="Timeline of {record.OperationId}: {lanes.Count} lanes, {Wording.Span(record.Duration)}">""");
        Ticks(html, scale, height);
        for (var i = 0; i < lanes.Count; i++)
        {
            Draw(html, record, lanes[i], tops[i], scale, first: i > 0 && lanes[i].Database != lanes[i - 1].Database);
        }

        html.Add($"""</svg></div><figcaption>""");
        foreach (var (kind, word) in StepKinds.All.Where(k => record.Steps.Any(s => StepKinds.Of(s.Name) == k.Kind)))
        {
            html.Add($"""<span><i class="{Class(kind)}"></i>{word}</span>""");
        }

        html.Add($"""</figcaption></figure>""");
    }

    private static List<int> Tops(IReadOnlyList<Lane> lanes, out int height)
    {
        var tops = new List<int>();
        var top = Axis;
        for (var i = 0; i < lanes.Count; i++)
        {
            top += i > 0 && lanes[i].Database != lanes[i - 1].Database ? BetweenDatabases : 0;
            tops.Add(top);
            top += Height(lanes[i]);
        }

        height = top + 8;
        return tops;
    }

    private static int Height(Lane lane) => lane.Region is null ? HomeLane : TargetLane;

    private static void Ticks(HtmlWriter html, Scale scale, int height)
    {
        for (var i = 0; i * scale.Rhythm <= scale.Seconds; i++)
        {
            var x = scale.X(i * scale.Rhythm);
            html.Add($"""<line class="grid" x1="{x:0.#}" x2="{x:0.#}" y1="{Axis - 8}" y2="{height - 4}"/><text class="tick" x="{x:0.#}" y="{Axis - 15}">{Tick(i * scale.Rhythm)}</text>""");
        }
    }

    private static void Draw(HtmlWriter html, EvidenceRecord record, Lane lane, int top, Scale scale, bool first)
    {
        var middle = top + (Height(lane) / 2);
        if (first)
        {
            html.Add($"""<line class="rule" x1="0" x2="{Width}" y1="{top - (BetweenDatabases / 2)}" y2="{top - (BetweenDatabases / 2)}"/>""");
        }

        if (lane.Region is not null)
        {
            html.Add($"""<text class="target" x="14" y="{middle + 4}">→ {lane.Region}</text>""");
        }
        else
        {
            html.Add($"""<text class="{(lane.Database is null ? "run" : "database")}" x="0" y="{middle + 4}">{Shortened(lane.Database ?? "The run")}<title>{lane.Database ?? "The run"}</title></text>""");
        }

        foreach (var step in lane.Steps)
        {
            var (from, to) = (scale.X((step.StartedAt - record.StartedAt).TotalSeconds), scale.X((step.EndedAt - record.StartedAt).TotalSeconds));

            // A hairline between neighbours, so that two steps of one kind are seen as two.
            var width = Math.Max(to - from - 1, Narrowest);
            html.Add($"""<rect class="{Class(StepKinds.Of(step.Name))}" x="{from:0.##}" y="{middle - (Bar / 2)}" width="{width:0.##}" height="{Bar}" rx="2"><title>{Told(step)}</title></rect>""");
        }
    }

    private static string Told(StepEntry step) => Wording.Invariant(
        $"{step.Name}: {Wording.Span(step.EndedAt - step.StartedAt)}, {step.StartedAt.UtcDateTime:HH:mm:ss} to {step.EndedAt.UtcDateTime:HH:mm:ss} UTC{(step.Attempts > 1 ? $", called {step.Attempts} times" : "")}");

    private static string Class(StepKind kind) => kind switch
    {
        StepKind.Measure => "measure", StepKind.Snapshot => "snapshot", StepKind.Copy => "copy", StepKind.Restore => "restore",
        StepKind.Prove => "prove", StepKind.Swap => "swap", StepKind.Prune => "prune", _ => "around",
    };

    private static string Shortened(string name) => name.Length <= LongestName ? name : $"{name[..(LongestName - 1)]}…";

    private static string Tick(double seconds) => seconds switch
    {
        0 => "0",
        < 60 => Wording.Invariant($"{seconds:0.#} s"),
        < 3600 => seconds % 60 == 0 ? Wording.Invariant($"{seconds / 60:0} min") : Wording.Invariant($"{Math.Floor(seconds / 60):0}:{seconds % 60:00}"),
        _ => seconds % 3600 == 0 ? Wording.Invariant($"{seconds / 3600:0} h") : Wording.Invariant($"{Math.Floor(seconds / 3600):0}:{seconds % 3600 / 60:00} h"),
    };

    /// <summary>Seconds since the start to places in the picture. A step that ends after the record did (the clock of another service) still fits.</summary>
    private sealed record Scale(double Seconds, double Rhythm)
    {
        public static Scale Of(EvidenceRecord record)
        {
            var end = record.Steps.Select(s => s.EndedAt).Append(record.EndedAt).Max();
            var seconds = Math.Max((end - record.StartedAt).TotalSeconds, 0.1);
            return new Scale(seconds, Rhythms.FirstOrDefault(r => seconds / r <= MostTicks, Rhythms[^1]));
        }

        public double X(double at) => Gutter + (Math.Clamp(at / Seconds, 0, 1) * (Width - Gutter - Right));
    }
}
