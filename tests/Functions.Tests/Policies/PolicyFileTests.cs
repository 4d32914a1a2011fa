using System.Text.Json.Nodes;

using Dbre.Functions.Core.Policies;

namespace Dbre.Functions.Tests.Policies;

public sealed class PolicyFileTests
{
    private const string Good = """
        {"policies":[{"name":"nightly","select":{"tags":{"dbre:policy":"nightly"},"engines":["postgres"],"names":["*"]},
          "schedule":{"cron":"cron(0 3 * * ? *)","timeZone":"Europe/Dublin"},
          "copies":[{"region":"eu-west-1","kmsKey":"alias/dbre"},{"region":"eu-west-1","account":"222222222222","kmsKey":"alias/dbre"}],
          "retention":{"daily":7,"weekly":4},"proof":{"everyDays":7},"objectives":{"rpoHours":26,"rtoMinutes":60}}]}
        """;

    [Fact]
    public void Parse_a_good_file_gives_its_policies()
    {
        var file = PolicyFile.Parse(Good);

        file.Problems.ShouldBeEmpty();
        var policy = file.Policies.ShouldHaveSingleItem();
        policy.Retention.ShouldBe(new Retention(7, 4, 0, 0));
        policy.Copies.Select(c => (c.Region, c.Account)).ShouldBe([("eu-west-1", null), ("eu-west-1", "222222222222")]);
    }

    [Theory]
    [InlineData("", 20)]
    [InlineData("\"windowHours\":6,", 6)]
    public void Parse_a_window_that_is_not_given_is_twenty_hours(string field, int hours) =>
        PolicyFile.Parse(Good.Replace("\"name\"", field + "\"name\"", StringComparison.Ordinal)).Policies.ShouldHaveSingleItem().WindowHours.ShouldBe(hours);

