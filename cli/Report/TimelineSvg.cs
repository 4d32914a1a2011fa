using System.Globalization;
using System.Text;

namespace Dbre.Cli.Report;

/// <summary>The steps of an execution as a picture: a lane for the run and one per database and target, a segment per step, a time axis.</summary>
internal static class TimelineSvg
{
    private const int Width = 1000;
    private const int Labels = 190;
    private const int LaneHeight = 30;
    private const int Bar = 16;
    private const int Axis = 26;

    private static readonly double[] NiceSteps = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400];

    public static void Draw(StringBuilder svg, EvidenceView view)
    {
        var lanes = view.Steps.GroupBy(Lane).OrderBy(g => g.Key.Length > 0).ToList();
        var seconds = Math.Max((view.EndedAt - view.StartedAt).TotalSeconds, 0.1);
        var height = Axis + (lanes.Count * LaneHeight) + 6;
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"Timeline of the execution\">\n");
        var step = NiceSteps.FirstOrDefault(s => seconds / s <= 12, NiceSteps[^1]);
        for (var at = 0.0; at <= seconds; at += step)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{X(at, seconds):0.#}\" x2=\"{X(at, seconds):0.#}\" y1=\"{Axis - 6}\" y2=\"{height}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{X(at, seconds):0.#}\" y=\"12\" text-anchor=\"middle\">{Tick(at)}</text>\n");
        }

        for (var i = 0; i < lanes.Count; i++)
        {
            var top = Axis + (i * LaneHeight);
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"0\" y=\"{top + 19}\">{HtmlReport.E(lanes[i].Key.Length == 0 ? "the run" : lanes[i].Key)}</text>")
                .Append(CultureInfo.InvariantCulture, $"<line class=\"lane\" x1=\"{Labels}\" x2=\"{Width}\" y1=\"{top + (LaneHeight / 2)}\" y2=\"{top + (LaneHeight / 2)}\"/>\n");
            foreach (var s in lanes[i])
            {
                var (from, to) = ((s.Start - view.StartedAt).TotalSeconds, (s.End - view.StartedAt).TotalSeconds);
                var width = Math.Max(X(to, seconds) - X(from, seconds), 2);
                svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{X(from, seconds):0.##}\" y=\"{top + ((LaneHeight - Bar) / 2)}\" width=\"{width:0.##}\" height=\"{Bar}\" rx=\"3\" style=\"fill:var(--{s.Kind})\">")
                    .Append(CultureInfo.InvariantCulture, $"<title>{HtmlReport.E(s.Name)}: {HtmlReport.Span(s.End - s.Start)}{(s.Attempts > 1 ? $", looked {s.Attempts} times" : "")}</title></rect>\n");
            }
        }

        svg.Append("</svg>\n");
    }

    private static string Lane(StepView step) => step switch
    {
        { Database: null } => "",
        { Region: { } region } => $"{step.Database} → {region}",
        _ => step.Database,
    };

    private static double X(double at, double seconds) => Labels + (Math.Clamp(at, 0, seconds) / seconds * (Width - Labels - 14));

    private static string Tick(double at) => at < 120 ? string.Create(CultureInfo.InvariantCulture, $"{at:0.#} s") : string.Create(CultureInfo.InvariantCulture, $"{at / 60:0.#} min");
}
