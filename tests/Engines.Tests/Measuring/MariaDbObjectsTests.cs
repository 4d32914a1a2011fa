using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines;

namespace Dbre.Engines.Tests.Measuring;

/// <summary>A restored database that lacks or has otherwise anything but its rows is told from its source by name.</summary>
public sealed class MariaDbObjectsTests(MariaDbLab lab) : IClassFixture<MariaDbLab>
{
    private static readonly string[] Schema =
    [
        "CREATE ROLE reader", "CREATE USER clerk@'%' IDENTIFIED BY 'of no use'", "GRANT reader TO clerk@'%'", "CREATE DATABASE archive",
        """
        CREATE TABLE part (id int AUTO_INCREMENT PRIMARY KEY, size int NOT NULL, label varchar(40) COLLATE utf8mb4_bin, note text, code int,
            CONSTRAINT part_size CHECK (size > 0), UNIQUE KEY part_label (label), KEY part_by_size (size))
        """,
        "INSERT INTO part (size, label) SELECT seq, CONCAT('part ', seq) FROM seq_1_to_100",
        "CREATE TABLE stock (part int NOT NULL, CONSTRAINT stock_part FOREIGN KEY (part) REFERENCES part (id) ON DELETE CASCADE)",
        "CREATE TABLE dated (at date NOT NULL) PARTITION BY RANGE (YEAR(at)) (PARTITION old VALUES LESS THAN (2030), PARTITION young VALUES LESS THAN MAXVALUE)",
        "CREATE SEQUENCE part_number CACHE 10", "DO SETVAL(part_number, 40)",
        "GRANT SELECT ON shop.part TO reader", "GRANT UPDATE (label) ON shop.part TO clerk@'%'", "GRANT SELECT ON archive.* TO clerk@'%'",
        "CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(9), description varchar(20))",
        "INSERT INTO flyway_schema_history VALUES (9, '9', 'parts'), (10, '10', 'stock')",
        "CREATE TABLE DATABASECHANGELOG (ID varchar(9), AUTHOR varchar(9), FILENAME varchar(9), ORDEREXECUTED int)",
        "INSERT INTO DATABASECHANGELOG VALUES ('one', 'dba', 'log.xml', 1), ('two', 'dba', 'log.xml', 2)",
        "CREATE TABLE __EFMigrationsHistory (MigrationId varchar(20) PRIMARY KEY)", "INSERT INTO __EFMigrationsHistory VALUES ('20300101_First'), ('20300102_Second')",
        "CREATE TABLE archive.databasechangelog (another int)",
        "CREATE VIEW big_part AS SELECT id FROM part WHERE size > 50",
        "CREATE TRIGGER part_audit BEFORE UPDATE ON part FOR EACH ROW SET NEW.note = 'changed'",
        "CREATE PROCEDURE count_parts(least int) SELECT COUNT(*) FROM part WHERE size >= least", "GRANT EXECUTE ON PROCEDURE shop.count_parts TO reader",
        "CREATE EVENT tidy ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01' DO DELETE FROM stock",
    ];

