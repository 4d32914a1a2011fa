using System.Globalization;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;

namespace Dbre.Lab.Services.CloudWatch;

/// <summary>Metrics by the minute, and alarms on one metric each. Metric math, percentiles, anomaly detection and composite alarms are refused by name.</summary>
public sealed partial class CloudWatchService : EmulatedService, IMetricSink
{
    private const int MaximumDatum = 1000, MaximumDatapoints = 1440;

    private readonly SortedDictionary<string, MetricSeries> metrics = new(StringComparer.Ordinal);

    public CloudWatchService(World world) : base("monitoring", world)
    {
        On<PutMetricDataRequest, PutMetricDataResponse>(PutMetricData);
        On<GetMetricStatisticsRequest, GetMetricStatisticsResponse>(GetMetricStatistics);
        On<ListMetricsRequest, ListMetricsResponse>(ListMetrics);
        On<PutMetricAlarmRequest, PutMetricAlarmResponse>(PutMetricAlarm);
        On<DescribeAlarmsRequest, DescribeAlarmsResponse>(DescribeAlarms);
        On<DeleteAlarmsRequest, DeleteAlarmsResponse>(DeleteAlarms);
        On<SetAlarmStateRequest, SetAlarmStateResponse>(SetAlarmState);
    }

    /// <inheritdoc />
    public void Record(string account, string region, string space, string name, IReadOnlyDictionary<string, string> dimensions, double value)
    {
        lock (World.Gate)
        {
            var metric = new Metric { Namespace = space, MetricName = name, Dimensions = [.. dimensions.Select(d => new Dimension { Name = d.Key, Value = d.Value })] };
            Series(account, region, metric).Add(World.Now, new Sample(1, value, value, value));
        }
    }

    private PutMetricDataResponse PutMetricData(CallContext call, PutMetricDataRequest request)
    {
        Parameters.Refuse(request, nameof(request.Namespace), nameof(request.MetricData));
        call.Authorize(new AccessRequest("cloudwatch:PutMetricData", "*") { Conditions = new Dictionary<string, string> { ["cloudwatch:namespace"] = request.Namespace } });
        if (request.Namespace.StartsWith("AWS/", StringComparison.Ordinal))
        {
            throw Invalid($"The value {request.Namespace} for parameter Namespace is invalid: namespaces that begin with AWS/ are reserved.");
        }

        if (request.MetricData is not { Count: > 0 and <= MaximumDatum } data)
        {
            throw Invalid($"The collection MetricData must have 1 to {MaximumDatum} members, not {request.MetricData?.Count ?? 0}.");
        }

        foreach (var datum in data)
        {
            Parameters.Refuse(datum, nameof(datum.MetricName), nameof(datum.Dimensions), nameof(datum.Timestamp), nameof(datum.Value), nameof(datum.StatisticValues),
                nameof(datum.Values), nameof(datum.Counts), nameof(datum.Unit), nameof(datum.StorageResolution));
            var series = Series(call.Account, call.Region, new Metric { Namespace = request.Namespace, MetricName = datum.MetricName, Dimensions = datum.Dimensions ?? [] });
            series.Unit = datum.Unit ?? StandardUnit.None;
            series.Add(datum.Timestamp is { } at ? new DateTimeOffset(at.ToUniversalTime()) : World.Now, Read(datum));
        }

        return new PutMetricDataResponse();
    }