    // path of the value to set (null removes it), the value as JSON, what the sentence must say
    public static TheoryData<string, string?, string> Mistakes => new()
    {
        { "retention.dialy", "7", "policies[0].retention has the unknown field 'dialy'; allowed are daily, weekly, monthly, yearly." },
        { "colour", "1", "policies[0] has the unknown field 'colour'; allowed are name, select, schedule, copies, retention, proof, objectives, windowHours, drill, canary." },
        { "drill", "{\"perNight\":2,\"schedule\":{\"cron\":\"cron(0 9 * * ? *)\"},\"dialy\":1}", "policies[0].drill has the unknown field 'dialy'; allowed are perNight, schedule." },
        { "drill", "{\"perNight\":6,\"schedule\":{\"cron\":\"cron(0 9 * * ? *)\"}}", "policies[0].drill.perNight is 6; allowed are whole numbers from 1 to 5." },
        { "drill", "{\"schedule\":{\"cron\":\"cron(0 9 * * ? *)\"}}", "policies[0].drill.perNight is missing; allowed are 1 to 5." },
        { "drill", "{\"perNight\":2}", "policies[0].drill.schedule is missing; it is required." },
        { "drill", "{\"perNight\":2,\"schedule\":{\"cron\":\"at nine\"}}", "policies[0].drill.schedule.cron is 'at nine'; allowed is cron(minute hour day month weekday year) or rate(…), as EventBridge Scheduler takes it." },
        { "canary", "\"yes\"", "policies[0].canary is \"yes\"; allowed are true and false." },
        { "drill", "null", "policies[0].drill is null; it must be an object." },
        { "objectives", null, "policies[0].objectives is missing; it is required." },
        { "retention.daily", "0", "policies[0].retention.daily is 0; allowed are whole numbers from 1 to 366." },
        { "retention.weekly", "-1", "policies[0].retention.weekly is -1; allowed are whole numbers from 0 to 520." },
        { "retention.daily", "\"7\"", "policies[0].retention.daily is \"7\"; allowed are whole numbers from 1 to 366." },
        { "retention", null, "policies[0].retention is missing; it is required." },
        { "copies.0.region", "\"eu-west-9\"", "policies[0].copies[0].region is 'eu-west-9', which is not an AWS Region; allowed are names such as eu-west-1." },
        { "copies.0.kmsKey", null, "policies[0].copies[0].kmsKey is missing; it is required." },
        {
            "copies.0.kmsKey", "\"arn:aws:kms:us-east-1:111111111111:key/1\"",
            "policies[0].copies[0].kmsKey is 'arn:aws:kms:us-east-1:111111111111:key/1', a key of Region 'us-east-1'; a copy to 'eu-west-1' needs a key of 'eu-west-1', since KMS keys are Regional."
        },
        { "copies.1.account", "\"22222\"", "policies[0].copies[1].account is '22222'; allowed are the 12 digits of an AWS account id." },
        { "copies.1.account", null, "policies[0].copies names Region 'eu-west-1' twice for one account; one copy per Region and account is allowed." },
        { "copies", "[]", "policies[0].copies is empty; it must have at least one entry." },
        { "name", "\"Night Shift\"", "policies[0].name is 'Night Shift'; allowed are 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter." },
        { "select.engines", "[\"postgresql\"]", "policies[0].select.engines has 'postgresql'; allowed are postgres, aurora-postgresql, mysql, mariadb, aurora-mysql." },
        { "select", "{}", "policies[0].select selects nothing in particular; give tags or names (\"*\" for every database)." },
        { "schedule.cron", "\"0 3 * * *\"", "policies[0].schedule.cron is '0 3 * * *'; allowed is cron(minute hour day month weekday year) or rate(…), as EventBridge Scheduler takes it." },
        { "schedule.timeZone", "\"Mars/Olympus\"", "policies[0].schedule.timeZone is 'Mars/Olympus'; allowed are names of the IANA time zone database, such as Europe/Dublin." },
        { "windowHours", "0", "policies[0].windowHours is 0; allowed are whole numbers from 1 to 23." },
        { "windowHours", "24", "policies[0].windowHours is 24; allowed are whole numbers from 1 to 23." },
        { "windowHours", "6.5", "policies[0].windowHours is 6.5; allowed are whole numbers from 1 to 23." },
        { "proof.everyDays", "0", "policies[0].proof.everyDays is 0; allowed are whole numbers from 1 to 366." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void Parse_a_mistake_is_told_in_one_sentence(string path, string? value, string sentence)
    {
        var file = JsonNode.Parse(Good)!;
        var at = file["policies"]![0]!;
        var steps = path.Split('.');
        foreach (var step in steps[..^1])
        {
            at = int.TryParse(step, out var index) ? at[index]! : at[step]!;
        }

        at.AsObject().Remove(steps[^1]);
        if (value is not null)
        {
            at[steps[^1]] = JsonNode.Parse(value);
        }

        var read = PolicyFile.Parse(file.ToJsonString());

        read.Problems.ShouldBe([sentence]);
        read.Policies.ShouldBeEmpty();
    }

    [Fact]
    public void Parse_several_mistakes_are_told_at_once() =>
        PolicyFile.Parse(Good.Replace("\"daily\":7", "\"daily\":0", StringComparison.Ordinal).Replace("\"everyDays\":7", "\"everyDays\":0", StringComparison.Ordinal))
            .Problems.Count.ShouldBe(2);

    [Fact]
    public void Parse_what_is_not_JSON_says_so() => PolicyFile.Parse("{").Problems.ShouldHaveSingleItem().ShouldStartWith("The policy file is not JSON:");

    [Theory]
    [InlineData("prod", "nonprod", false)]
    [InlineData("prod", "prod", true)]
    [InlineData("prod*", "production", true)]
    [InlineData("prod*", "nonproduction", false)]
    [InlineData("*prod", "nonprod", true)]
    [InlineData("orders-?", "orders-1", true)]
    [InlineData("orders-?", "orders-12", false)]
    [InlineData("Orders", "orders", true)]
    [InlineData("a.c", "abc", false)]
    public void Glob_is_anchored_at_both_ends(string pattern, string value, bool matches) => Glob.Matches(pattern, value).ShouldBe(matches);
}
