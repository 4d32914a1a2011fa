using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Snapshots;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class DrillChoiceTests
{
    private const string Operation = "restore-drill-nightly-20261121T090000Z";

    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    private static readonly Policy Nightly = new(
        "nightly", new Selector(new Dictionary<string, string>(), [], ["*"]), new Schedule("rate(1 day)", "UTC"),
        [new CopyTarget("us-east-1", "222222222222", "alias/dbre"), new CopyTarget("eu-west-1", null, "alias/dbre")], new Retention(7, 0, 0, 0), new ProofRule(1), new Objectives(26, 60));

    [Fact]
    public void Those_never_proven_come_first_then_the_oldest_proof_then_the_name() =>
        DrillChoice.Order([Named("d"), Named("c"), Named("b"), Named("a")], new Dictionary<string, DateTimeOffset> { ["a"] = Now, ["b"] = Now.AddDays(-3), ["gone"] = Now.AddDays(-9) })
            .Select(d => d.Id).ShouldBe(["c", "d", "b", "a"]);

    [Fact]
    public void A_second_is_whole_inside_the_window_and_the_same_for_the_same_operation()
    {
        var window = new RestorableWindow(Now.AddHours(-5), Now.AddMinutes(-4));
        var second = DrillChoice.Second(Operation, "orders", Now, 7, window);

        second.ShouldBeInRange(window.Earliest, window.Latest);
        (second.Ticks % TimeSpan.TicksPerSecond).ShouldBe(0);
        DrillChoice.Second(Operation, "orders", Now, 7, window with { Latest = Now.AddMinutes(20) }).ShouldBe(second, "the window moves on between two attempts");
        DrillChoice.Second(Operation, "billing", Now, 7, window).ShouldNotBe(second);
        DrillChoice.Second("restore-drill-nightly-20261122T090000Z", "orders", Now, 7, window).ShouldNotBe(second);
    }

    [Fact]
    public void Every_part_of_the_window_is_drawn()
    {
        var window = new RestorableWindow(Now.AddDays(-7), Now);
        Enumerable.Range(0, 500).Select(i => (int)(Now - DrillChoice.Second($"{Operation}-{i}", "orders", Now, 7, window)).TotalDays).Distinct().Order().ShouldBe([0, 1, 2, 3, 4, 5, 6]);
    }

    [Fact]
    public void Of_a_window_that_no_draw_finds_the_latest_second_is_taken() =>
        DrillChoice.Second(Operation, "orders", Now, 35, new RestorableWindow(Now.AddMilliseconds(-1200), Now.AddMilliseconds(-900))).ShouldBe(Now.AddSeconds(-1));

    [Theory]
    [InlineData("orders", "dbre-drill-orders-")]
    [InlineData("a-name-of-forty-characters-and-a-hyphen-and-more-characters-here", "dbre-drill-a-name-of-forty-characters-and-a-hyphen-")]
    public void A_name_says_of_which_database_and_fits(string database, string begins)
    {
        var name = DrillChoice.Name(Operation, database);

        name.ShouldStartWith(begins);
        name.Length.ShouldBeLessThanOrEqualTo(61);
        name.ShouldNotContain("--");
        DrillChoice.Name(Operation, database).ShouldBe(name);
        DrillChoice.Name("another", database).ShouldNotBe(name);
    }

    [Fact]
    public void The_newest_proven_copy_is_taken_of_another_region_first()
    {
        CatalogEntry[] catalog =
        [
            Copy("newest-but-at-home", "us-east-1", "222222222222", 0, proven: true), Copy("not-proven", "eu-west-1", null, 1, proven: false),
            Copy("older", "eu-west-1", null, 3, proven: true), Copy("taken", "eu-west-1", null, 2, proven: true), Copy("no-target-any-more", "eu-west-2", null, 0, proven: true),
        ];

        DrillChoice.Copy(Nightly, "us-east-1", catalog)!.Snapshot.ShouldBe("taken");
        DrillChoice.Copy(Nightly, "us-east-1", catalog[..2])!.Snapshot.ShouldBe("newest-but-at-home");
        DrillChoice.Copy(Nightly, "us-east-1", catalog[1..2]).ShouldBeNull();
    }

    private static CatalogEntry Copy(string snapshot, string region, string? account, int daysOld, bool proven) =>
        new("orders", new Location(region, account), snapshot, "nightly", Now.AddDays(-daysOld), proven ? Now : null, proven ? "op" : null);

    private static Database Named(string id) => new(
        id, DatabaseKind.Instance, "postgres", $"arn:aws:rds:us-east-1:111111111111:db:{id}", "available", false, 7, null, null, null, "10.0.0.1", 5432, new Dictionary<string, string>());
}
