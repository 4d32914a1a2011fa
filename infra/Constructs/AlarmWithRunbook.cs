using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.CloudWatch.Actions;
using Amazon.CDK.AWS.SNS;

using Constructs;

namespace Dbre.Infra.Constructs;

/// <summary>An alarm that publishes to the topic and whose description ends with the runbook to follow.</summary>
public sealed class AlarmWithRunbook : Construct
{
    /// <param name="scope">The parent.</param>
    /// <param name="id">The construct's id.</param>
    /// <param name="topic">Who hears of it.</param>
    /// <param name="runbook">The file's name under <c>docs/runbooks</c>, without extension.</param>
    /// <param name="meaning">One sentence that says what happened.</param>
    /// <param name="props">Metric, threshold and name.</param>
    public AlarmWithRunbook(Construct scope, string id, ITopic topic, string runbook, string meaning, AlarmProps props) : base(scope, id)
    {
        var alarm = new Alarm(this, "Alarm", new AlarmProps
        {
            AlarmName = props.AlarmName,
            AlarmDescription = $"{meaning} Runbook: docs/runbooks/{runbook}.md",
            Metric = props.Metric,
            Threshold = props.Threshold,
            ComparisonOperator = props.ComparisonOperator ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            EvaluationPeriods = props.EvaluationPeriods,
            DatapointsToAlarm = props.DatapointsToAlarm ?? props.EvaluationPeriods,
            TreatMissingData = props.TreatMissingData ?? TreatMissingData.NOT_BREACHING,
        });
        alarm.AddAlarmAction(new SnsAction(topic));
    }
}
