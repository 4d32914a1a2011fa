using Spectre.Console;

namespace Dbre.Cli.Drill;

/// <summary>What the drill says while it works; with <c>--json</c> it says nothing. Seconds since the start stand before each line.</summary>
internal sealed class DrillLog(IAnsiConsole console, bool quiet, TimeProvider clock)
{
    private readonly long started = clock.GetTimestamp();

    public TimeSpan Elapsed => clock.GetElapsedTime(started);

    public void Line(string text)
    {
        if (!quiet)
        {
            console.MarkupLineInterpolated($"[grey]{Elapsed.TotalSeconds,6:0.0} s[/]  {text}");
        }
    }
}
