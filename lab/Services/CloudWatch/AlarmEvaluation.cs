using System.Globalization;
using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;

namespace Dbre.Lab.Services.CloudWatch;

/// <summary>
/// What an alarm is, from the last periods of its metric: ALARM when enough of them breach. Periods without data count as TreatMissingData says.
/// Source: CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data". Pure.
/// </summary>
internal static class AlarmEvaluation
{
    /// <param name="points">The last EvaluationPeriods periods' statistic, oldest first; null where nothing was reported.</param>
    /// <returns>Null to stay as it is (TreatMissingData=ignore and nothing reported).</returns>
    internal static (StateValue State, string Reason)? Decide(PutMetricAlarmRequest alarm, IReadOnlyList<double?> points)
    {
        var needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods!.Value;
        var missing = points.Count(p => p is null);
        var breaching = points.Count(p => p is { } value && Breaches(alarm.ComparisonOperator, value, alarm.Threshold!.Value));
        switch (alarm.TreatMissingData ?? "missing")
        {
            case "breaching":
                breaching += missing;
                break;
            case "missing" when missing == points.Count:
                return (StateValue.INSUFFICIENT_DATA, $"Insufficient Data: {missing} datapoints were unknown.");
            case "ignore" when missing == points.Count:
                return null;
        }

        var values = string.Join(", ", points.Select(p => p?.ToString(CultureInfo.InvariantCulture) ?? "missing"));
        var reason = string.Create(CultureInfo.InvariantCulture,
            $"Threshold Crossed: {breaching} out of the last {points.Count} datapoints [{values}] was {Words(alarm.ComparisonOperator)} the threshold ({alarm.Threshold}) (minimum {needed} datapoints for {(breaching >= needed ? "OK -> ALARM" : "ALARM -> OK")} transition).");
        return (breaching >= needed ? StateValue.ALARM : StateValue.OK, reason);
    }

    private static bool Breaches(ComparisonOperator op, double value, double threshold) => op.Value switch
    {
        "GreaterThanThreshold" => value > threshold,
        "GreaterThanOrEqualToThreshold" => value >= threshold,
        "LessThanThreshold" => value < threshold,
        _ => value <= threshold,
    };

    private static string Words(ComparisonOperator op) => op.Value switch
    {
        "GreaterThanThreshold" => "greater than",
        "GreaterThanOrEqualToThreshold" => "greater than or equal to",
        "LessThanThreshold" => "less than",
        _ => "less than or equal to",
    };
}
