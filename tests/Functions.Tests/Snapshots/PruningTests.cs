using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Snapshots;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class PruningTests
{
    private static readonly Location Home = new("us-east-1");
    private static readonly Location Recovery = new("eu-west-1");
    private static readonly DateTimeOffset Today = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private static readonly Retention TwoDays = new(2, 0, 0, 0);

    // Sources and copies by age in days; p = proven, u = unproven, f = unfinished. Then what is deleted (s = source, c = copy), and why the rest is held.
    public static TheoryData<string, string, string, string> Cases => new()
    {
        { "0 1", "0p 1p", "", "" },
        { "0 1 2", "0p 1p 2p", "s2", "c2: its source is still held" },
        { "0 1", "0p 1p 2p", "c2", "" },
        { "0 1 2", "0p 1p 2u", "", "s2: its copy in eu-west-1 has never passed a restore, c2: its source is still held" },
        { "0 1 2", "0p 1p", "", "s2: its copy in eu-west-1 is missing" },
        { "0 1 2", "0p 1p 2f", "", "s2: its copy in eu-west-1 is missing" },
        { "0 1", "0u 1u 2p", "", "c2: it is the last proven copy in eu-west-1" },
        { "0 1", "0u 1u 2p 3p", "c3", "c2: it is the last proven copy in eu-west-1" },
        { "0 1", "0u 1u 2u 3p", "", "c3: it is the last proven copy in eu-west-1, c2: no newer copy in eu-west-1 is proven" },
        { "0 1", "0u 1u 2u", "", "c2: no copy in eu-west-1 is proven" },
        { "0 1", "0p 1u 2u", "c2", "" },
        { "0 1", "0f 1p 2p 3p", "c3", "" },
        { "0", "", "", "" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Decide_never_deletes_the_last_proven_copy_nor_what_is_not_proven_elsewhere(string sources, string copies, string deleted, string held)
    {
        var decisions = Pruning.Decide(
            Snapshots(sources, Home), new Dictionary<Location, IReadOnlyList<StoredSnapshot>> { [Recovery] = Snapshots(copies, Recovery) }, TwoDays);

        string.Join(" ", decisions.Where(d => d.Delete).Select(Short)).ShouldBe(deleted);
        string.Join(", ", decisions.Where(d => !d.Delete).Select(d => $"{Short(d)}: {d.Reason}")).ShouldBe(held);
    }

    [Fact]
    public void Decide_without_a_target_deletes_nothing() =>
        Pruning.Decide(Snapshots("0 1 2 3", Home), new Dictionary<Location, IReadOnlyList<StoredSnapshot>>(), TwoDays).ShouldAllBe(d => !d.Delete);

    // Tonight's snapshot is s0. Copies in the target; whether its proof was due; why nothing is deleted.
    [Theory]
    [InlineData("0p 1p", true, null)]
    [InlineData("0u 1p", false, null)]
    [InlineData("0u 1p", true, "tonight's copy in eu-west-1 is not proven, so nothing is deleted")]
    [InlineData("0f 1p", false, "tonight's copy in eu-west-1 is missing, so nothing is deleted")]
    [InlineData("1p", true, "tonight's copy in eu-west-1 is missing, so nothing is deleted")]
    public void Standstill_keeps_everything_when_tonight_is_not_in_order(string copies, bool proofDue, string? why)
    {
        var plan = new DatabasePlan(
            "orders", default, "postgres", "", "us-east-1", "nightly", "s0", "", null, null, null, "", 0, proofDue, TwoDays,
            [new TargetPlan("eu-west-1", null, "alias/dbre", proofDue, null, null)], new Dictionary<string, string>());

        Pruning.Standstill(plan, new Dictionary<Location, IReadOnlyList<StoredSnapshot>> { [Recovery] = Snapshots(copies, Recovery) }).ShouldBe(why);
    }

    // retention daily, weekly, monthly, yearly; ages in days that are kept of one snapshot a day for 500 days back from Saturday 2026-11-21
    [Theory]
    [InlineData(3, 0, 0, 0, "0 1 2")]
    [InlineData(1, 3, 0, 0, "0 6 13")]
    [InlineData(1, 0, 3, 0, "0 21 52")]
    [InlineData(1, 0, 0, 2, "0 325")]
    [InlineData(2, 2, 2, 2, "0 1 6 21 325")]
    public void Expired_keeps_the_newest_of_each_day_week_month_and_year(int daily, int weekly, int monthly, int yearly, string kept)
    {
        var all = Enumerable.Range(0, 500).Select(age => Snapshot(age, Home, true, true)).ToList();

        var expired = Pruning.Expired(all, new Retention(daily, weekly, monthly, yearly)).Select(s => s.Id).ToHashSet();

        string.Join(" ", all.Where(s => !expired.Contains(s.Id)).Select(s => s.Id[1..])).ShouldBe(kept);
    }

    [Fact]
    public void Expired_after_a_pause_keeps_what_there_is()
    {
        // Nothing was taken for a month: the days that have snapshots count, so the old ones are not let go all at once.
        var all = Snapshots("30p 31p 32p", Home);

        Pruning.Expired(all, TwoDays).Select(s => s.Id).ShouldBe(["s32"]);
    }

    private static string Short(PruneDecision d) => (d.Snapshot.Location == Home ? "s" : "c") + d.Snapshot.Id[1..];

    private static List<StoredSnapshot> Snapshots(string ages, Location where) =>
        [.. ages.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => Snapshot(
            int.Parse(a.TrimEnd('p', 'u', 'f'), System.Globalization.CultureInfo.InvariantCulture), where, !a.EndsWith('f'), a.EndsWith('p')))];

    private static StoredSnapshot Snapshot(int age, Location where, bool available, bool proven) =>
        new(where, $"s{age}", Today.AddDays(-age), available, proven);
}
