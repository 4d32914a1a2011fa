using Amazon.CloudWatch;
using Amazon.CloudWatch.Model;
using Amazon.SimpleNotificationService;
using Amazon.SimpleNotificationService.Model;
using Dbre.Lab.Services;
using Dbre.Lab.Services.CloudWatch;
using Dbre.Lab.Services.Sns;
using Dbre.Services.Tests.Testing;

namespace Dbre.Services.Tests.CloudWatch;

public sealed class AlarmTests : IDisposable
{
    private readonly EmulatedCloud cloud = new EmulatedCloud().With(world => new CloudWatchService(world)).With(world => new SnsService(world));
    private readonly AmazonCloudWatchClient cloudWatch;

    public AlarmTests() => cloudWatch = new AmazonCloudWatchClient(EmulatedCloud.Operator, cloud.Config<AmazonCloudWatchConfig>());

    public void Dispose() => cloudWatch.Dispose();

    // CloudWatch User Guide, "Configuring how CloudWatch alarms treat missing data": 3 of the last 3 periods, X breaches, 0 does not, - is missing.
    [Theory]
    [InlineData("0 - X", "OK", "OK", "OK", "OK")]
    [InlineData("- - -", "INSUFFICIENT_DATA", "OK", "ALARM", null)]
    [InlineData("0 - -", "OK", "OK", "OK", "OK")]
    [InlineData("X X X", "ALARM", "ALARM", "ALARM", "ALARM")]
    [InlineData("- - X", "OK", "OK", "ALARM", "OK")]
    [InlineData("- X X", "OK", "OK", "ALARM", "OK")]
    public void Decide_treats_missing_data_as_configured(string data, string missing, string notBreaching, string breaching, string? ignore)
    {
        string? Decide(string treatment) => AlarmEvaluation.Decide(
            new PutMetricAlarmRequest { EvaluationPeriods = 3, Threshold = 0, ComparisonOperator = ComparisonOperator.GreaterThanThreshold, TreatMissingData = treatment },
            [.. data.Split(' ').Select(p => p switch { "X" => 1.0, "0" => 0.0, _ => (double?)null })])?.State.Value;

        (Decide("missing"), Decide("notBreaching"), Decide("breaching"), Decide("ignore")).ShouldBe((missing, notBreaching, breaching, ignore));
    }

    [Theory]
    [InlineData("GreaterThanThreshold", 5, 5, false)]
    [InlineData("GreaterThanOrEqualToThreshold", 5, 5, true)]
    [InlineData("LessThanThreshold", 4, 5, true)]
    [InlineData("LessThanOrEqualToThreshold", 6, 5, false)]
    public void Decide_compares_as_named(string comparison, double value, double threshold, bool alarm) =>
        AlarmEvaluation.Decide(
            new PutMetricAlarmRequest { EvaluationPeriods = 1, Threshold = threshold, ComparisonOperator = comparison }, [value])!.Value.State
            .ShouldBe(alarm ? StateValue.ALARM : StateValue.OK);

