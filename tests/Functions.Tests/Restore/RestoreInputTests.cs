using System.Text.Json;

using Dbre.Functions.Restore;

namespace Dbre.Functions.Tests.Restore;

public sealed class RestoreInputTests
{
    [Theory]
    [InlineData("2026-11-21T02:12:59Z", "2026-11-21T02:12:59Z")]
    [InlineData("2026-11-21T03:12:59+01:00", "2026-11-21T02:12:59Z")]
    [InlineData("2026-11-20T21:12:59-05:00", "2026-11-21T02:12:59Z")]
    [InlineData("2026-11-21T02:12Z", "2026-11-21T02:12:00Z")]
    // The night in which the clocks go back: the offset says which of the two half past twos is meant.
    [InlineData("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00Z")]
    [InlineData("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00Z")]
    public void A_time_with_its_offset_is_one_second_of_UTC(string to, string utc)
    {
        var problems = new List<string>();

        RestoreInput.Target(to, problems).ShouldBe((DateTimeOffset.Parse(utc, System.Globalization.CultureInfo.InvariantCulture), null));
        problems.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("2026-11-21T02:12:59", "to is '2026-11-21T02:12:59', which has no offset from UTC; write 2026-11-21T02:12:59Z or 2026-11-21T03:12:59+01:00.")]
    [InlineData("2026-10-25T02:30:00 Europe/Berlin", "to is '2026-10-25T02:30:00 Europe/Berlin', which names a time zone; write the offset instead, since a night in which the clocks go back has the same hour twice.")]
    [InlineData("2016-12-31T23:59:60Z", "to is '2016-12-31T23:59:60Z'; databases know no leap second, so write :59 or the next minute's :00.")]
    [InlineData("2026-11-21T02:12:59.5Z", "to is '2026-11-21T02:12:59.5Z'; a restore is to a whole second, so write none after the point.")]
    [InlineData("2026-02-30T02:12:59Z", "to is '2026-02-30T02:12:59Z', which is no time of the calendar; allowed are")]
    [InlineData("2026-11-21T24:00:01Z", "to is '2026-11-21T24:00:01Z', which is no time of the calendar; allowed are")]
    [InlineData("yesterday", "to is 'yesterday'; allowed are a time with its offset")]
    [InlineData("", "to is ''; allowed are a time with its offset")]
    public void Anything_else_is_refused_in_a_sentence(string to, string problem)
    {
        var problems = new List<string>();

        RestoreInput.Target(to, problems).ShouldBe((null, null));
        problems.ShouldHaveSingleItem().ShouldStartWith(problem);
    }

    [Fact]
    public void The_latest_and_a_snapshot_are_no_times()
    {
        RestoreInput.Target("latest", []).ShouldBe((null, null));
        RestoreInput.Target("snapshot:orders-nightly", []).ShouldBe((null, "orders-nightly"));
    }

    [Fact]
    public void Names_are_as_given_or_in_lower_case_as_RDS_keeps_them()
    {
        var input = Read("""{"source":"Orders","to":"latest","as":"Orders-Restored","purpose":"beside","requestedBy":"arn:me"}""").Input!;

        (input.Source, input.As, input.Purpose).ShouldBe(("Orders", "Orders-Restored", RestorePurpose.Beside));
        (input.InLowerCase().Source, input.InLowerCase().As).ShouldBe(("orders", "orders-restored"));
        input.Expected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("\"db.r6g.large\"", "db.r6g.large", null)]
    [InlineData("null", null, null)]
    [InlineData("\"r6g.large\"", null, "instanceClass is \"r6g.large\"; it must be a class of DB instances, such as db.r6g.large.")]
    [InlineData("7", null, "instanceClass is 7; it must be a class of DB instances, such as db.r6g.large.")]
    public void A_class_is_one_of_RDS(string given, string? read, string? problem)
    {
        var (input, problems) = Read($$"""{"source":"orders","to":"latest","as":"copy","purpose":"beside","requestedBy":"arn:me","instanceClass":{{given}}}""");

        input?.InstanceClass.ShouldBe(read);
        problems.ShouldBe(problem is null ? [] : [problem]);
    }

    [Theory]
    [InlineData("\"region\":\"eu-west-1\",\"subnetGroup\":\"recovery\",\"securityGroups\":[\"sg-0a1b\"]", null)]
    [InlineData("\"region\":\"Ireland\"", "region is \"Ireland\"; it must be a Region, such as eu-west-1.")]
    [InlineData("\"subnetGroup\":\"a/b\"", "subnetGroup is \"a/b\"; it must be the name of a DB subnet group.")]
    [InlineData("\"securityGroups\":\"sg-1\"", "securityGroups is \"sg-1\"; it must be a list of security groups, such as [\"sg-0a1b2c3d\"].")]
    [InlineData("\"securityGroups\":[]", "securityGroups is []; it must be a list of security groups, such as [\"sg-0a1b2c3d\"].")]
    [InlineData("\"securityGroups\":[\"default\"]", "securityGroups is [\"default\"]; it must be a list of security groups, such as [\"sg-0a1b2c3d\"].")]
    public void Where_it_is_restored_is_a_Region_and_a_network_there(string given, string? problem)
    {
        var (input, problems) = Read($$"""{"source":"orders","to":"latest","as":"copy","purpose":"beside","requestedBy":"arn:me",{{given}}}""");

        problems.ShouldBe(problem is null ? [] : [problem]);
        if (problem is null)
        {
            (input!.Region, input.SubnetGroup).ShouldBe(("eu-west-1", "recovery"));
            input.SecurityGroups.ShouldBe(["sg-0a1b"]);
        }
    }

    [Fact]
    public void Every_problem_is_told_at_once() =>
        Read("""{"source":"","to":"noon","purpose":"inplace","requestedBy":"arn:me","speed":"fast","expected":[{"rows":"many"}]}""").Problems.Select(p => p[..Math.Min(p.Length, 30)]).ShouldBe(
        [
            "The input has the unknown fiel", "source is \"\"; it must be a tex", "The input has no field 'as'; n", "purpose is 'inplace'; allowed ", "to is 'noon'; allowed are a ti", "expected is no list of tables ",
        ]);

    private static (RestoreInput? Input, List<string> Problems) Read(string json)
    {
        var problems = new List<string>();
        return (RestoreInput.Read(JsonDocument.Parse(json).RootElement, problems), problems);
    }
}
