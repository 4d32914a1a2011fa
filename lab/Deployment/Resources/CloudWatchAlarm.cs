using System.Globalization;

using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;

namespace Dbre.Lab.Deployment.Resources;

internal sealed class CloudWatchAlarm() : ResourceType("AWS::CloudWatch::Alarm")
{
    public override Func<ResourceContext, Task<DeployedResource>> Read(Properties properties)
    {
        var request = new PutMetricAlarmRequest
        {
            AlarmName = properties.Text("AlarmName"),
            AlarmDescription = properties.TextOrNull("AlarmDescription"),
            AlarmActions = properties.Texts("AlarmActions"),
            ComparisonOperator = ComparisonOperator.FindValue(properties.Text("ComparisonOperator")),
            DatapointsToAlarm = properties.Number("DatapointsToAlarm"),
            Dimensions = [.. properties.Objects("Dimensions").Select(d => new Dimension { Name = d.Text("Name"), Value = d.Text("Value") })],
            EvaluationPeriods = properties.Number("EvaluationPeriods"),
            MetricName = properties.Text("MetricName"),
            Namespace = properties.Text("Namespace"),
            Period = properties.Number("Period"),
            Statistic = Statistic.FindValue(properties.Text("Statistic")),
            Threshold = double.Parse(properties.Text("Threshold"), CultureInfo.InvariantCulture),
            TreatMissingData = properties.TextOrNull("TreatMissingData"),
        };
        return async context =>
        {
            await context.Invoke("monitoring", request).ConfigureAwait(false);
            return Made(request.AlarmName, ("Arn", $"arn:aws:cloudwatch:{context.Region}:{context.Account}:alarm:{request.AlarmName}"));
        };
    }
}
