using Dbre.Functions.Core;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Snapshots;

namespace Dbre.Functions.Tests.Snapshots;

public sealed class SelectionTests
{
    private static readonly DateTimeOffset Night = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);

    private static readonly Policy Nightly = new(
        "nightly", new Selector(new Dictionary<string, string> { ["tier"] = "prod*" }, ["postgres", "aurora-postgresql"], ["*"]), new Schedule("rate(1 day)", "UTC"),
        [new CopyTarget("eu-west-1", null, "alias/dbre")], new Retention(7, 0, 0, 0), new ProofRule(7), new Objectives(26, 60));

    private static readonly Database Orders = new(
        "orders", DatabaseKind.Instance, "postgres", "arn:aws:rds:us-east-1:111111111111:db:orders", "available", false, 7, "key", null, "db.t4g.medium", "10.0.0.1", 5432,
        new Dictionary<string, string> { ["tier"] = "production", ["aws:cloudformation:stack-name"] = "orders" });

    [Theory]
    [InlineData("tier", "production", true)]
    [InlineData("tier", "nonprod", false)]
    [InlineData("other", "production", false)]
    public void Covers_matches_tags_as_anchored_globs(string tag, string value, bool covered) =>
        Selection.Covers(Nightly, Orders with { Tags = new Dictionary<string, string> { [tag] = value } }).ShouldBe(covered);

    [Fact]
    public void Covers_leaves_other_engines_alone() => Selection.Covers(Nightly, Orders with { Engine = "oracle-ee" }).ShouldBeFalse();

    public static TheoryData<Database, string?> Refusals => new()
    {
        { Orders, null },
        { Orders with { Status = "backing-up" }, null },
        { Orders with { BackupRetentionDays = 0, IsReadReplica = true }, null },
        { Orders with { Status = "stopped" }, "Database 'orders' is stopped; RDS takes a snapshot of an available database only, so start it or take it out of policy 'nightly'." },
        { Orders with { Status = "failed" }, "Database 'orders' is failed; a snapshot needs it to be available." },
        { Orders with { BackupRetentionDays = 0 }, "Database 'orders' has automated backups off (BackupRetentionPeriod 0); set 1 to 35 days, since its snapshots rest on them." },
        {
            Orders with { Kind = DatabaseKind.Cluster, Engine = "aurora-postgresql", Id = new string('c', 50) },
            $"Database '{new string('c', 50)}': its snapshot would be called '{new string('c', 50)}-nightly-20261121t0300z', 73 characters long; RDS allows 63 for a cluster snapshot."
        },
        { Orders with { Engine = "sqlserver-ex" }, "Database 'orders' runs sqlserver-ex, whose rows cannot be compared yet; allowed are postgres, aurora-postgresql, mariadb, mysql, aurora-mysql." },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Refusal_is_one_sentence(Database database, string? sentence) => Selection.Refusal(Nightly, [Nightly], database, Night).ShouldBe(sentence);

    [Fact]
    public void Refusal_names_both_policies_that_disagree()
    {
        var hourly = Nightly with { Name = "hourly", Retention = new Retention(1, 0, 0, 0) };

        Selection.Refusal(Nightly, [Nightly, hourly], Orders, Night)
            .ShouldBe("Database 'orders' is selected by the policies 'nightly' and 'hourly', which disagree on retention; let one of them select it.");
    }

    [Fact]
    public void Plan_names_the_snapshot_by_database_policy_and_scheduled_time_and_leaves_tags_of_AWS_out()
    {
        var plan = Selection.Plan(Nightly, Orders, "us-east-1", Night, []);

        plan.Snapshot.ShouldBe("orders-nightly-20261121t0300z");
        plan.Tags.Keys.ShouldBe(["tier"]);
        Marks.OfSnapshot(plan).ToDictionary(t => t.Key, t => t.Value)[Marks.Policy].ShouldBe("nightly");
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData(1.0, false)]
    [InlineData(6.0, false)]
    [InlineData(6.6, true)]
    [InlineData(8.0, true)]
    public void ProofDue_follows_the_newest_proof_of_the_target(double? daysAgo, bool due)
    {
        var here = new Location("eu-west-1");
        var entry = new CatalogEntry("orders", here, "s", "nightly", Night, daysAgo is { } days ? Night.AddDays(-days) : null, null);

        Selection.ProofDue(Nightly, here, Night, [entry]).ShouldBe(due);
        Selection.ProofDue(Nightly, new Location("eu-west-2"), Night, [entry]).ShouldBeTrue();
    }

    [Fact]
    public void OperationId_is_the_same_for_the_same_policy_and_time() =>
        StartNightlyRun.OperationId("snapshot-copy", "nightly", Night).ShouldBe("snapshot-copy-nightly-20261121T030000Z");
}
