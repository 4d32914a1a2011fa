using System.Text.Json.Nodes;

using Dbre.Cli.Tests.Testing;

namespace Dbre.Cli.Tests.Commands;

/// <summary>The command against a bucket and a ledger that <c>EvidenceStore</c> itself filled.</summary>
public sealed class EvidenceCommandTests : IAsyncLifetime
{
    private readonly List<string> keys = [];
    private Ground ground = null!;

    public async Task InitializeAsync()
    {
        ground = await Ground.WithLedger();
        foreach (var day in (int[])[19, 20, 21])
        {
            keys.Add(await ground.Append(Records.Night(day)));
        }
    }

    public Task DisposeAsync()
    {
        ground.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Without_an_operation_the_newest_record_is_shown()
    {
        var said = await ground.Caller.Types("evidence");
        said.Out.ShouldStartWith("snapshot-copy-nightly-20261121T030000Z: Failed for 1 of 2 databases\n");
        said.Out.ShouldContain("  eu-west-1: Failed, 6999 of 7000 rows found, checksums differ\n");
        said.Error.ShouldBeEmpty();
        said.Code.ShouldBe(0);
    }

    [Fact]
    public async Task An_operation_is_shown_by_its_id() =>
        (await ground.Caller.Types("evidence", "snapshot-copy-nightly-20261119T030000Z")).Out.ShouldStartWith("snapshot-copy-nightly-20261119T030000Z: ");

    [Fact]
    public async Task An_operation_that_left_no_evidence_is_refused() =>
        (await ground.Caller.Types("evidence", "snapshot-copy-nightly-20261118T030000Z")).ShouldRefuse(
            "operation is 'snapshot-copy-nightly-20261118T030000Z', which left no evidence; allowed are the operation ids that ./dbre history lists.");

    [Fact]
    public async Task A_clean_up_is_shown_by_its_id_and_does_not_hide_the_night()
    {
        await ground.Append(Records.CleanUp());
        (await ground.Caller.Types("evidence", "clean-up-1")).Out.ShouldStartWith("""
            clean-up-1: Cleaned up
            1 run had left no record, 1 leftover was removed.
            Started 2026-11-22 03:00:00 UTC, took 10 s.
            recorded snapshot-copy-nightly-20261118T030000Z
            removed orders-proof in eu-west-1

            """);
        (await ground.Caller.Types("evidence")).Out.ShouldStartWith("snapshot-copy-nightly-20261121T030000Z: ");
    }

    [Fact]
    public async Task A_drill_is_shown_restore_by_restore()
    {
        await ground.Append(Records.Drill());
        (await ground.Caller.Types("evidence", "restore-drill-nightly-20261121T090000Z")).Out.ShouldStartWith("""
            restore-drill-nightly-20261121T090000Z: Failed for 1 of 2 databases
            'orders' would have lost 2.01 h, restored from its log in us-east-1; the policy allows 1 h.
            Started 2026-11-21 09:00:00 UTC, took 30 min.
            catalog (mariadb): Succeeded. us-east-1: 'catalog' could be restored.
              a second in us-east-1 (2026-11-20T17:04:05.000Z): Proven, RPO 45 s, RTO 9 min, 20000 rows read
              its copy in eu-west-1 (catalog-nightly-20261121t0300z): Proven, RPO 30 min, RTO 7 min, 20000 of 20000 rows found, checksums equal
            orders (postgres): Failed. 'orders' would have lost 2.01 h, restored from its log in us-east-1; the policy allows 1 h.
              a second in us-east-1 (2026-11-19T01:02:03.000Z): Proven, RPO 2 h 01 min, RTO 10 min, 7000 rows read
              its copy in eu-west-1 (orders-nightly-20261121t0300z): Proven, RPO 30 min, RTO 5 min, 6000 of 6000 rows found, checksums equal
            not drilled legacy: Database 'legacy' has backups off; its BackupRetentionPeriod must be 1 or more.

            """);
    }

    [Fact]
    public async Task A_drill_on_a_terminal_has_its_RPO_and_RTO_in_a_table()
    {
        await ground.Append(Records.Drill());
        var said = (await ground.Caller.Types(new Screen(terminal: true, width: 160), "evidence", "restore-drill-nightly-20261121T090000Z")).Out;
        said.ShouldContain("│ Database │ Restored from         │ Result │        RPO │    RTO │       Rows found │ Checksums │");
        said.ShouldContain("│ orders   │ a second in us-east-1 │ Proven │ 2 h 01 min │ 10 min │            7\u202f000 │ –         │");
    }

    [Fact]
    public async Task Json_is_the_record_as_it_is_kept()
    {
        var said = await ground.Caller.Types("evidence", "--json");
        said.Out.ShouldBe(await ground.Read(keys[2]) + "\n");
        said.Code.ShouldBe(0);
    }

    [Fact]
    public async Task Verify_says_that_the_chain_holds()
    {
        var said = await ground.Caller.Types("evidence", "--verify");
        said.ShouldBe(new Said(0, "snapshot-copy: the chain of 3 records holds. Each matches its hash and names the one before.\npitr-restore: there is no evidence yet.\ntable-restore: there is no evidence yet.\nrestore-drill: there is no evidence yet.\nclean-up: there is no evidence yet.\n", ""));
    }

    [Fact]
    public async Task Verify_as_json()
    {
        var verdict = JsonNode.Parse((await ground.Caller.Types("evidence", "--verify", "--json")).Out)!.AsArray()[0]!.AsObject();
        verdict.Select(f => f.Key).ShouldBe(["automation", "holds", "records", "newest", "faults"]);
        ((bool)verdict["holds"]!).ShouldBeTrue();
        ((int)verdict["records"]!).ShouldBe(3);
        ((string)verdict["newest"]!).ShouldBe((string)JsonNode.Parse(await ground.Read(keys[2]))!["hash"]!);
    }

    [Fact]
    public async Task A_record_that_was_changed_is_told_by_showing_it_and_by_verify()
    {
        await ground.Overwrite(keys[1], (await ground.Read(keys[1])).Replace("\"Failed\"", "\"Succeeded\"", StringComparison.Ordinal));
        foreach (var words in (string[][])[["evidence", "snapshot-copy-nightly-20261120T030000Z"], ["evidence", "--verify"]])
        {
            var said = await ground.Caller.Types(words);
            said.Error.ShouldStartWith("The record of 'snapshot-copy-nightly-20261120T030000Z' was changed after it was written: ");
            said.Code.ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_record_that_was_removed_is_told_by_asking_for_it_and_by_verify()
    {
        await ground.Account.Objects.DeleteObjectAsync(Ground.Bucket, keys[1]);
        var asked = await ground.Caller.Types("evidence", "snapshot-copy-nightly-20261120T030000Z");
        asked.Error.ShouldBe($"The ledger names the record of 'snapshot-copy-nightly-20261120T030000Z', but the bucket '{Ground.Bucket}' does not hold '{keys[1]}'.\n");
        asked.Code.ShouldBe(1);
        var verified = await ground.Caller.Types("evidence", "--verify");
        verified.Out.ShouldBe("snapshot-copy: the chain of evidence does not hold, for 1 reason.\npitr-restore: there is no evidence yet.\ntable-restore: there is no evidence yet.\nrestore-drill: there is no evidence yet.\nclean-up: there is no evidence yet.\n");
        verified.Error.ShouldStartWith("The record of 'snapshot-copy-nightly-20261121T030000Z' names the one before it, with the hash ");
        verified.Code.ShouldBe(1);
    }

    [Fact]
    public async Task An_object_that_is_no_record_is_told_by_its_key()
    {
        await ground.Overwrite(keys[0], "not JSON");
        (await ground.Caller.Types("evidence", "--verify")).Error.ShouldContain($"The object '{keys[0]}' is no evidence record: it is not a JSON object.\n");
    }

    [Fact]
    public async Task A_field_of_another_type_is_told_by_its_path()
    {
        await ground.Overwrite(keys[2], (await ground.Read(keys[2])).Replace("\"rowsFound\":26999", "\"rowsFound\":\"many\"", StringComparison.Ordinal));
        var said = await ground.Caller.Types("evidence");
        said.Error.ShouldBe("The record of 'snapshot-copy-nightly-20261121T030000Z' has a field of another type than evidence has: $.measured.rowsFound.\n");
        said.Code.ShouldBe(1);
    }

    [Fact]
    public async Task Html_is_written_where_the_caller_stands()
    {
        (await ground.Caller.Types("evidence", "--html", "night.html")).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(Path.Combine(ground.Caller.Folder, "night.html"))).ShouldStartWith("<!doctype html>");
    }

    [Fact]
    public async Task Html_that_cannot_be_written_is_refused()
    {
        var said = await ground.Caller.Types("evidence", "--html", "no/such/folder.html");
        said.Error.ShouldStartWith("--html is 'no/such/folder.html', which cannot be written: ");
        said.Out.ShouldBeEmpty();
        said.Code.ShouldBe(2);
    }

    [Fact]
    public async Task No_run_has_ended_yet()
    {
        using var empty = await Ground.WithLedger();
        (await empty.Caller.Types("evidence")).ShouldBe(new Said(0, "There is no evidence yet: no run has ended.\n", ""));
        (await empty.Caller.Types("evidence", "--json")).ShouldBe(new Said(0, "null\n", ""));
        (await empty.Caller.Types("evidence", "--verify")).ShouldBe(new Said(0, "snapshot-copy: there is no evidence yet.\npitr-restore: there is no evidence yet.\ntable-restore: there is no evidence yet.\nrestore-drill: there is no evidence yet.\nclean-up: there is no evidence yet.\n", ""));
    }
}
