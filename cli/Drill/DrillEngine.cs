using System.Data.Common;

using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines.MariaDb;
using Dbre.Lab.Engines.PostgreSql;

using MySqlConnector;

using Npgsql;

namespace Dbre.Cli.Drill;

/// <summary>What an engineer and an application say differently to each database engine of the drill.</summary>
internal abstract class DrillEngine
{
    public static readonly DrillEngine PostgreSql = new PostgreSqlDrill(), MariaDb = new MariaDbDrill();

    /// <summary>Of an instance, as RDS names it.</summary>
    public abstract string Name { get; }

    /// <summary>The tables that hold rows of the drill, quoted.</summary>
    public abstract string Tables { get; }

    /// <summary>Makes what is damaged and restored; <c>{rows}</c> is the number of customers.</summary>
    public abstract IReadOnlyList<string> Shop { get; }

    /// <summary>What the application does all the time, in one transaction: a row, and a sign of life.</summary>
    public abstract IReadOnlyList<string> Payment { get; }

    /// <summary>Makes the read-only login that measures. The verifier is computed here: the password itself is never in a statement.</summary>
    public abstract IReadOnlyList<string> Prover(string password);

    /// <param name="patience">Seconds for connecting and for a statement.</param>
    public abstract DbConnection Connection(DatabaseLogin login, string address, int port, string authorityFile, int patience = 120);

    private sealed class PostgreSqlDrill : DrillEngine
    {
        public override string Name => "postgres";

        public override string Tables => "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')";

        public override IReadOnlyList<string> Shop { get; } =
        [
            """
            CREATE TABLE customers (id bigint PRIMARY KEY, name text NOT NULL, since date NOT NULL);
            INSERT INTO customers SELECT g, 'customer ' || g, date '2026-01-01' + g % 300 FROM generate_series(1, {rows}) g;
            CREATE TABLE payments (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, amount numeric NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp());
            CREATE SCHEMA dbre;
            CREATE TABLE dbre.canary (written_at timestamptz NOT NULL);
            INSERT INTO dbre.canary VALUES (clock_timestamp());
            """,
        ];

        public override IReadOnlyList<string> Payment { get; } = ["INSERT INTO payments (amount) VALUES (1.5)", "UPDATE dbre.canary SET written_at = clock_timestamp()"];

        public override IReadOnlyList<string> Prover(string password) => [$"CREATE ROLE prover LOGIN PASSWORD '{ScramVerifier.Of(password)}'; GRANT pg_read_all_data TO prover"];

        public override DbConnection Connection(DatabaseLogin login, string address, int port, string authorityFile, int patience)
        {
            var at = login.PostgreSql(address, port, authorityFile);
            (at.Timeout, at.CommandTimeout) = (patience, patience);
            return new NpgsqlConnection(at.ConnectionString);
        }
    }

    private sealed class MariaDbDrill : DrillEngine
    {
        public override string Name => "mariadb";

        public override string Tables => """
            SELECT CONCAT('`', table_schema, '`.`', table_name, '`') FROM information_schema.tables
            WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
            """;

        public override IReadOnlyList<string> Shop { get; } =
        [
            "CREATE TABLE customers (id bigint PRIMARY KEY, name varchar(60) NOT NULL, since date NOT NULL)",
            "INSERT INTO customers SELECT seq, CONCAT('customer ', seq), DATE '2026-01-01' + INTERVAL seq % 300 DAY FROM seq_1_to_{rows}",
            "CREATE TABLE payments (id bigint AUTO_INCREMENT PRIMARY KEY, amount decimal(12, 2) NOT NULL, at timestamp(6) NOT NULL DEFAULT NOW(6))",
            "CREATE DATABASE dbre",
            "CREATE TABLE dbre.canary (written_at timestamp(6) NOT NULL DEFAULT NOW(6))",
            "INSERT INTO dbre.canary VALUES (NOW(6))",
        ];

        public override IReadOnlyList<string> Payment { get; } = ["INSERT INTO payments (amount) VALUES (1.5)", "UPDATE dbre.canary SET written_at = NOW(6)"];

        // TRIGGER is for seeing triggers: a session that measures is read-only.
        public override IReadOnlyList<string> Prover(string password) =>
        [
            $"CREATE USER prover@'%' IDENTIFIED VIA mysql_native_password USING '{NativePassword.Of(password)}' REQUIRE SSL",
            "GRANT SELECT, SHOW VIEW, TRIGGER ON *.* TO prover@'%'",
        ];

        public override DbConnection Connection(DatabaseLogin login, string address, int port, string authorityFile, int patience)
        {
            var at = login.MySql(address, port, authorityFile);
            (at.ConnectionTimeout, at.DefaultCommandTimeout) = ((uint)patience, (uint)patience);
            return new MySqlConnection(at.ConnectionString);
        }
    }
}

/// <summary>A database of the drill, and how its application logs in.</summary>
internal sealed record LoadedDatabase(DrillEngine Engine, DatabaseLogin Login, string Address, int Port, long Rows, string AuthorityFile)
{
    /// <summary>Opens a session as its application.</summary>
    public async Task<DbConnection> Open(CancellationToken stop, int patience = 120)
    {
        var connection = Engine.Connection(Login, Address, Port, AuthorityFile, patience);
        try
        {
            await connection.OpenAsync(stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs statements in a session of their own, one after another.</summary>
    public async Task Execute(IEnumerable<string> statements, CancellationToken stop)
    {
        var connection = await Open(stop).ConfigureAwait(false);
        await using var dispose = connection.ConfigureAwait(false);
        foreach (var statement in statements)
        {
            using var command = Command(connection, statement);
            await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        }
    }

    /// <summary>The number of rows of all its tables, or of one.</summary>
    public async Task<long> Count(CancellationToken stop, string? table = null)
    {
        var connection = await Open(stop).ConfigureAwait(false);
        await using var dispose = connection.ConfigureAwait(false);
        var names = new List<string>();
        if (table is null)
        {
            using var command = Command(connection, Engine.Tables);
            using var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
            while (await reader.ReadAsync(stop).ConfigureAwait(false))
            {
                names.Add(reader.GetString(0));
            }
        }

        var rows = 0L;
        foreach (var name in table is null ? names : [table])
        {
            using var count = Command(connection, $"SELECT count(*) FROM {name}");
            rows += (long)(await count.ExecuteScalarAsync(stop).ConfigureAwait(false))!;
        }

        return rows;
    }

    internal static DbCommand Command(DbConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The drill's own statements.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
