using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Snapshots;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class QueueTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private static readonly Location Ireland = new("eu-west-1"), London = new("eu-west-2");

    // hours since the newest copy to each target (null is none), the objective in hours, hours from now until it is missed (null: it has none at all)
    public static TheoryData<double?[], int, double?> Cases => new()
    {
        { [2], 26, 24 },
        { [30], 26, -4 },
        { [null], 26, null },
        { [2, 30], 26, -4 },
        { [2, null], 26, null },
        { [], 26, null },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void DueAt_is_when_the_first_target_misses_the_objective(double?[] ages, int objective, double? due)
    {
        Location[] where = [Ireland, London];
        var targets = ages.Select((_, i) => Plans.Target(where[i].Region)).ToList();
        var catalog = ages.SelectMany((age, i) => age is { } hours ? [Copy(where[i], hours), Copy(where[i], hours + 24)] : Array.Empty<CatalogEntry>()).ToList();

        Queue.DueAt(targets, objective, catalog).ShouldBe(due is { } hours ? Night.AddHours(hours) : DateTimeOffset.MinValue);
    }

    [Fact]
    public void Order_is_by_how_near_each_is_to_missing_its_objective_then_by_name()
    {
        Candidate[] all = [Of("d", Night.AddHours(5)), Of("c", Night.AddHours(-1)), Of("b", DateTimeOffset.MinValue), Of("a", Night.AddHours(5)), Of("e", DateTimeOffset.MinValue)];

        Queue.Order(all).Select(c => c.Plan.Database).ShouldBe(["b", "e", "c", "a", "d"]);
        Queue.Order(all.Reverse()).Select(c => c.Plan.Database).ShouldBe(["b", "e", "c", "a", "d"]);
    }

    [Fact]
    public void Spread_lets_ten_begin_at_once_and_the_rest_of_the_first_wave_one_a_second()
    {
        var plans = Queue.Spread([.. Enumerable.Range(0, 100).Select(i => Plans.Of($"db-{i:D2}"))]);

        plans.Select(p => p.StartAfterSeconds).ShouldBe(Enumerable.Repeat(0, 10).Concat(Enumerable.Range(1, 50)).Concat(Enumerable.Repeat(0, 40)));
        plans.Select(p => p.Database).ShouldBe(Enumerable.Range(0, 100).Select(i => $"db-{i:D2}"));
    }

    [Fact]
    public void Expected_is_what_it_took_the_last_time_that_somebody_saw_it()
    {
        CatalogEntry[] catalog =
        [
            Copy(Ireland, 24) with { CopySeconds = 300, SnapshotSeconds = 90 }, Copy(Ireland, 48) with { CopySeconds = 900, RestoreSeconds = 700 }, Copy(Ireland, 1),
            Copy(London, 2) with { CopySeconds = 60, SnapshotSeconds = 100 },
        ];

        Queue.Expected(Ireland, catalog, c => c.CopySeconds).ShouldBe(300);
        Queue.Expected(Ireland, catalog, c => c.RestoreSeconds).ShouldBe(700);
        Queue.Expected(null, catalog, c => c.SnapshotSeconds).ShouldBe(100);
        Queue.Expected(new Location("us-west-2"), catalog, c => c.CopySeconds).ShouldBeNull();
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(9, true)]
    public void Frees_where_retention_lets_an_older_one_go(int copies, bool frees)
    {
        var plan = Plans.Of("orders");
        var catalog = Enumerable.Range(1, copies).Select(i => Copy(Ireland, 24 * i)).ToList();

        Queue.Frees(plan, Night, catalog).Contains(Ireland).ShouldBe(frees);
        Queue.Frees(plan, Night, catalog).Contains(plan.Home).ShouldBe(frees);
    }

    private static Candidate Of(string database, DateTimeOffset due) => new(Plans.Of(database), due, new HashSet<Location>());

    private static CatalogEntry Copy(Location where, double hoursAgo) => new("orders", where, $"s-{hoursAgo}", "nightly", Night.AddHours(-hoursAgo), null, null);
}