    [Theory]
    [InlineData("a missing row", "DELETE FROM part WHERE id = 3", "shop.part has 99 rows; 100 were expected.")]
    [InlineData("a changed value", "UPDATE part SET label = 'x' WHERE id = 3", "shop.part has its 100 rows, but their checksum differs.")]
    [InlineData("a swapped column order", "ALTER TABLE part MODIFY note text AFTER code", "column shop.part.note is '5 text NULL utf8mb4_")]
    [InlineData("another type", "ALTER TABLE part MODIFY code bigint", "column shop.part.code is '5 bigint(20) NULL'; '5 int(11) NULL' was expected.")]
    [InlineData("another default", "ALTER TABLE part ALTER code SET DEFAULT 7", "column shop.part.code is '5 int(11) 7'; '5 int(11) NULL' was expected.")]
    [InlineData("a lost sequence value", "CREATE OR REPLACE SEQUENCE part_number START WITH 10 CACHE 10", "sequence value shop.part_number is '10'; '41' was expected.")]
    [InlineData("another sequence", "ALTER SEQUENCE part_number INCREMENT BY 2", "sequence shop.part_number is '1 2 ")]
    [InlineData("a lost AUTO_INCREMENT value", "DELETE FROM part WHERE id > 50; ALTER TABLE part AUTO_INCREMENT = 51", "AUTO_INCREMENT value shop.part is '51'; '128' was expected.")]
    [InlineData("a missing grant on a table", "REVOKE SELECT ON shop.part FROM reader", "grants of 'reader'@'' on shop.part is missing.")]
    [InlineData("a missing grant on a column", "REVOKE UPDATE (label) ON shop.part FROM clerk@'%'", "grants of 'clerk'@'%' on shop.part.label is missing.")]
    [InlineData("another grant on a database", "GRANT DELETE ON archive.* TO clerk@'%'", "grants of 'clerk'@'%' on archive is 'DELETE, SELECT'; 'SELECT' was expected.")]
    [InlineData("a missing grant on a procedure", "REVOKE EXECUTE ON PROCEDURE shop.count_parts FROM reader", "grants of 'reader'@'' on procedure shop.count_parts is missing.")]
    [InlineData("a missing index", "DROP INDEX part_by_size ON part", "index shop.part.part_by_size is missing.")]
    [InlineData("an index that is not used", "ALTER TABLE part ALTER INDEX part_by_size IGNORED", "index shop.part.part_by_size is 'BTREE size ignored A'; 'BTREE size A' was expected.")]
    [InlineData("a missing check", "ALTER TABLE part DROP CONSTRAINT part_size", "check constraint part_size of shop.part is missing.")]
    [InlineData("a check that lets more pass", "ALTER TABLE part DROP CONSTRAINT part_size, ADD CONSTRAINT part_size CHECK (size > -1)", "check constraint part_size of shop.part is 'table check `size` > -1'; 'table check `size` > 0' was expected.")]
    [InlineData("a unique key that is none", "ALTER TABLE part DROP KEY part_label, ADD KEY part_label (label)", "constraint part_label of shop.part is missing.")]
    [InlineData("a missing foreign key", "ALTER TABLE stock DROP FOREIGN KEY stock_part", "constraint stock_part of shop.stock is missing.")]
    [InlineData("a foreign key of other rules", "ALTER TABLE stock DROP FOREIGN KEY stock_part; ALTER TABLE stock ADD CONSTRAINT stock_part FOREIGN KEY (part) REFERENCES part (id)", "constraint stock_part of shop.stock is 'foreign key (part) to shop.part (id) on update RESTRICT on delete RESTRICT'; ")]
    [InlineData("another collation of a column", "ALTER TABLE part MODIFY label varchar(40) COLLATE utf8mb4_general_ci", "column shop.part.label is '3 varchar(40) NULL utf8mb4_general_ci'; '3 varchar(40) NULL utf8mb4_bin' was expected.")]
    [InlineData("another collation of a database", "ALTER DATABASE archive COLLATE utf8mb4_bin", "database archive is 'utf8mb4 utf8mb4_bin'; ")]
    [InlineData("another storage engine", "ALTER TABLE dated ENGINE = Aria", "table shop.dated is 'BASE TABLE Aria ")]
    [InlineData("a missing partition", "ALTER TABLE dated DROP PARTITION old", "partition shop.dated.old is missing.")]
    [InlineData("a missing user", "DROP USER clerk@'%'", "user 'clerk'@'%' is missing.")]
    [InlineData("a locked user", "ALTER USER clerk@'%' ACCOUNT LOCK", "user 'clerk'@'%' is '")]
    [InlineData("a lost membership", "REVOKE reader FROM clerk@'%'", "role of 'clerk'@'%' is 'reader' is missing.")]
    [InlineData("a missing trigger", "DROP TRIGGER part_audit", "trigger part_audit of shop.part is missing.")]
    [InlineData("a lost schema change of Flyway", "DELETE FROM flyway_schema_history WHERE installed_rank = 10", "newest schema change shop.flyway_schema_history is '9 parts'; '10 stock' was expected.")]
    [InlineData("a lost schema change of Liquibase", "DELETE FROM DATABASECHANGELOG WHERE ID = 'two'", "newest schema change shop.DATABASECHANGELOG is 'one dba log.xml'; 'two dba log.xml' was expected.")]
    [InlineData("all schema changes of Entity Framework lost", "DELETE FROM __EFMigrationsHistory", "newest schema change shop.__EFMigrationsHistory is 'none'; '20300102_Second' was expected.")]
    [InlineData("another view", "CREATE OR REPLACE VIEW big_part AS SELECT id FROM part WHERE size > 60", "view shop.big_part is '")]
    [InlineData("another procedure", "CREATE OR REPLACE PROCEDURE count_parts(least bigint) SELECT COUNT(*) FROM part WHERE size >= least", "procedure shop.count_parts is '")]
    [InlineData("an event that is off", "ALTER EVENT tidy DISABLE", "event shop.tidy is '")]
    public async Task Tells(string what, string damage, string difference)
    {
        what.ShouldNotBeEmpty();
        var at = await Made("SELECT, SHOW VIEW, TRIGGER ON *.*");
        var before = await Measure(at);
        Comparison.Compare(before, await Measure(at), await Measure(at)).ShouldSatisfyAllConditions(p => p.Proven.ShouldBeTrue(), p => p.Reason.ShouldBe("7 tables with 106 rows are equal."));

        foreach (var statement in damage.Split("; "))
        {
            await lab.Ask(at, statement);
        }

        var proof = Comparison.Compare(before, before, await Measure(at));
        proof.Proven.ShouldBeFalse();
        proof.Differences.ShouldContain(d => d.StartsWith(difference, StringComparison.Ordinal), string.Join(" | ", proof.Differences));
    }

