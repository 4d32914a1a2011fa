using System.Diagnostics;
using System.Globalization;

namespace Dbre.Bench;

/// <summary>How long the same thing took, again and again. The median speaks for them: what else the machine did meanwhile is in the extremes.</summary>
internal sealed class Samples
{
    private readonly List<double> seconds = [];

    public double Median => seconds.Order().ElementAt(seconds.Count / 2);

    public async Task Add(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work().ConfigureAwait(false);
        seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    public void Add(double took) => seconds.Add(took);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Median:0.000} s (from {seconds.Min():0.000} to {seconds.Max():0.000})");
}
