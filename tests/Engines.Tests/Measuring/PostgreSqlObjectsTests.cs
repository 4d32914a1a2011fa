using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines;

namespace Dbre.Engines.Tests.Measuring;

/// <summary>A restored database that lacks or has otherwise anything but its rows is told from its source by name.</summary>
public sealed class PostgreSqlObjectsTests(PostgreSqlLab lab) : IClassFixture<PostgreSqlLab>
{
    [Theory]
    [InlineData("a missing row", "DELETE FROM part WHERE id = 3", "shop.public.part has 99 rows; 100 were expected.")]
    [InlineData("a changed value", "UPDATE part SET label = 'x' WHERE id = 3", "shop.public.part has its 100 rows, but their checksum differs.")]
    [InlineData("a swapped column order", "ALTER TABLE part DROP COLUMN label; ALTER TABLE part ADD COLUMN label text COLLATE \"C\"", "column shop.public.part.label is '5 text C'; '3 text C' was expected.")]
    [InlineData("a lost sequence value", "SELECT setval('part_number', 10)", "sequence value shop.public.part_number is '10'; '41' was expected.")]
    [InlineData("a missing grant", "REVOKE SELECT ON part FROM reader", "grants on shop.public.part is '")]
    [InlineData("a missing index", "DROP INDEX part_by_size", "index shop.public.part_by_size is missing.")]
    [InlineData("an invalid constraint", "ALTER TABLE part DROP CONSTRAINT part_size; ALTER TABLE part ADD CONSTRAINT part_size CHECK (size > 0) NOT VALID", "constraint part_size of shop.public.part is 'CHECK ((size > 0)) NOT VALID'; 'CHECK ((size > 0))' was expected.")]
    [InlineData("another collation", "ALTER TABLE part ALTER COLUMN label TYPE text COLLATE \"POSIX\"", "column shop.public.part.label is '3 text POSIX'; '3 text C' was expected.")]
    [InlineData("a missing role", "DROP ROLE clerk", "role clerk is missing.")]
    [InlineData("a lost membership", "REVOKE reader FROM clerk", "role clerk is '")]
    [InlineData("a missing extension", "DROP EXTENSION citext", "extension shop.citext is missing.")]
    [InlineData("a missing large object", "SELECT lo_unlink(4711)", "large objects shop is '0'; '1' was expected.")]
    [InlineData("a missing trigger", "ALTER TABLE part DISABLE TRIGGER part_audit", "trigger part_audit of shop.public.part is '")]
    [InlineData("a lost schema change of Flyway", "DELETE FROM flyway_schema_history WHERE installed_rank = 10", "newest schema change shop.public.flyway_schema_history is '9 parts'; '10 stock' was expected.")]
    [InlineData("a lost schema change of Liquibase", "DELETE FROM databasechangelog WHERE id = 'two'", "newest schema change shop.public.databasechangelog is 'one dba log.xml'; 'two dba log.xml' was expected.")]
    [InlineData("all schema changes of Entity Framework lost", "DELETE FROM \"__EFMigrationsHistory\"", "newest schema change shop.public.__EFMigrationsHistory is 'none'; '20300102_Second' was expected.")]
    [InlineData("another view", "CREATE OR REPLACE VIEW big_part AS SELECT id FROM part WHERE size > 60", "view shop.public.big_part is '")]
    public async Task Tells(string what, string damage, string difference)
    {
        what.ShouldNotBeEmpty();
        var at = await lab.LoadedWith("""
            CREATE EXTENSION citext; CREATE ROLE reader; CREATE ROLE clerk; GRANT reader TO clerk;
            CREATE TABLE part (id int PRIMARY KEY, size int NOT NULL CONSTRAINT part_size CHECK (size > 0), label text COLLATE "C", note text);
            INSERT INTO part SELECT g, g, 'part ' || g FROM generate_series(1, 100) g;
            CREATE INDEX part_by_size ON part (size);
            CREATE SEQUENCE part_number; SELECT setval('part_number', 41);
            GRANT SELECT ON part TO reader;
            CREATE VIEW big_part AS SELECT id FROM part WHERE size > 50;
            CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
            CREATE TRIGGER part_audit BEFORE UPDATE ON part FOR EACH ROW EXECUTE FUNCTION audit();
            SELECT lo_create(4711);
            CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version text, description text);
            INSERT INTO flyway_schema_history VALUES (9, '9', 'parts'), (10, '10', 'stock');
            CREATE TABLE databasechangelog (id text, author text, filename text, orderexecuted int);
            INSERT INTO databasechangelog VALUES ('one', 'dba', 'log.xml', 1), ('two', 'dba', 'log.xml', 2);
            CREATE TABLE "__EFMigrationsHistory" ("MigrationId" text PRIMARY KEY, "ProductVersion" text);
            INSERT INTO "__EFMigrationsHistory" VALUES ('20300101_First', '10'), ('20300102_Second', '10');
            CREATE SCHEMA other; CREATE TABLE other.databasechangelog (another text);
            """);
        var before = await Measure(at);
        Comparison.Compare(before, await Measure(at), await Measure(at)).Proven.ShouldBeTrue();

        await lab.Ask(at, damage);

        var proof = Comparison.Compare(before, before, await Measure(at));
        proof.Proven.ShouldBeFalse();
        proof.Differences.ShouldContain(d => d.StartsWith(difference, StringComparison.Ordinal), string.Join(" | ", proof.Differences));
    }

    [Fact]
    public async Task A_sequence_that_is_ahead_is_as_the_log_leaves_it()
    {
        var at = await lab.LoadedWith("CREATE SEQUENCE number; SELECT setval('number', 5)");
        var before = await Measure(at);
        await lab.Ask(at, "SELECT setval('number', 37)");

        Comparison.Compare(before, before, await Measure(at)).Proven.ShouldBeTrue();
    }

    private Task<Measurement> Measure(DatabaseEndpoint at) => new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System)
        .Measure("postgres", at.Host, at.Port, new DatabaseLogin(PostgreSqlLab.User, new Secret(PostgreSqlLab.Password), PostgreSqlLab.Database), default);
}
