using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.Logs;
using Amazon.CDK.AWS.SNS;
using Amazon.CDK.AWS.StepFunctions;

using Constructs;

using Dbre.Infra.Catalog;
using Dbre.Infra.Naming;
using Dbre.Infra.Workflows;

namespace Dbre.Infra.Constructs;

/// <summary>A Standard state machine with its log group, tracing, a role that may do exactly what its ASL does, and its alarms.</summary>
public sealed class FlowWithAlarms : Construct
{
    private static readonly Allowance Delivery = new(
        ["logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:GetLogDelivery",
            "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery"],
        On: null, Why: "CloudWatch Logs has no resource scope for vended log delivery");

    private static readonly Allowance Traces = new(
        ["xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments"],
        On: null, Why: "X-Ray has no resource scope for writing traces");

    /// <param name="scope">The parent.</param>
    /// <param name="workflow">The ASL.</param>
    /// <param name="names">The stack's names.</param>
    /// <param name="functions">The deployed functions, by class name.</param>
    /// <param name="topic">Who hears the alarms.</param>
    /// <param name="daily">Whether a schedule starts it every day, so that a day without a run is an alarm.</param>
    public FlowWithAlarms(
        Construct scope, Workflow workflow, Deployed names, IReadOnlyDictionary<string, FunctionWithDefaults> functions, ITopic topic, bool daily)
        : base(scope, workflow.Name)
    {
        var logs = new LogGroup(this, "Logs", new LogGroupProps
        {
            // Under /aws/vendedlogs, since CloudWatch's resource policy for log delivery would outgrow its limit with other names.
            LogGroupName = $"/aws/vendedlogs/states/{workflow.Name}",
            Retention = RetentionDays.ONE_YEAR,
            RemovalPolicy = RemovalPolicy.DESTROY,
        });
        Allowance[] permissions =
        [
            .. workflow.Allowances(names), Delivery, Traces,
        ];
        var role = new RoleWithReasons(this, "Role", $"dbre-flow-{workflow.Name}", new ServicePrincipal("states.amazonaws.com"), permissions);
        var machine = new CfnStateMachine(this, "StateMachine", new CfnStateMachineProps
        {
            StateMachineName = workflow.Name,
            StateMachineType = "STANDARD",
            RoleArn = role.Role.RoleArn,
            DefinitionString = workflow.Definition,
            DefinitionSubstitutions = workflow.Substitutions(f => functions[f.ClassName].Arn, names.RunBucket),
            LoggingConfiguration = new CfnStateMachine.LoggingConfigurationProperty
            {
                Level = "ALL",
                // No secret passes through the flows: functions read them where they use them.
                IncludeExecutionData = true,
                Destinations = new object[]
                {
                    new CfnStateMachine.LogDestinationProperty
                    {
                        CloudWatchLogsLogGroup = new CfnStateMachine.CloudWatchLogsLogGroupProperty { LogGroupArn = logs.LogGroupArn },
                    },
                },
            },
            TracingConfiguration = new CfnStateMachine.TracingConfigurationProperty { Enabled = true },
        });
        Arn = machine.AttrArn;
        AddAlarms(workflow.Name, topic, daily);
    }

    public string Arn { get; }

    private void AddAlarms(string flow, ITopic topic, bool daily)
    {
        Alarm("Failed", "ExecutionsFailed", "flow-failed", $"An execution of {flow} failed.");
        Alarm("TimedOut", "ExecutionsTimedOut", "flow-timed-out", $"An execution of {flow} ran past its time limit.");
        Alarm("Aborted", "ExecutionsAborted", "flow-aborted", $"Somebody stopped an execution of {flow}.");
        Alarm("Throttled", "ExecutionThrottled", "flow-throttled", $"Step Functions held an execution of {flow} back.");
        if (daily)
        {
            _ = new AlarmWithRunbook(this, "NotRun", topic, "flow-not-run", $"No execution of {flow} has started for 25 hours.", new AlarmProps
            {
                AlarmName = $"dbre-{flow}-not-run",
                Metric = Metric("ExecutionsStarted", Duration.Hours(1)),
                Threshold = 1,
                ComparisonOperator = ComparisonOperator.LESS_THAN_THRESHOLD,
                // 25 periods of an hour: one day, and an hour for the run that starts late.
                EvaluationPeriods = 25,
                TreatMissingData = TreatMissingData.BREACHING,
            });
        }

        void Alarm(string id, string metric, string runbook, string meaning) => _ = new AlarmWithRunbook(this, id, topic, runbook, meaning, new AlarmProps
        {
            AlarmName = $"dbre-{flow}-{runbook["flow-".Length..]}",
            Metric = Metric(metric, Duration.Minutes(5)),
            Threshold = 1,
            EvaluationPeriods = 1,
        });
    }

    private Metric Metric(string name, Duration period) => new(new MetricProps
    {
        Namespace = "AWS/States",
        MetricName = name,
        DimensionsMap = new Dictionary<string, string> { ["StateMachineArn"] = Arn },
        Statistic = "Sum",
        Period = period,
    });
}
