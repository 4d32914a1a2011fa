using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class AlarmsCoverEverything(CloudFixture cloud)
{
    [Theory]
    [InlineData("ExecutionsFailed", "notBreaching")]
    [InlineData("ExecutionsTimedOut", "notBreaching")]
    [InlineData("ExecutionsAborted", "notBreaching")]
    [InlineData("ExecutionThrottled", "notBreaching")]
    [InlineData("ExecutionsStarted", "breaching", "pitr-restore", "table-restore")]
    public void Every_flow_has_an_alarm_on(string metric, string missing, params string[] onDemand)
    {
        foreach (var machine in cloud.Primary.Resources("AWS::StepFunctions::StateMachine").Where(machine => !onDemand.Contains(machine["StateMachineName"]!.ToString())))
        {
            cloud.Primary.Resources("AWS::CloudWatch::Alarm").Where(alarm =>
                alarm["MetricName"]!.ToString() == metric && SynthesizedTemplate.Text(alarm["Dimensions"]![0]!["Value"]) == $"{{{machine.LogicalId}}}"
                && alarm["TreatMissingData"]!.ToString() == missing).ShouldHaveSingleItem();
        }
    }

    [Theory]
    [InlineData("Errors")]
    [InlineData("Throttles")]
    public void Every_function_of_the_primary_region_has_an_alarm_on(string metric)
    {
        var watched = cloud.Primary.Resources("AWS::CloudWatch::Alarm").Where(alarm => alarm["MetricName"]!.ToString() == metric)
            .Select(alarm => SynthesizedTemplate.Text(alarm["Dimensions"]![0]!["Value"])).ToList();
        cloud.Primary.Resources("AWS::Lambda::Function").Where(function => !watched.Contains($"{{{function.LogicalId}}}")).ShouldBeEmpty();
    }

    [Fact]
    public void A_day_without_a_run_is_an_alarm_an_hour_later()
    {
        foreach (var alarm in cloud.Primary.Resources("AWS::CloudWatch::Alarm").Where(alarm => alarm["MetricName"]!.ToString() == "ExecutionsStarted"))
        {
            (alarm["Period"]!.GetValue<int>() * alarm["EvaluationPeriods"]!.GetValue<int>()).ShouldBe(25 * 3600);
            alarm["DatapointsToAlarm"]!.GetValue<int>().ShouldBe(25);
            alarm["ComparisonOperator"]!.ToString().ShouldBe("LessThanThreshold");
        }
    }

    [Fact]
    public void Every_queue_has_an_alarm_on_its_depth()
    {
        var watched = cloud.Primary.Resources("AWS::CloudWatch::Alarm").Where(alarm => alarm["Namespace"]!.ToString() == "AWS/SQS")
            .Select(alarm => SynthesizedTemplate.Text(alarm["Dimensions"]![0]!["Value"])).ToList();
        cloud.Primary.Resources("AWS::SQS::Queue").Where(queue => !watched.Contains($"{{{queue.LogicalId}}}")).ShouldBeEmpty();
    }
}
