using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.SNS;

using Constructs;

using Dbre.Infra.Catalog;

namespace Dbre.Infra.Constructs;

/// <summary>The alarms of one function: it fails again and again, or Lambda turns its invocations away.</summary>
public sealed class FunctionAlarms : Construct
{
    // A state machine retries a function's error a few times by design; what no retry cures fails the flow, which has its own alarm.
    private const int ErrorsInFiveMinutes = 5;

    public FunctionAlarms(Construct scope, FunctionSpec spec, string functionName, ITopic topic) : base(scope, $"{spec.ClassName}Alarms")
    {
        _ = new AlarmWithRunbook(this, "Errors", topic, "function-errors", $"{spec.Name} failed {ErrorsInFiveMinutes} times in five minutes.", new AlarmProps
        {
            AlarmName = $"{spec.Name}-errors",
            Metric = Metric(functionName, "Errors"),
            Threshold = ErrorsInFiveMinutes,
            EvaluationPeriods = 1,
        });
        _ = new AlarmWithRunbook(this, "Throttles", topic, "function-throttles", $"Lambda turned invocations of {spec.Name} away.", new AlarmProps
        {
            AlarmName = $"{spec.Name}-throttles",
            Metric = Metric(functionName, "Throttles"),
            Threshold = 1,
            EvaluationPeriods = 1,
        });
    }

    private static Metric Metric(string functionName, string name) => new(new MetricProps
    {
        Namespace = "AWS/Lambda",
        MetricName = name,
        DimensionsMap = new Dictionary<string, string> { ["FunctionName"] = functionName },
        Statistic = "Sum",
        Period = Duration.Minutes(5),
    });
}
