using Dbre.Functions.Core.Proof;

namespace Dbre.Engines.Tests.Measuring;

/// <summary>What PostgreSQL tells of its indexes, where amcheck is, and of its archiver.</summary>
public sealed class PostgreSqlHealthTests(PostgreSqlLab lab) : IClassFixture<PostgreSqlLab>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60), Look = TimeSpan.FromMilliseconds(100);

    [Fact]
    public async Task An_index_in_a_wrong_order_is_found_by_amcheck_where_it_is_and_the_login_may_and_it_is_never_installed()
    {
        var at = await lab.LoadedWith("""
            CREATE TABLE part (id int PRIMARY KEY, label text COLLATE "C" NOT NULL);
            INSERT INTO part SELECT g, CASE WHEN g % 2 = 0 THEN 'a' ELSE 'B' END || g FROM generate_series(1, 2000) g;
            CREATE INDEX part_by_label ON part (label);
            """);

        // As after an upgrade of the library of collations: another order than that in which the index was made.
        await lab.AskAsSuperuser(at, "UPDATE pg_index SET indcollation = (SELECT oid::text::oidvector FROM pg_collation WHERE collname = 'und-x-icu') WHERE indexrelid = 'part_by_label'::regclass");
        await Measuring.Check("postgres", at.Host, at.Port, Login, default);
        (await Measuring.Measure("postgres", at.Host, at.Port, Login, default)).ShouldSatisfyAllConditions(
            m => m.Rows.ShouldBe(2000), m => m.Objects!.ShouldNotContain(o => o.Kind == "extension" && o.Name.Contains("amcheck")), m => m.Warnings.ShouldBeNull());

        await lab.AskAsSuperuser(at, "CREATE EXTENSION amcheck");
        await Measuring.Check("postgres", at.Host, at.Port, Login, default);
        (await Measuring.Measure("postgres", at.Host, at.Port, Login, default)).Warnings.ShouldBe(
            ["amcheck is in database shop, but the login may not execute bt_index_check, so its indexes are not checked."]);

        await lab.AskAsSuperuser(at, $"GRANT EXECUTE ON FUNCTION bt_index_check(regclass) TO {PostgreSqlLab.User}");
        (await Should.ThrowAsync<InvalidDataException>(Measuring.Check("postgres", at.Host, at.Port, Login, default))).Message.ShouldStartWith("shop.public.part_by_label is damaged: ");

        await lab.Ask(at, "REINDEX INDEX part_by_label");
        await Measuring.Check("postgres", at.Host, at.Port, Login, default);
    }

    [Fact]
    public async Task An_archiver_that_fails_at_the_source_is_a_warning_and_says_nothing_against_the_copy()
    {
        var (spec, at) = await lab.Loaded(1);
        Directory.Delete(lab.Engine.ArchiveFolder(spec.Id), recursive: true);
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System);
        while ((bool)(await lab.Ask(at, "SELECT last_failed_time IS NULL FROM pg_stat_archiver"))!)
        {
            await lab.Ask(at, "UPDATE item SET id = id + 1");
            await lab.AskAsSuperuser(at, "SELECT pg_switch_wal()");
            await Task.Delay(Look, TimeProvider.System, limit.Token);
        }

        var source = await Measuring.Measure("postgres", at.Host, at.Port, Login, default);

        var proof = Comparison.Compare(source, source, source);
        proof.Proven.ShouldBeTrue();
        proof.Warnings.ShouldNotBeNull().ShouldHaveSingleItem().ShouldMatch("^The archiver fails: [0-9A-F]{24} could not be archived at .*; it has failed [0-9]+ times\\.$");
        proof.Reason.ShouldContain(" Warning: The archiver fails: ");
    }

    private static DatabaseLogin Login => new(PostgreSqlLab.User, new Secret(PostgreSqlLab.Password), PostgreSqlLab.Database);

    private DatabaseMeasurement Measuring => new(lab.Engine.AuthorityFile, TimeProvider.System);
}