    private GetMetricStatisticsResponse GetMetricStatistics(CallContext call, GetMetricStatisticsRequest request)
    {
        Parameters.Refuse(request, nameof(request.Namespace), nameof(request.MetricName), nameof(request.Dimensions), nameof(request.StartTime),
            nameof(request.EndTime), nameof(request.Period), nameof(request.Statistics));
        call.Authorize("cloudwatch:GetMetricStatistics", "*");
        if (request.Statistics is not { Count: > 0 } statistics)
        {
            throw new ServiceException("MissingParameter", "The parameter Statistics or ExtendedStatistics must be given.");
        }

        var seconds = RequirePeriod(request.Period);
        var period = TimeSpan.FromSeconds(seconds);
        var (start, end) = (Aligned(request.StartTime!.Value, seconds), new DateTimeOffset(request.EndTime!.Value.ToUniversalTime()));
        if (start >= end || (end - start) / period > MaximumDatapoints)
        {
            throw new ServiceException("InvalidParameterCombination", $"You have requested up to {(end - start) / period:F0} datapoints, which must be between 1 and the limit of {MaximumDatapoints}; StartTime must be before EndTime.");
        }

        var answer = new GetMetricStatisticsResponse { Label = request.MetricName, Datapoints = [] };
        var key = Key(call.Account, call.Region, new Metric { Namespace = request.Namespace, MetricName = request.MetricName, Dimensions = request.Dimensions ?? [] });
        for (var at = start; at < end && metrics.TryGetValue(key, out var series); at += period)
        {
            if (series.Between(at, at + period) is { } sample)
            {
                answer.Datapoints.Add(new Datapoint
                {
                    Timestamp = at.UtcDateTime,
                    Unit = series.Unit,
                    Sum = statistics.Contains("Sum") ? sample.Sum : null,
                    Average = statistics.Contains("Average") ? sample.Sum / sample.Count : null,
                    Minimum = statistics.Contains("Minimum") ? sample.Minimum : null,
                    Maximum = statistics.Contains("Maximum") ? sample.Maximum : null,
                    SampleCount = statistics.Contains("SampleCount") ? sample.Count : null,
                });
            }
        }

        return answer;
    }

    private ListMetricsResponse ListMetrics(CallContext call, ListMetricsRequest request)
    {
        Parameters.Refuse(request, nameof(request.Namespace), nameof(request.MetricName), nameof(request.Dimensions), nameof(request.NextToken));
        call.Authorize("cloudwatch:ListMetrics", "*");
        var found = metrics.Where(m => m.Key.StartsWith($"{call.Account}/{call.Region}/", StringComparison.Ordinal))
            .Where(m => request.Namespace is null || m.Value.Identity.Namespace == request.Namespace)
            .Where(m => request.MetricName is null || m.Value.Identity.MetricName == request.MetricName)
            .Where(m => (request.Dimensions ?? []).TrueForAll(d => m.Value.Identity.Dimensions.Exists(x => x.Name == d.Name && (d.Value is null || x.Value == d.Value))));
        var page = Page.Of(found, m => m.Key, request.NextToken, 500, "InvalidParameterValue");
        return new ListMetricsResponse { Metrics = [.. page.Items.Select(m => m.Value.Identity)], NextToken = page.NextToken };
    }

    private MetricSeries Series(string account, string region, Metric metric)
    {
        var key = Key(account, region, metric);
        if (!metrics.TryGetValue(key, out var series))
        {
            metrics.Add(key, series = new MetricSeries(metric));
        }

        return series;
    }

    // A metric is its namespace, name and all of its dimensions, in any order.
    private static string Key(string account, string region, Metric metric) =>
        $"{account}/{region}/{metric.Namespace}\n{metric.MetricName}\n{string.Join('\n', metric.Dimensions.OrderBy(d => d.Name, StringComparer.Ordinal).Select(d => $"{d.Name}={d.Value}"))}";

    private static Sample Read(MetricDatum datum)
    {
        if (datum.StatisticValues is { } set)
        {
            return new Sample(set.SampleCount!.Value, set.Sum!.Value, set.Minimum!.Value, set.Maximum!.Value);
        }

        var values = datum.Values is { Count: > 0 } many ? many : datum.Value is { } one ? [one] : throw Invalid($"The metric {datum.MetricName} has no Value, Values or StatisticValues.");
        if (datum.Counts is { Count: > 0 } counts && counts.Count != values.Count)
        {
            throw Invalid($"The metric {datum.MetricName} has {values.Count} Values but {counts.Count} Counts.");
        }

        return values.Select((v, i) => (Value: v, Count: datum.Counts is { Count: > 0 } c ? c[i] : 1))
            .Aggregate(default(Sample), (sum, v) => sum + new Sample(v.Count, v.Value * v.Count, v.Value, v.Value));
    }

    private static int RequirePeriod(int? seconds) => seconds is > 0 && seconds % 60 == 0
        ? seconds.Value
        : throw Invalid($"The parameter Period must be a multiple of 60 seconds, not {seconds?.ToString(CultureInfo.InvariantCulture) ?? "missing"}; the lab keeps metrics by the minute.");

    private static DateTimeOffset Aligned(DateTime time, int seconds)
    {
        var at = new DateTimeOffset(time.ToUniversalTime()).ToUnixTimeSeconds();
        return DateTimeOffset.FromUnixTimeSeconds(at - (at % seconds));
    }

    private static ServiceException Invalid(string message) => new("InvalidParameterValue", message);
}