    [Fact]
    public async Task Counters_that_are_ahead_give_no_value_twice_and_those_behind_do()
    {
        var at = await Made("SELECT, SHOW VIEW, TRIGGER ON *.*");
        var before = await Measure(at);
        await lab.Ask(at, "DO NEXTVAL(part_number)");
        await lab.Ask(at, "ALTER TABLE part AUTO_INCREMENT = 400");
        var ahead = await Measure(at);

        Comparison.Compare(before, before, ahead).Proven.ShouldBeTrue();
        Comparison.Compare(ahead, ahead, before).Differences.ShouldBe(["sequence value shop.part_number is '41'; '51' was expected.", "AUTO_INCREMENT value shop.part is '128'; '400' was expected."], ignoreOrder: true);
    }

    [Fact]
    public async Task Values_that_were_reserved_and_that_no_row_got_are_not_missed_in_a_restored_copy()
    {
        var (spec, at) = await lab.Loaded(1);
        await lab.Ask(at, "CREATE TABLE bulk (id int AUTO_INCREMENT PRIMARY KEY, n int)");
        await lab.Ask(at, "INSERT INTO bulk (n) SELECT seq FROM seq_1_to_100");
        await lab.Engine.TakeSnapshot(spec.Id, "reserved", default);
        var source = await Measure(at, MariaDbLab.User, MariaDbLab.Password);

        var restored = await Measure(await lab.Engine.Restore("reserved", lab.Spec(null), default), MariaDbLab.User, MariaDbLab.Password);

        source.Objects!.ShouldContain(new SchemaObject("AUTO_INCREMENT value", "shop.bulk", "128"));
        restored.Objects!.ShouldContain(new SchemaObject("AUTO_INCREMENT value", "shop.bulk", "101"));
        Comparison.Compare(source, source, restored).ShouldSatisfyAllConditions(p => p.Differences.ShouldBeEmpty(), p => p.Proven.ShouldBeTrue());
    }

    [Fact]
    public async Task A_login_with_fewer_rights_says_what_it_cannot_read_and_reads_the_rest()
    {
        var at = await Made("SELECT ON shop.*");

        var measured = await Measure(at);

        var proof = Comparison.Compare(measured, measured, measured);
        proof.Proven.ShouldBeTrue();
        measured.Unread.ShouldNotBeNull().Select(u => u.Split(" (")[0]).ShouldBe(
            ["what foreign keys do on update and delete", "what views select", "triggers", "functions and procedures of others", "grants", "events", "users", "roles"], ignoreOrder: true);
        proof.Reason.ShouldStartWith("6 tables with 106 rows are equal. Not compared, since the login may not read it: ");
        proof.Reason.ShouldContain("triggers (TRIGGER)");
        measured.Objects.ShouldNotBeNull().ShouldContain(new SchemaObject("column", "shop.part.code", "5 int(11) NULL"));
        measured.Objects.ShouldContain(new SchemaObject("sequence value", "shop.part_number", "41"));
    }

    [Fact]
    public async Task No_password_is_part_of_what_is_read_and_a_new_one_makes_no_difference()
    {
        var at = await Made("SELECT, SHOW VIEW, TRIGGER ON *.*");
        var before = await Measure(at);

        await lab.Ask(at, "ALTER USER clerk@'%' IDENTIFIED BY 'another'");

        Comparison.Compare(before, before, await Measure(at)).Proven.ShouldBeTrue();
    }

    private async Task<DatabaseEndpoint> Made(string rights)
    {
        var at = await lab.Engine.Create(lab.Spec(), default);
        await lab.AllowTriggers(at);
        foreach (var statement in (string[])[.. Schema, $"CREATE USER prover@'%' IDENTIFIED BY '{Prover}'", $"GRANT {rights} TO prover@'%'"])
        {
            await lab.Ask(at, statement);
        }

        return at;
    }

    private const string Prover = "reads all and writes nothing";

    private Task<Measurement> Measure(DatabaseEndpoint at, string user = "prover", string password = Prover) => new DatabaseMeasurement(lab.Engine.AuthorityFile, TimeProvider.System)
        .Measure("mariadb", at.Host, at.Port, new DatabaseLogin(user, new Secret(password), MariaDbLab.Database), default);
}
