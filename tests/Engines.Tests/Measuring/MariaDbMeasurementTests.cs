using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines;
using Dbre.Lab.Engines.MariaDb;

using MySqlConnector;

namespace Dbre.Engines.Tests.Measuring;

public sealed class MariaDbMeasurementTests(MariaDbLab lab) : IClassFixture<MariaDbLab>
{
    // Two tables whose rows differ: what is in them must not come to the same checksum.
    public static TheoryData<string, string, string> Different => new()
    {
        { "a varchar(9), b varchar(9)", "('x', NULL)", "('x', '')" },
        { "a varchar(9), b varchar(9)", "('x', 'N')", "('x', NULL)" },
        { "a varchar(9), b varchar(9)", "('ab', 'c')", "('a', 'bc')" },
        { "a varchar(9), b varchar(9)", "('a,b', 'c')", "('a', 'b,c')" },
        { "a varchar(9), b varchar(9)", "('a', 'b')", "('b', 'a')" },
        { "a varchar(9) COLLATE utf8mb4_general_ci", "('a')", "('A')" },
        { "a varchar(9) COLLATE utf8mb4_general_ci", "('a')", "('a ')" },
        { "a int", "(1), (1)", "(1)" },
        { "a int", "(1), (1)", "(2), (2)" },
        { "a float", "(1.0000001)", "(1.0000002)" },
        { "a double", "(0.1)", "(0.10000000000000002)" },
        { "a decimal(30, 20)", "(1.00000000000000000001)", "(1.00000000000000000002)" },
        { "a datetime(6)", "('2030-01-02 03:04:05.000001')", "('2030-01-02 03:04:05.000002')" },
        { "a varbinary(9)", "(X'00')", "(X'0000')" },
        { "a bit(9)", "(b'1')", "(b'10')" },
        { "a enum('x', 'y')", "('x')", "('y')" },
        { "a longtext", "(REPEAT('x', 9000000))", "(CONCAT(REPEAT('x', 8999999), 'y'))" },
        { "a point", "(POINT(1, 2))", "(POINT(1, 3))" },
        { "a uuid", "('123e4567-e89b-12d3-a456-426655440000')", "('123e4567-e89b-12d3-a456-426655440001')" },
    };

    [Theory]
    [MemberData(nameof(Different))]
    public async Task Rows_that_differ_have_checksums_that_differ_and_their_order_does_not_matter(string columns, string one, string other)
    {
        var at = await Empty();
        await lab.Ask(at, $"CREATE TABLE one ({columns})");
        await lab.Ask(at, $"CREATE TABLE other ({columns})");
        await lab.Ask(at, $"CREATE TABLE same ({columns})");
        await lab.Ask(at, $"INSERT INTO one VALUES {one}");
        await lab.Ask(at, $"INSERT INTO other VALUES {other}");
        await lab.Ask(at, "INSERT INTO one SELECT * FROM other");
        await lab.Ask(at, "INSERT INTO same SELECT * FROM other");
        await lab.Ask(at, $"INSERT INTO same VALUES {one}");

        var tables = (await Measure(at)).Tables.ToDictionary(t => t.Table);

        tables["shop.same"].Checksum.ShouldBe(tables["shop.one"].Checksum);
        tables["shop.same"].Rows.ShouldBe(tables["shop.one"].Rows);
        await lab.Ask(at, "DELETE FROM one");
        await lab.Ask(at, $"INSERT INTO one VALUES {one}");
        (await Measure(at)).Tables.Single(t => t.Table == "shop.one").Checksum.ShouldNotBe(tables["shop.other"].Checksum);
    }

