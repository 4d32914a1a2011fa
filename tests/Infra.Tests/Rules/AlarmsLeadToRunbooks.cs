using Dbre.Infra.Tests.Testing;

namespace Dbre.Infra.Tests.Rules;

[Collection(CloudCollection.Name)]
public sealed class AlarmsLeadToRunbooks(CloudFixture cloud)
{
    [Fact]
    public void Every_alarm_tells_the_topic_and_names_a_runbook_that_exists()
    {
        foreach (var alarm in cloud.Resources("AWS::CloudWatch::Alarm"))
        {
            alarm["AlarmActions"]!.AsArray().Count.ShouldBe(1, alarm.ToString());
            var description = alarm["AlarmDescription"]!.ToString();
            description.ShouldContain("Runbook: docs/runbooks/", Case.Sensitive, alarm.ToString());
            File.Exists(RepositoryRoot.Of(description.Split(" ")[^1])).ShouldBeTrue(description);
        }
    }

    [Fact]
    public void Every_runbook_belongs_to_an_alarm()
    {
        var linked = cloud.Resources("AWS::CloudWatch::Alarm").Select(alarm => alarm["AlarmDescription"]!.ToString().Split("docs/runbooks/")[1]).ToHashSet();
        Directory.EnumerateFiles(RepositoryRoot.Of("docs", "runbooks"), "*.md").Select(Path.GetFileName).Where(file => !linked.Contains(file!)).ShouldBeEmpty();
    }
}
