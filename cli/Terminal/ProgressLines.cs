using Dbre.Cli.Report;

namespace Dbre.Cli.Terminal;

/// <summary>A line per step, with the seconds since the start before it: for logs and pipes.</summary>
internal sealed class ProgressLines(Surroundings here) : Progress
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, string> steps = new(StringComparer.Ordinal);
    private readonly long started = here.Clock.GetTimestamp();

    public override void Say(string text)
    {
        lock (gate)
        {
            Line(text);
        }
    }

    public override void At(string name, string step, double? share)
    {
        lock (gate)
        {
            if (steps.GetValueOrDefault(name) != step)
            {
                steps[name] = step;
                Line($"{name}: {step}");
            }
        }
    }

    public override void End(string name, string said, bool failed)
    {
        lock (gate)
        {
            steps.Remove(name);
            Line($"{name}: {said}");
        }
    }

    private void Line(string text) => here.Print(Wording.Invariant($"{here.Clock.GetElapsedTime(started).TotalSeconds,7:0.0} s  {text}"));
}