    [Fact]
    public async Task Of_a_large_table_a_sample_is_read_and_a_row_lost_at_its_end_is_missed()
    {
        var at = await Empty();
        await lab.Ask(at, "CREATE TABLE event (id bigint unsigned PRIMARY KEY, note text)");
        await lab.Ask(at, "INSERT INTO event SELECT seq * 7000000000, CONCAT('note ', seq) FROM seq_1_to_1000");
        var (all, some) = (new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System), new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System, new Sampling(500, 5, 20)));
        await lab.Ask(at, "ANALYZE TABLE event");

        var source = await some.Measure("mariadb", at.Host, at.Port, Login, default);
        source.Tables.ShouldHaveSingleItem().ShouldSatisfyAllConditions(t => t.Sampled.ShouldBeTrue(), t => t.Rows.ShouldBe(100));
        (await all.MeasureAlike(["shop.event"], "mariadb", at.Host, at.Port, Login, default)).Tables[0].Sampled.ShouldBeTrue();
        (await some.MeasureAlike([], "mariadb", at.Host, at.Port, Login, default)).Tables.ShouldBe((await all.Measure("mariadb", at.Host, at.Port, Login, default)).Tables);
        Comparison.Compare(source, source, await some.Measure("mariadb", at.Host, at.Port, Login, default)).Proven.ShouldBeTrue();

        await lab.Ask(at, "DELETE FROM event WHERE id = 7000000000 * 999");
        Comparison.Compare(source, source, await some.Measure("mariadb", at.Host, at.Port, Login, default)).Proven.ShouldBeFalse();
    }

    [Fact]
    public async Task Every_table_of_every_database_is_measured_whatever_it_is_called()
    {
        var at = await Empty();
        await lab.Ask(at, "CREATE DATABASE `odd ``name``; --`");
        await lab.Ask(at, "CREATE TABLE `odd ``name``; --`.`t``x` (`a``,'b` int, `@c` text)");
        await lab.Ask(at, "INSERT INTO `odd ``name``; --`.`t``x` VALUES (1, 'one'), (2, NULL)");
        await lab.Ask(at, "CREATE TABLE kept (id int PRIMARY KEY, name varchar(9)) WITH SYSTEM VERSIONING");
        await lab.Ask(at, "INSERT INTO kept VALUES (1, 'old')");
        await lab.Ask(at, "UPDATE kept SET name = 'new'");
        await lab.Ask(at, "CREATE TABLE empty (id int)");
        await lab.Ask(at, "CREATE VIEW seen AS SELECT * FROM kept");

        var measured = await Measure(at);

        measured.Tables.Select(t => (t.Table, t.Rows)).ShouldBe([("odd `name`; --.t`x", 2L), ("shop.empty", 0L), ("shop.kept", 2L)]);
        measured.ServerVersion.ShouldStartWith(lab.Engine.DefaultVersion);
        await new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System).Check("mariadb", at.Host, at.Port, Login, default);
    }

    [Fact]
    public async Task A_restored_copy_measures_as_its_source_and_one_with_a_damaged_page_does_not_measure()
    {
        var (spec, at) = await lab.Loaded(10_000);
        await lab.Engine.TakeSnapshot(spec.Id, "measured", default);
        await lab.Engine.CopySnapshot("measured", "measured-damaged", null, default);
        lab.Damage("measured-damaged");

        var good = await Measure(await lab.Engine.Restore("measured", lab.Spec(null), default));
        var damaged = await lab.Engine.Restore("measured-damaged", lab.Spec(null), default);

        good.Tables.ShouldBe((await Measure(at)).Tables);
        good.Rows.ShouldBe(10_000);
        (await Should.ThrowAsync<MySqlException>(Measure(damaged))).IsTransient.ShouldBeFalse();
    }

    [Fact]
    public async Task A_damaged_index_is_found_by_the_check_though_every_row_can_be_read()
    {
        var (spec, at) = await lab.Loaded(1);
        await lab.Ask(at, "CREATE TABLE indexed (id int PRIMARY KEY, code char(36) NOT NULL, KEY by_code (code)) ");
        await lab.Ask(at, "INSERT INTO indexed SELECT seq, UUID() FROM seq_1_to_20000");
        await lab.Engine.TakeSnapshot(spec.Id, "index", default);
        await DamageIndex(Path.Combine(lab.Engine.SnapshotFolder("index"), MariaDbLab.Database, "indexed.ibd"));
        var damaged = await lab.Engine.Restore("index", lab.Spec(null), default);

        (await Measure(damaged)).Rows.ShouldBe(20_001);

        var found = await Should.ThrowAsync<Exception>(new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System).Check("mariadb", damaged.Host, damaged.Port, Login, default));
        found.ShouldSatisfyAllConditions(e => (e is InvalidDataException or MySqlException).ShouldBeTrue(), e => e.Message.ShouldNotBeEmpty());
    }

    [Fact]
    public async Task A_canary_is_made_where_it_is_lacking_and_keeps_one_row()
    {
        var at = await Empty();
        var canary = new Canary(lab.Engine.AuthorityFile);

        await canary.Write("mariadb", at.Host, at.Port, Login, default);
        var first = (await Measure(at)).Canary.ShouldNotBeNull();
        await canary.Write("mariadb", at.Host, at.Port, Login, default);

        (await Measure(at)).Canary.ShouldNotBeNull().ShouldBeGreaterThan(first);
        first.ShouldBeInRange(TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow().AddMinutes(1));
        (await Measure(at)).Tables.Single(t => t.Table == "dbre.canary").Rows.ShouldBe(1);
    }

    [Fact]
    public async Task A_login_that_may_do_nothing_but_write_the_canary_is_enough()
    {
        var at = await Empty();
        await lab.Ask(at, $"CREATE USER canary@'%' IDENTIFIED VIA mysql_native_password USING '{NativePassword.Of("small")}'");
        await lab.Ask(at, "GRANT CREATE, SELECT, INSERT, UPDATE ON dbre.* TO canary@'%'");

        await new Canary(lab.Engine.AuthorityFile).Write("mariadb", at.Host, at.Port, new DatabaseLogin("canary", new Secret("small"), MariaDbLab.Database), default);

        (await Measure(at)).Canary.ShouldNotBeNull();
    }

    private static DatabaseLogin Login => new(MariaDbLab.User, new Secret(MariaDbLab.Password), MariaDbLab.Database);

    // Index pages (type 0x45BF) say at byte 66 to which index they belong: the second smallest number is the secondary index.
    private static async Task DamageIndex(string file)
    {
        const int page = 16 * 1024;
        var bytes = await File.ReadAllBytesAsync(file);
        var pages = Enumerable.Range(0, bytes.Length / page).Where(p => bytes[(p * page) + 24] == 0x45 && bytes[(p * page) + 25] == 0xBF).ToList();
        var index = pages.Select(p => Index(p)).Distinct().Order().ElementAt(1);

        // Not the root, which is read when the table is opened.
        var victim = pages.Last(p => Index(p) == index);
        bytes[(victim * page) + (page / 2)] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        ulong Index(int p) => System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan((p * page) + 38 + 28, 8));
    }

    private async Task<DatabaseEndpoint> Empty() => await lab.Engine.Create(lab.Spec(), default);

    private Task<Measurement> Measure(DatabaseEndpoint at) =>
        new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System).Measure("mariadb", at.Host, at.Port, Login, default);
}
