using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Snapshots;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class AdmissionTests
{
    private const string Copies = "Cross-region snapshot copies in progress", ClusterCopies = "Cross-region cluster snapshot copies in progress";
    private static readonly Location Home = new("us-east-1"), Ireland = new("eu-west-1");

    // databases, seconds of each copy (null is unknown), hours of the window, how many are admitted, how many copies in progress would carry all
    public static TheoryData<int, int?, int, int, int?> Fleets => new()
    {
        { 1, 600, 6, 1, null },
        // Six hours less forty minutes are 19,200 s: 32 copies of ten minutes one after the other, in 20 lanes.
        { 400, 600, 6, 400, null },
        { 640, 600, 6, 640, null },
        { 641, 600, 6, 640, 21 },
        { 1600, 600, 6, 640, 50 },
        // Nobody has seen a copy yet: fifteen minutes each.
        { 400, null, 6, 400, null },
        { 1600, null, 6, 420, 77 },
        { 1600, null, 20, 1540, 21 },
        // Longer than the window: those that begin with it are made all the same.
        { 30, 36_000, 6, 20, 30 },
    };

    [Theory]
    [MemberData(nameof(Fleets))]
    public void Copies_are_admitted_as_far_as_they_end_within_the_window(int databases, int? seconds, int hours, int admitted, int? needed)
    {
        var queue = Enumerable.Range(0, databases).Select(i => Candidate($"db-{i:D4}", seconds)).ToList();

        var decision = Admission.Decide(queue, TimeSpan.FromHours(hours), []);

        decision.Admitted.Select(p => p.Database).ShouldBe(queue.Take(admitted).Select(c => c.Plan.Database));
        decision.Deferred.Select(d => d.Database).ShouldBe(queue.Skip(admitted).Select(c => c.Plan.Database));
        decision.Quotas.ShouldBe(needed is { } carries ? [new QuotaShortfall(Copies, "eu-west-1", null, 20, carries)] : []);
    }

    [Theory]
    [MemberData(nameof(Fleets))]
    public void What_is_said_to_be_needed_is_what_carries_all(int databases, int? seconds, int hours, int admitted, int? needed)
    {
        if (needed is not { } carries)
        {
            admitted.ShouldBe(databases);
            return;
        }

        // Rounds of copies side by side, and those that begin with the window.
        var span = (hours * 3600) - 2400;
        var each = seconds ?? 900;
        int Carried(int lanes) => lanes * Math.Max(1, span / each);
        Carried(carries).ShouldBeGreaterThanOrEqualTo(databases);
        Carried(carries - 1).ShouldBeLessThan(databases);
    }

    [Fact]
    public void A_deferred_database_is_told_with_its_reason()
    {
        var queue = Enumerable.Range(0, 641).Select(i => Candidate($"db-{i}", 600)).ToList();

        Admission.Decide(queue, TimeSpan.FromHours(6), []).Deferred.ShouldHaveSingleItem().Reason
            .ShouldBe($"Its copy to eu-west-1 would not end in the 6 hours of the window, with 20 copies in progress at a time ('{Copies}').");
    }

    [Fact]
    public void A_short_copy_takes_the_time_that_a_long_one_cannot()
    {
        var queue = Enumerable.Range(0, 20).Select(i => Candidate($"db-{i}", 18_000)).Append(Candidate("long", 3600)).Append(Candidate("short", 600)).ToList();

        var decision = Admission.Decide(queue, TimeSpan.FromHours(6), []);

        decision.Deferred.Select(d => d.Database).ShouldBe(["long"]);
        decision.Admitted[^1].Database.ShouldBe("short");
    }

    [Fact]
    public void Clusters_instances_and_each_destination_have_lanes_of_their_own()
    {
        var clusters = Enumerable.Range(0, 200).Select(i => Candidate($"c-{i:D3}", Plans.Of($"c-{i:D3}", DatabaseKind.Cluster, Plans.Target("eu-west-1", 600))));
        var instances = Enumerable.Range(0, 600).Select(i => Candidate($"i-{i}", Plans.Of($"i-{i}", DatabaseKind.Instance, Plans.Target("eu-west-1", 600))));
        var elsewhere = Enumerable.Range(0, 600).Select(i => Candidate($"e-{i}", Plans.Of($"e-{i}", DatabaseKind.Instance, Plans.Target("eu-west-1", 600, "222222222222"))));

        var decision = Admission.Decide([.. clusters, .. instances, .. elsewhere], TimeSpan.FromHours(6), []);

        decision.Deferred.Count.ShouldBe(40);
        decision.Quotas.ShouldBe([new QuotaShortfall(ClusterCopies, "eu-west-1", null, 5, 7)]);
    }

    [Fact]
    public void A_database_with_two_targets_is_deferred_when_one_has_no_lane_and_takes_none_of_the_other()
    {
        var busy = Enumerable.Range(0, 20).Select(i => Candidate($"b-{i:D2}", Plans.Of($"b-{i:D2}", DatabaseKind.Instance, Plans.Target("eu-west-1", 19_000))));
        var both = Candidate("both", Plans.Of("both", DatabaseKind.Instance, Plans.Target("eu-west-2", 600), Plans.Target("eu-west-1", 600)));
        var london = Enumerable.Range(0, 20).Select(i => Candidate($"l-{i:D2}", Plans.Of($"l-{i:D2}", DatabaseKind.Instance, Plans.Target("eu-west-2", 19_000))));

        Admission.Decide([.. busy, both, .. london], TimeSpan.FromHours(6), []).Deferred.Select(d => d.Database).ShouldBe(["both"]);
    }

    // used, most, databases that add a snapshot, databases whose pruning frees one, how many are admitted, what would carry all
    [Theory]
    [InlineData(0, 100, 40, 0, 40, null)]
    [InlineData(70, 100, 40, 0, 30, 110)]
    [InlineData(100, 100, 40, 0, 0, 140)]
    [InlineData(130, 100, 1, 0, 0, 131)]
    [InlineData(0, 100, 0, 40, 40, null)]
    [InlineData(90, 100, 0, 40, 10, 130)]
    // However many are pruned after, no more than are worked on at a time stand beside their successors.
    [InlineData(2000, 2060, 0, 300, 300, null)]
    [InlineData(2000, 2100, 40, 300, 340, null)]
    public void Manual_snapshots_are_admitted_as_far_as_there_is_room(int used, int most, int adding, int freeing, int admitted, int? needed)
    {
        var queue = Enumerable.Range(0, adding).Select(i => Candidate($"a-{i:D3}", 60))
            .Concat(Enumerable.Range(0, freeing).Select(i => Candidate($"f-{i:D3}", 60) with { Frees = new HashSet<Location> { Home, Ireland } })).ToList();

        var decision = Admission.Decide(queue, TimeSpan.FromHours(20), [new SnapshotRoom(Home, DatabaseKind.Instance, used, most)]);

        decision.Admitted.Count.ShouldBe(admitted);
        decision.Quotas.ShouldBe(needed is { } carries ? [new QuotaShortfall("Manual DB instance snapshots", "us-east-1", null, most, carries)] : []);
        if (needed is not null)
        {
            decision.Deferred[0].Reason.ShouldBe($"us-east-1 may hold {most} manual instance snapshots ('Manual DB instance snapshots'), and they are used up.");
        }
    }

    [Fact]
    public void The_room_of_a_destination_counts_too_and_that_of_clusters_apart()
    {
        var queue = new[] { Candidate("i", 60), Candidate("c", Plans.Of("c", DatabaseKind.Cluster, Plans.Target("eu-west-1", 60))) };

        var decision = Admission.Decide(queue, TimeSpan.FromHours(6), [new SnapshotRoom(Ireland, DatabaseKind.Cluster, 100, 100), new SnapshotRoom(Ireland, DatabaseKind.Instance, 99, 100)]);

        decision.Admitted.ShouldHaveSingleItem().Database.ShouldBe("i");
        decision.Quotas.ShouldBe([new QuotaShortfall("Manual DB cluster snapshots", "eu-west-1", null, 100, 101)]);
    }

    private static Candidate Candidate(string database, int? seconds) => Candidate(database, Plans.Of(database, DatabaseKind.Instance, Plans.Target("eu-west-1", seconds)));

    private static Candidate Candidate(string database, DatabasePlan plan) => new(plan with { Database = database }, DateTimeOffset.MinValue, new HashSet<Location>());
}
