using Dbre.Functions.Restore;

namespace Dbre.Functions.Tests.Restore;

public sealed class TablePreflightTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly RestoreInput Input = new("Orders", Now.AddHours(-1), null, "Orders-restored", RestorePurpose.Beside, "arn:me", []);

    private static readonly SourceTable Source = new(
        "Orders", "arn:orders", "ACTIVE", Key: null, Recoverable: true, Now.AddDays(-7), Now.AddMinutes(-5), [],
        new TableSettings(null, null, 7, false, new Dictionary<string, string>(), [], []));

    private static readonly SourceTable Deleted = Source with
    {
        Status = null, Recoverable = false, Earliest = null, Latest = null, Backups = [new TableBackupFound("arn:backup", "Orders$DeletedTableBackup", true, true, Now.AddDays(-1))],
    };

    [Fact]
    public void Nothing_stands_against_a_restore_within_the_window() => Problems(Input, Source).ShouldBeEmpty();

    [Theory]
    [InlineData(1, "to is 2026-11-21T13:00:00Z, which is in the future; it is 2026-11-21T12:00:00Z now.")]
    [InlineData(0, "to is 2026-11-21T12:00:00Z; the latest that can be restored is 2026-11-21T11:55:00Z, so wait a little or say 'latest'.")]
    [InlineData(-169, "to is 2026-11-14T11:00:00Z; the earliest that can be restored is 2026-11-14T12:00:00Z. Older states are in its backups.")]
    public void A_time_outside_the_window_is_refused(int hours, string problem) => Problems(Input with { To = Now.AddHours(hours) }, Source).ShouldBe([problem]);

    [Theory]
    [InlineData("Orders", "as is 'Orders', the source itself; a restore makes a new table, so give another name.")]
    [InlineData("a?-restored", "as is 'a?-restored'; allowed are 3 to 255 letters, digits, '_', '-' and '.'.")]
    [InlineData("copy", "as is 'copy'; it must have '-restored' in it and not begin with dbre-drill-, since the functions may write to such tables and to no other.")]
    [InlineData("dbre-drill-restored", "as is 'dbre-drill-restored'; it must have '-restored' in it and not begin with dbre-drill-, since the functions may write to such tables and to no other.")]
    public void A_name_that_the_functions_may_not_write_to_is_refused(string name, string problem) => Problems(Input with { As = name }, Source).ShouldBe([problem]);

    [Fact]
    public void A_name_that_is_taken_is_refused() =>
        TablePreflight.Problems(Input, new KnownTables(Source, "ACTIVE", null), "us-east-1", Now).ShouldBe(["as is 'Orders-restored', a table that exists (ACTIVE); give a name that is free."]);

    [Fact]
    public void A_drill_needs_a_drills_name()
    {
        Problems(Input with { Purpose = RestorePurpose.Drill, As = "dbre-drill-Orders" }, Source).ShouldBeEmpty();
        Problems(Input with { Purpose = RestorePurpose.Drill }, Source).ShouldBe(["as is 'Orders-restored'; a drill is removed at its end, so its name must begin with dbre-drill-."]);
    }

    [Fact]
    public void A_table_cannot_be_replaced_since_it_cannot_be_renamed() => Problems(Input with { Purpose = RestorePurpose.Replace }, Source)
        .ShouldBe(["purpose is 'replace', but DynamoDB cannot rename a table; restore it with purpose 'beside' and let the clients use the new name, or copy back the items that you miss."]);

    [Fact]
    public void A_table_has_no_instances_whose_class_could_be_chosen() =>
        Problems(Input with { InstanceClass = "db.r6g.large" }, Source).ShouldBe(["instanceClass is 'db.r6g.large', but a table has no instances; leave it out."]);

    [Fact]
    public void A_source_that_never_was_is_refused() =>
        TablePreflight.Problems(Input, new KnownTables(null, null, null), "us-east-1", Now).ShouldBe(["source is 'Orders'; there is no such table in us-east-1, and no backup of one."]);

    [Fact]
    public void Recovery_that_is_off_leaves_nothing_to_restore_from() => Problems(Input, Source with { Recoverable = false })
        .ShouldBe(["source is 'Orders', whose point-in-time recovery is off; restore one of its backups instead."]);

    [Fact]
    public void Of_a_deleted_table_there_is_its_last_state_alone()
    {
        TablePreflight.Backup(Input with { To = null }, Deleted)!.Arn.ShouldBe("arn:backup");
        Problems(Input with { To = null }, Deleted).ShouldBeEmpty();
        Problems(Input, Deleted).ShouldBe(["to is 2026-11-21T11:00:00Z, but 'Orders' was deleted at 2026-11-20T12:00:00Z; of a deleted table DynamoDB keeps the last state alone, so say 'latest'."]);
        Problems(Input with { To = null }, Deleted with { Backups = [Deleted.Backups[0] with { OfDeletion = false }] })
            .ShouldBe(["source is 'Orders', which was deleted while it could not be restored to a second; say snapshot: and one of its backups."]);
    }

    [Fact]
    public void A_backup_is_known_by_its_name_which_must_be_its_own()
    {
        var backup = new TableBackupFound("arn:1", "monthly", true, false, Now);
        var from = Input with { To = null, Snapshot = "monthly" };

        Problems(from, Source with { Backups = [backup] }).ShouldBeEmpty();
        TablePreflight.Backup(from, Source with { Backups = [backup] }).ShouldBe(backup);
        Problems(from, Source).ShouldBe(["to is 'snapshot:monthly'; 'Orders' has no such backup."]);
        Problems(from, Source with { Backups = [backup with { Available = false }] }).ShouldBe(["to is 'snapshot:monthly', which is not available yet."]);
        Problems(from, Source with { Backups = [backup, backup with { Arn = "arn:2" }] })
            .ShouldBe(["to is 'snapshot:monthly', of which 'Orders' has 2; DynamoDB lets backups share a name, so restore this one by hand."]);
    }

    [Theory]
    [InlineData("Enabled", null)]
    [InlineData("PendingDeletion", "source is 'Orders', whose key arn:key is PendingDeletion; nothing under it can be restored before it is enabled.")]
    [InlineData(null, "source is 'Orders', whose key arn:key is gone; nothing under it can be restored before it is enabled.")]
    public void A_key_that_is_not_enabled_is_told(string? state, string? problem) =>
        TablePreflight.Problems(Input, new KnownTables(Source with { Key = "arn:key" }, null, state), "us-east-1", Now).ShouldBe(problem is null ? [] : [problem]);

    [Fact]
    public void What_is_expected_of_another_table_is_refused() => Problems(Input with { Expected = [new ExpectedTable("orders", 1)] }, Source)
        .ShouldBe(["expected has the table 'orders'; allowed is 'Orders', which is the one that is restored."]);

    [Fact]
    public void A_table_is_restored_in_its_own_Region_and_in_no_network()
    {
        Problems(Input with { Region = "eu-west-1" }, Source).ShouldBe(["region is 'eu-west-1', but a table is restored in its own Region; leave it out."]);
        Problems(Input with { SubnetGroup = "private" }, Source).ShouldBe(["a subnetGroup is given, but a table is in no network; leave it out."]);
        Problems(Input with { SecurityGroups = ["sg-1"] }, Source).ShouldBe(["securityGroups are given, but a table is in no network; leave them out."]);
    }

    [Fact]
    public void All_problems_are_told_at_once() => Problems(Input with { As = "copy", Purpose = RestorePurpose.Replace, To = Now.AddHours(1) }, Source).Count.ShouldBe(3);

    private static IReadOnlyList<string> Problems(RestoreInput input, SourceTable source) => TablePreflight.Problems(input, new KnownTables(source, null, null), "us-east-1", Now);
}
