using Amazon.RDS.Model;

namespace Dbre.Services.Tests.Rds;

public sealed class ListingTests
{
    private readonly RdsLab lab = new();

    [Fact]
    public async Task Pages_continue_where_they_ended_and_show_everything_once()
    {
        var source = await lab.Snapshot("s");
        for (var n = 0; n < 44; n++)
        {
            await lab.Home.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = "s", TargetDBSnapshotIdentifier = "copy-" + n });
        }

        var seen = new List<string>();
        await foreach (var snapshot in lab.Home.Paginators.DescribeDBSnapshots(new DescribeDBSnapshotsRequest { MaxRecords = 20, DBInstanceIdentifier = "db-of-s", SnapshotType = "manual" }).DBSnapshots)
        {
            seen.Add(snapshot.DBSnapshotIdentifier);
        }

        seen.Count.ShouldBe(45);
        seen.ShouldBeUnique();
        source.DBInstanceIdentifier.ShouldBe("db-of-s");
    }

    [Theory]
    [InlineData(19)]
    [InlineData(101)]
    public async Task MaxRecords_is_20_to_100(int records) =>
        (await RdsLab.Refused(lab.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { MaxRecords = records }))).Message.ShouldContain("MaxRecords");

    [Fact]
    public async Task A_marker_that_nobody_gave_is_refused() =>
        (await RdsLab.Refused(lab.Home.DescribeDBInstancesAsync(new DescribeDBInstancesRequest { Marker = "?" }))).Code.ShouldBe("InvalidParameterValue");

    [Fact]
    public async Task A_filter_that_is_not_known_is_refused_by_name()
    {
        await lab.Snapshot("s");
        var byName = new Filter { Name = "db-snapshot-id", Values = ["s"] };
        (await lab.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { Filters = [byName] })).DBSnapshots.ShouldHaveSingleItem();

        (await RdsLab.Refused(lab.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { Filters = [new Filter { Name = "colour", Values = ["red"] }] })))
            .Message.ShouldContain("Unrecognized filter name: colour");
    }

    [Fact]
    public async Task Snapshot_types_select_and_unknown_ones_are_refused()
    {
        await lab.Snapshot("s");

        (await lab.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "manual" })).DBSnapshots.ShouldHaveSingleItem();
        (await lab.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "automated" })).DBSnapshots.ShouldHaveSingleItem().DBSnapshotIdentifier.ShouldStartWith("rds:");
        (await RdsLab.Refused(lab.Home.DescribeDBSnapshotsAsync(new DescribeDBSnapshotsRequest { SnapshotType = "weekly" }))).Message.ShouldContain("weekly");
    }

    [Fact]
    public async Task The_hundred_and_first_manual_snapshot_is_refused()
    {
        await lab.Snapshot("s");
        Task Copy(int n) => lab.Home.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = "s", TargetDBSnapshotIdentifier = "copy-" + n });
        for (var n = 2; n <= 100; n++)
        {
            await Copy(n);
        }

        (await RdsLab.Refused(Copy(101))).Code.ShouldBe("SnapshotQuotaExceeded");
        var quota = (await lab.Home.DescribeAccountAttributesAsync(new DescribeAccountAttributesRequest())).AccountQuotas.Single(q => q.AccountQuotaName == "ManualSnapshots");
        (quota.Used, quota.Max).ShouldBe((100, 100));
    }

    [Fact]
    public async Task Tags_are_added_listed_and_removed_by_ARN()
    {
        var arn = (await lab.Snapshot("s", null, ("keep", "1"), ("drop", "2"))).DBSnapshotArn;
        await lab.Home.AddTagsToResourceAsync(new AddTagsToResourceRequest { ResourceName = arn, Tags = [new Tag { Key = "new", Value = "3" }] });
        await lab.Home.RemoveTagsFromResourceAsync(new RemoveTagsFromResourceRequest { ResourceName = arn, TagKeys = ["drop"] });

        var tags = (await lab.Home.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = arn })).TagList;

        tags.Select(t => t.Key).ShouldBe(["keep", "new"]);
        (await RdsLab.SnapshotOf(lab.Home, "s")).TagList.Select(t => t.Key).ShouldBe(["keep", "new"]);
        (await RdsLab.Refused(lab.Home.ListTagsForResourceAsync(new ListTagsForResourceRequest { ResourceName = "s" }))).Code.ShouldBe("InvalidParameterValue");
    }

    [Fact]
    public async Task Events_tell_what_happened_to_a_snapshot()
    {
        var source = await lab.Snapshot("s");
        await lab.Recovery.CopyDBSnapshotAsync(new CopyDBSnapshotRequest { SourceDBSnapshotIdentifier = source.DBSnapshotArn, TargetDBSnapshotIdentifier = "s" });
        lab.Pass();

        var home = (await lab.Home.DescribeEventsAsync(new DescribeEventsRequest { SourceType = "db-snapshot" })).Events;
        var there = (await lab.Recovery.DescribeEventsAsync(new DescribeEventsRequest { SourceType = "db-snapshot", SourceIdentifier = "s" })).Events;

        home.Select(e => e.Message).ShouldBe(["Creating manual snapshot", "Manual snapshot created"]);
        there.Select(e => e.Message).ShouldBe(["Started copy of snapshot s from region us-east-1", "Finished copy of snapshot s from region us-east-1 in 1 minutes"]);
        there[0].EventCategories.ShouldBe(["notification"]);
    }
}