    [Fact]
    public async Task Alarm_notifies_its_topic_once_when_it_goes_off_by_itself()
    {
        using var sns = new AmazonSimpleNotificationServiceClient(EmulatedCloud.Operator, cloud.Config<AmazonSimpleNotificationServiceConfig>());
        var topic = (await sns.CreateTopicAsync(new CreateTopicRequest { Name = "notifications" })).TopicArn;
        await sns.SetTopicAttributesAsync(new SetTopicAttributesRequest
        {
            TopicArn = topic, AttributeName = "Policy",
            AttributeValue = """{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"cloudwatch.amazonaws.com"},"Action":"sns:Publish","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"111111111111"}}}}""",
        });
        await Alarm("failed", a => a.AlarmActions = [topic]);

        cloud.World.Find<IMetricSink>()!.Record(EmulatedCloud.Account, EmulatedCloud.Region, "AWS/States", "ExecutionsFailed", new Dictionary<string, string> { ["StateMachineArn"] = "arn" }, 1);
        cloud.Clock.Advance(TimeSpan.FromMinutes(3));

        var message = cloud.World.Service<SnsService>().Published.ShouldHaveSingleItem();
        message.Subject.ShouldBe("ALARM: \"failed\" in us-east-1");
        (await State("failed")).ShouldBe(StateValue.ALARM);
        cloud.Clock.Advance(TimeSpan.FromMinutes(10));
        (await State("failed")).ShouldBe(StateValue.OK);
        cloud.World.Service<CloudWatchService>().UndeliveredActions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Alarm_on_silence_goes_off_after_25_hours_without_a_run()
    {
        await Alarm("not-run", a =>
        {
            (a.MetricName, a.ComparisonOperator, a.TreatMissingData) = ("ExecutionsStarted", ComparisonOperator.LessThanThreshold, "breaching");
            (a.Period, a.EvaluationPeriods) = (3600, 25);
        });
        cloud.World.Find<IMetricSink>()!.Record(EmulatedCloud.Account, EmulatedCloud.Region, "AWS/States", "ExecutionsStarted", new Dictionary<string, string> { ["StateMachineArn"] = "arn" }, 1);

        cloud.Clock.Advance(TimeSpan.FromHours(24));
        (await State("not-run")).ShouldBe(StateValue.OK);
        cloud.Clock.Advance(TimeSpan.FromHours(2));
        (await State("not-run")).ShouldBe(StateValue.ALARM);
    }

    [Fact]
    public async Task GetMetricStatistics_sums_what_was_put()
    {
        var start = cloud.World.Now.UtcDateTime;
        foreach (var value in new[] { 1.0, 2, 6 })
        {
            await cloudWatch.PutMetricDataAsync(new PutMetricDataRequest { Namespace = "Dbre", MetricData = [new() { MetricName = "Copied", Value = value, Dimensions = [new() { Name = "Flow", Value = "snapshot-copy" }] }] });
        }

        var found = (await cloudWatch.GetMetricStatisticsAsync(new GetMetricStatisticsRequest
        {
            Namespace = "Dbre", MetricName = "Copied", Dimensions = [new() { Name = "Flow", Value = "snapshot-copy" }],
            StartTime = start, EndTime = start.AddMinutes(10), Period = 300, Statistics = ["Sum", "Average", "Maximum", "Minimum", "SampleCount"],
        })).Datapoints.ShouldHaveSingleItem();

        (found.Sum, found.Average, found.Maximum, found.Minimum, found.SampleCount).ShouldBe((9, 3, 6, 1, 3));
        (await cloudWatch.ListMetricsAsync(new ListMetricsRequest { Namespace = "Dbre" })).Metrics.ShouldHaveSingleItem().MetricName.ShouldBe("Copied");
    }

    [Fact]
    public async Task PutMetricAlarm_on_what_is_not_emulated_is_refused_by_name()
    {
        (await Should.ThrowAsync<AmazonCloudWatchException>(() => Alarm("a", a => a.ExtendedStatistic = "p99"))).Message.ShouldStartWith("The lab does not emulate the parameter ExtendedStatistic of PutMetricAlarm;");
        (await Should.ThrowAsync<AmazonCloudWatchException>(() => Alarm("a", a => a.AlarmActions = ["arn:aws:automate:us-east-1:ec2:stop"]))).Message.ShouldContain("it handles SNS topics");
    }

    private Task Alarm(string name, Action<PutMetricAlarmRequest> change)
    {
        var request = new PutMetricAlarmRequest
        {
            AlarmName = name, Namespace = "AWS/States", MetricName = "ExecutionsFailed", Dimensions = [new() { Name = "StateMachineArn", Value = "arn" }], Statistic = Statistic.Sum,
            Period = 300, EvaluationPeriods = 1, Threshold = 1, ComparisonOperator = ComparisonOperator.GreaterThanOrEqualToThreshold, TreatMissingData = "notBreaching",
        };
        change(request);
        return cloudWatch.PutMetricAlarmAsync(request);
    }

    private async Task<StateValue> State(string name) => (await cloudWatch.DescribeAlarmsAsync(new DescribeAlarmsRequest { AlarmNames = [name] })).MetricAlarms.Single().StateValue;
}
