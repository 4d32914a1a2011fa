using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;

namespace Dbre.Lab.Services.CloudWatch;

/// <summary>What happened in one minute, or in a longer period made of minutes.</summary>
internal readonly record struct Sample(double Count, double Sum, double Minimum, double Maximum)
{
    public static Sample operator +(Sample a, Sample b) => a.Count == 0 ? b : b.Count == 0 ? a
        : new(a.Count + b.Count, a.Sum + b.Sum, Math.Min(a.Minimum, b.Minimum), Math.Max(a.Maximum, b.Maximum));

    internal double Of(Statistic statistic) => statistic.Value switch
    {
        "Sum" => Sum,
        "Minimum" => Minimum,
        "Maximum" => Maximum,
        "SampleCount" => Count,
        _ => Sum / Count,
    };
}

/// <summary>One metric's values, kept by the minute.</summary>
internal sealed class MetricSeries(Metric identity)
{
    private readonly SortedList<long, Sample> minutes = [];

    internal Metric Identity { get; } = identity;

    internal StandardUnit Unit { get; set; } = StandardUnit.None;

    internal void Add(DateTimeOffset at, Sample sample)
    {
        var minute = at.ToUnixTimeSeconds() / 60;
        minutes[minute] = minutes.GetValueOrDefault(minute) + sample;
    }

    /// <summary>All of a period, or null when nothing was reported in it.</summary>
    internal Sample? Between(DateTimeOffset from, DateTimeOffset to)
    {
        var sum = default(Sample);
        var end = to.ToUnixTimeSeconds() / 60;
        for (var i = FirstFrom(from.ToUnixTimeSeconds() / 60); i < minutes.Count && minutes.GetKeyAtIndex(i) < end; i++)
        {
            sum += minutes.GetValueAtIndex(i);
        }

        return sum.Count > 0 ? sum : null;
    }

    private int FirstFrom(long minute)
    {
        int low = 0, high = minutes.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = minutes.GetKeyAtIndex(middle) < minute ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
