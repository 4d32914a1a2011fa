using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;

namespace Dbre.Lab.Services.CloudWatch;

/// <summary>An alarm and what it was last found to be. INSUFFICIENT_DATA → OK ⇄ ALARM, and back to INSUFFICIENT_DATA when nothing is reported and missing data counts as missing.</summary>
internal sealed class AlarmState(string account, string region, PutMetricAlarmRequest definition, DateTimeOffset now)
{
    internal string Account { get; } = account;
    internal string Region { get; } = region;
    internal string Name => Definition.AlarmName;
    internal string Arn => $"arn:aws:cloudwatch:{Region}:{Account}:alarm:{Name}";
    internal PutMetricAlarmRequest Definition { get; set; } = definition;
    internal DateTimeOffset Configured { get; set; } = now;
    internal StateValue State { get; set; } = StateValue.INSUFFICIENT_DATA;
    internal string Reason { get; set; } = "Unchecked: Initial alarm creation";
    internal DateTimeOffset Updated { get; set; } = now;

    internal List<string> Actions => (State.Value switch
    {
        "ALARM" => Definition.AlarmActions,
        "OK" => Definition.OKActions,
        _ => Definition.InsufficientDataActions,
    }) ?? [];

    internal MetricAlarm Describe() => new()
    {
        AlarmName = Name,
        AlarmArn = Arn,
        AlarmDescription = Definition.AlarmDescription,
        AlarmConfigurationUpdatedTimestamp = Configured.UtcDateTime,
        ActionsEnabled = Definition.ActionsEnabled ?? true,
        AlarmActions = Definition.AlarmActions ?? [],
        OKActions = Definition.OKActions ?? [],
        InsufficientDataActions = Definition.InsufficientDataActions ?? [],
        StateValue = State,
        StateReason = Reason,
        StateUpdatedTimestamp = Updated.UtcDateTime,
        StateTransitionedTimestamp = Updated.UtcDateTime,
        Namespace = Definition.Namespace,
        MetricName = Definition.MetricName,
        Dimensions = Definition.Dimensions ?? [],
        Statistic = Definition.Statistic,
        Period = Definition.Period,
        Unit = Definition.Unit,
        EvaluationPeriods = Definition.EvaluationPeriods,
        DatapointsToAlarm = Definition.DatapointsToAlarm,
        Threshold = Definition.Threshold,
        ComparisonOperator = Definition.ComparisonOperator,
        TreatMissingData = Definition.TreatMissingData,
    };
}
