using Dbre.Cli.Report;

using Spectre.Console;

namespace Dbre.Cli.Terminal;

/// <summary>A bar for each thing that is under way. What is over becomes a line above the bars, so that hundreds of things fit a terminal.</summary>
internal sealed class ProgressBars : Progress
{
    private const int LongestStep = 44;

    private readonly Surroundings here;
    private readonly ProgressContext context;
    private readonly Lock gate = new();
    private readonly Dictionary<string, (ProgressTask Bar, long Started)> bars = new(StringComparer.Ordinal);

    private ProgressBars(Surroundings here, ProgressContext context) => (this.here, this.context) = (here, context);

    public static async Task<T> Run<T>(Surroundings here, Func<Progress, Task<T>> work) =>
        await here.Out.Progress()
            .HideCompleted(true)
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new ProgressBars(here, context))).ConfigureAwait(false);

    public override void Say(string text) => here.Out.Write(new Text(text + "\n"));

    public override void At(string name, string step, double? share)
    {
        lock (gate)
        {
            if (!bars.TryGetValue(name, out var at))
            {
                bars[name] = at = (context.AddTask("…", maxValue: 1), here.Clock.GetTimestamp());
            }

            at.Bar.Description = $"[bold]{Markup.Escape(name)}[/]  {Markup.Escape(step.Length > LongestStep ? $"{step[..(LongestStep - 1)]}…" : step)}";
            at.Bar.IsIndeterminate = share is null;
            at.Bar.Value = Math.Clamp(share ?? 0, 0, 0.999);
        }
    }

    public override void End(string name, string said, bool failed)
    {
        lock (gate)
        {
            var took = "";
            if (bars.Remove(name, out var over))
            {
                took = Wording.Span(here.Clock.GetElapsedTime(over.Started));
                over.Bar.Value = 1;
                over.Bar.StopTask();
            }

            here.Out.MarkupLineInterpolated($"[{(failed ? "red" : "green")}]{(failed ? "✗" : "✓")}[/] [bold]{name}[/]  {said}  [grey]{took}[/]");
        }
    }
}
