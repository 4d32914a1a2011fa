using System.Reflection;
using System.Text.Json;

using Dbre.Functions.Abstractions;
using Dbre.Functions.Core.Aws;
using Dbre.Functions.Core.Fleet;
using Dbre.Functions.Core.Policies;
using Dbre.Functions.Snapshots;
using Dbre.Functions.Tests.Testing;

namespace Dbre.Functions.Tests.Snapshots;

/// <summary>
/// What goes wrong for users of the RDS and Aurora Snapshot Tools (awslabs/rds-snapshot-tool, awslabs/aurora-snapshot-tool), each with the test
/// that would catch it here. Numbers are of their issues. Sharing under the default key (rds-snapshot-tool #24 #34, aurora #26 #36) and keys that
/// cannot be used (rds-snapshot-tool #70, aurora #25 #31) need other accounts and bad keys: CrossAccountTests and RefusalTests rehearse them in the lab.
/// </summary>
public sealed class SnapshotToolTraps(RehearsedNights nights) : IClassFixture<RehearsedNights>
{
    private static readonly Location Home = new("us-east-1"), Recovery = new("eu-west-1");
    private static readonly DateTimeOffset Today = new(2026, 11, 21, 3, 0, 0, TimeSpan.Zero);
    private static readonly Retention OneDay = new(1, 0, 0, 0);

    [Fact]
    public void A_snapshots_age_is_its_datas_and_not_its_names()
    {
        var named = (string day, int age) => new StoredSnapshot(Home, $"orders-nightly-{day}t0300z", Today.AddDays(-age), Available: true, Proven: true);

        Pruning.Expired([named("20991231", 400), named("20000101", 0)], OneDay).Select(s => s.Id).ShouldBe(["orders-nightly-20991231t0300z"]);
    }

    [Theory]
    [InlineData("prod", "nonprod", false)]
    [InlineData("prod", "prod-2", false)]
    [InlineData("prod*", "nonprod", false)]
    [InlineData("prod*", "prod-2", true)]
    [InlineData("prod", "PROD", true)]
    public void A_pattern_means_the_whole_name(string pattern, string name, bool covered)
    {
        var policy = new Policy(
            "nightly", new Selector(new Dictionary<string, string>(), [], [pattern]), new Schedule("rate(1 day)", "UTC"),
            [new CopyTarget("eu-west-1", null, "alias/dbre")], OneDay, new ProofRule(1), new Objectives(26, 60));
        var database = new Database(
            name, DatabaseKind.Instance, "postgres", "arn:aws:rds:us-east-1:111111111111:db:" + name, "available", false, 7, null, null, null, null, 0, new Dictionary<string, string>());

        Selection.Covers(policy, database).ShouldBe(covered);
    }

    [Fact]
    public void A_snapshot_without_its_copy_is_never_deleted()
    {
        List<StoredSnapshot> sources = [new(Home, "new", Today, true, false), new(Home, "old", Today.AddDays(-2), true, false)];

        var decision = Pruning.Decide(sources, new Dictionary<Location, IReadOnlyList<StoredSnapshot>> { [Recovery] = [] }, OneDay).ShouldHaveSingleItem();

        (decision.Snapshot.Id, decision.Delete, decision.Reason).ShouldBe(("old", false, "its copy in eu-west-1 is missing"));
    }

    /// <summary>There, every look at a copy that is not done yet raises an error, and the error alarm pages somebody (rds-snapshot-tool #18).</summary>
    [Fact]
    public void Copies_that_take_their_time_fail_nothing_and_page_nobody()
    {
        nights.Invocations.Where(i => i.Error is not null).ShouldBeEmpty();
        nights.Alarms.ShouldBeEmpty();
        nights.Calls.Count(c => c is { Service: "sns", Operation: "Publish" }).ShouldBe(RehearsedNights.Nights);
    }

    /// <summary>There, copies beyond AWS's limit are asked for again and again, and are refused (8,400 times in a night of 300 databases).</summary>
    [Fact]
    public void Copies_beyond_AWSs_limit_are_queued_and_not_refused()
    {
        var asked = nights.Calls.Where(c => c is { Service: "rds", Operation: "CopyDBSnapshot" or "CopyDBClusterSnapshot" }).ToList();

        asked.Count.ShouldBe(RehearsedNights.Databases * RehearsedNights.Nights);
        asked.ShouldAllBe(c => c.Error == null);
    }

    /// <summary>There, 88 of 100 calls ask for the tags of one snapshot, which Describe tells anyway (aurora-snapshot-tool #11).</summary>
    [Fact]
    public void Tags_come_with_the_listing_and_are_not_asked_for_one_by_one() => nights.Calls.ShouldNotContain(c => c.Operation.StartsWith("ListTags", StringComparison.Ordinal));

    /// <summary>There, each of a fleet's databases costs calls in each of the listings. Here the fleet is read once a night, a page of 100 at a time.</summary>
    [Fact]
    public void The_fleet_is_read_in_pages_and_not_per_database() =>
        nights.Calls.Count(c => c is { Service: "rds", Operation: "DescribeDBInstances" or "DescribeDBClusters" } && IsOf(c.PrincipalArn, "dbre-select-databases")).ShouldBe(2 * RehearsedNights.Nights);

    /// <summary>There, one function deletes for the whole fleet and runs into its time limit (303 of 300 seconds with 300 databases; shelvery #71).</summary>
    [Fact]
    public void Pruning_is_per_database_and_one_deletion_an_invocation()
    {
        var prunings = nights.Invocations.Where(i => i.Function == "dbre-prune-snapshots").ToList();

        prunings.Count.ShouldBeGreaterThanOrEqualTo(RehearsedNights.Databases * RehearsedNights.Nights);
        prunings.ShouldAllBe(p => p.Calls <= 8);
    }

    /// <summary>There, nearly every call has a client, and so a connection, of its own.</summary>
    [Fact]
    public void A_process_has_one_client_for_each_Region()
    {
        var aws = new AwsClients("us-east-1", new Amazon.Runtime.BasicAWSCredentials("a", "b"));

        aws.Rds(Recovery).ShouldBeSameAs(aws.Rds(new Location("eu-west-1")));
        aws.Rds(Recovery).ShouldNotBeSameAs(aws.Rds(Home));
    }

    /// <summary>There, the copy keeps its source's key, which is of another Region (rds-snapshot-tool #60).</summary>
    [Fact]
    public void Copies_are_under_the_key_of_their_own_Region()
    {
        nights.InstanceCopies.Count.ShouldBeGreaterThan(0);
        nights.InstanceCopies.ShouldAllBe(c => c.KmsKeyId == nights.RecoveryKey);
        nights.ClusterCopies.ShouldAllBe(c => c.KmsKeyId == nights.RecoveryKey);
    }

    /// <summary>There, option groups are left behind (rds-snapshot-tool #57).</summary>
    [Fact]
    public void The_option_group_goes_along()
    {
        nights.CopiesWithOptions.Count().ShouldBe(RehearsedNights.Nights);
        nights.CopiesWithOptions.ShouldAllBe(c => c.OptionGroupName == "audited");
    }

    /// <summary>There, AWS's own tags break the copying of tags (cloud-custodian #6782), and copies without tags cannot be found again.</summary>
    [Fact]
    public void Tags_go_along() => nights.InstanceCopies.Where(c => c.DBInstanceIdentifier.StartsWith("db-0", StringComparison.Ordinal))
        .ShouldAllBe(c => c.TagList.Any(t => t.Key == "team" && t.Value == "payments") && c.TagList.Any(t => t.Key == "dbre:database"));

    /// <summary>There, the role may do everything with every resource.</summary>
    [Fact]
    public void Only_reading_is_allowed_on_every_resource_and_with_a_reason()
    {
        var everywhere = typeof(CreateSnapshot).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<AllowAttribute>()).Where(a => a.On is null).ToList();

        everywhere.ShouldNotBeEmpty();
        everywhere.ShouldAllBe(a => !string.IsNullOrWhiteSpace(a.Why));
        everywhere.SelectMany(a => a.Actions).ShouldAllBe(action => action.StartsWith("rds:Describe", StringComparison.Ordinal));
    }

    /// <summary>There, the runtime is one that AWS took out of service (python3.7).</summary>
    [Fact]
    public void The_runtime_is_the_one_that_this_is_built_for()
    {
        var runtimes = Directory.EnumerateFiles(RehearsedNights.AssemblyFolder, "*.template.json").SelectMany(file =>
        {
            using var template = JsonDocument.Parse(File.ReadAllText(file));
            return template.RootElement.GetProperty("Resources").EnumerateObject().Where(r => r.Value.GetProperty("Type").GetString() == "AWS::Lambda::Function")
                .Select(r => r.Value.GetProperty("Properties").GetProperty("Runtime").GetString()).ToList();
        }).Distinct();

        runtimes.ShouldBe([$"dotnet{Environment.Version.Major}"]);
    }

    /// <summary>There, users ask which template goes to which account and Region (rds-snapshot-tool #64 #70).</summary>
    [Fact]
    public void Every_stack_says_where_it_goes()
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(RehearsedNights.AssemblyFolder, "manifest.json")));
        var places = manifest.RootElement.GetProperty("artifacts").EnumerateObject().Where(a => a.Value.GetProperty("type").GetString() == "aws:cloudformation:stack")
            .Select(a => a.Value.GetProperty("environment").GetString()!).ToList();

        places.Count.ShouldBeGreaterThanOrEqualTo(2);
        places.ShouldAllBe(place => System.Text.RegularExpressions.Regex.IsMatch(place, "^aws://[0-9]{12}/[a-z]{2}(-[a-z]+)+-[0-9]$"));
    }

    private static bool IsOf(string principal, string function) => principal.EndsWith("/" + function, StringComparison.Ordinal);
}
