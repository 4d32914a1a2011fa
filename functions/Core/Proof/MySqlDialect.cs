using System.Data;
using System.Data.Common;
using System.Globalization;

using MySqlConnector;

namespace Dbre.Functions.Core.Proof;

/// <summary>MySQL and Aurora MySQL: one connection reaches all databases of the server, and one snapshot holds them all. Tried on MariaDB only: the lab has no MySQL.</summary>
internal class MySqlDialect : SqlDialect
{
    // How the list of a table's columns marks those whose text is unambiguous as it is, and the rest, of which a hash stands in the row's text.
    private const char Plain = '=', Inexact = '~', Hashed = '#';

    // A row's text depends on time zone and mode; the list of a table's columns must not be cut; MySQL 8 would tell AUTO_INCREMENT values of yesterday.
    internal override IReadOnlyList<string> Settings { get; } =
    [
        "SET SESSION time_zone = '+00:00', sql_mode = '', lock_wait_timeout = 10, group_concat_max_len = 16777216 /*!80000 , information_schema_stats_expiry = 0 */",
        "SET SESSION TRANSACTION READ ONLY",
    ];

    internal override IsolationLevel Snapshot => IsolationLevel.Snapshot;

    internal override string Catalogs => "SELECT 'def'";

    // A name has no character 0, which so parts the names.
    internal override string Tables => $"""
        SELECT t.table_schema, t.table_name, GROUP_CONCAT(CONCAT(
            CASE WHEN c.data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'decimal', 'date', 'datetime', 'timestamp', 'time', 'year') THEN '{Plain}'
                 WHEN c.data_type IN ('float', 'double') THEN '{Inexact}' ELSE '{Hashed}' END,
            c.column_name) ORDER BY c.ordinal_position SEPARATOR '\0'), t.table_type,
            IF(SUM(c.column_key = 'PRI') = 1, MAX(CASE WHEN c.column_key = 'PRI' AND c.data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint') THEN c.column_name END), NULL), COALESCE(t.table_rows, 0)
        FROM information_schema.tables t JOIN information_schema.columns c ON c.table_schema = t.table_schema AND c.table_name = t.table_name
        WHERE t.table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND t.table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
        GROUP BY t.table_schema, t.table_name, t.table_type, t.table_rows
        ORDER BY BINARY t.table_schema, BINARY t.table_name
        """;

    // Every name is told with its database: so a login need not be let into the one that its secret names.
    internal override DbConnection Connection(DatabaseServer server, string? catalog)
    {
        var at = server.Login.MySql(server.Address, server.Port, server.CaFile);
        at.Database = "";
        return new MySqlConnection(at.ConnectionString);
    }

    internal override string Version(DbConnection connection) => connection.ServerVersion;

    internal override SqlTable Table(DbDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2).Split('\0'), row.IsDBNull(4) ? null : row.GetString(4), Convert.ToInt64(row.GetValue(5), CultureInfo.InvariantCulture));

    // The columns' texts have no comma, and none is 'N'. The sum of row hashes does not depend on the rows' order, and a duplicated or lost row changes it.
    // Without indexes it is the rows themselves that are read, and not an index that happens to have all columns.
    internal override string Sum(SqlTable table, RowBatch? batch) => $"""
        SELECT COUNT(*), CAST(COALESCE(SUM(CAST(CONV(LEFT(MD5(CONCAT_WS(',', {string.Join(", ", table.Columns.Select(Text))})), 16), 16, 10) AS UNSIGNED)), 0) AS CHAR)
        FROM {(batch is null ? $"{Rows(table)} USE INDEX ()" : $"({Rows(table, batch)}) AS t")}
        """;

    internal override string Ends(SqlTable table) => $"SELECT CAST(MIN({Quote(table.Key!)}) AS CHAR), CAST(MAX({Quote(table.Key!)}) AS CHAR) FROM {Rows(table)}";

    internal override IReadOnlyList<ObjectQuestion> Objects => MySqlObjects.MySql;

    internal override bool IsDenied(DbException error) => error is MySqlException { ErrorCode: MySqlErrorCode.TableAccessDenied or MySqlErrorCode.DatabaseAccessDenied };

    internal override string? LastSign(SqlTable table) => table is { Schema: "dbre", Name: "canary" } ? "SELECT MAX(written_at) FROM dbre.canary" : null;

    internal override string Checks => """
        SELECT CONCAT_WS('.', table_schema, table_name), CONCAT('CHECK TABLE `', REPLACE(table_schema, '`', '``'), '`.`', REPLACE(table_name, '`', '``'), '`') FROM information_schema.tables
        WHERE table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys')
        """;

    internal override string? Newest(SqlTable table, SchemaHistory history) =>
        history.Columns.Append(history.By).All(needed => table.Columns.Any(c => c[1..].Equals(needed, StringComparison.OrdinalIgnoreCase)))
            ? $"SELECT CONCAT_WS(' ', {string.Join(", ", history.Columns.Select(Quote))}) FROM {Named(table)} ORDER BY {Quote(history.By)} DESC LIMIT 1"
            : null;

    // Only MariaDB has a time limit for statements that write.
    internal override CanaryWords Canary { get; } = new(
        "SET SESSION lock_wait_timeout = 1, innodb_lock_wait_timeout = 1 /*M! , max_statement_time = 3 */",
        ["CREATE DATABASE IF NOT EXISTS dbre", "CREATE TABLE IF NOT EXISTS dbre.canary (written_at datetime(6) NOT NULL)"], "UTC_TIMESTAMP(6)");

    internal override string Name(string catalog, SqlTable table) => $"{table.Schema}.{table.Name}";

    private protected virtual string Rows(SqlTable table) => Named(table);

    private protected static string Named(SqlTable table) => $"{Quote(table.Schema)}.{Quote(table.Name)}";

    // A float's own text has six digits; as the double that it is, it has all.
    private static string Text(string column) => (column[0], Quote(column[1..])) switch
    {
        (Plain, var name) => $"IFNULL({name}, 'N')",
        (Inexact, var name) => $"IFNULL({name} + 0e0, 'N')",
        (_, var name) => $"IFNULL(MD5({name}), 'N')",
    };

    private static string Rows(SqlTable table, RowBatch batch) => batch.From is { } from
        ? FormattableString.Invariant($"SELECT * FROM {Named(table)} FORCE INDEX (PRIMARY) WHERE {Quote(batch.Key)} >= {from} ORDER BY {Quote(batch.Key)} LIMIT {batch.Rows}")
        : FormattableString.Invariant($"SELECT * FROM {Named(table)} FORCE INDEX (PRIMARY) ORDER BY {Quote(batch.Key)} DESC LIMIT {batch.Rows}");

    private static string Quote(string name) => $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
}

/// <summary>MariaDB: as MySQL, and the history of a system-versioned table belongs to it.</summary>
internal sealed class MariaDbDialect : MySqlDialect
{
    internal override SqlTable Table(DbDataReader row) => row.GetString(3) == "SYSTEM VERSIONED"
        // Its former rows have the keys of the current ones, and an index of their own.
        ? base.Table(row) with { WithHistory = true, Key = null }
        : base.Table(row);

    internal override IReadOnlyList<ObjectQuestion> Objects => MySqlObjects.MariaDb;

    private protected override string Rows(SqlTable table) => table.WithHistory ? $"{Named(table)} FOR SYSTEM_TIME ALL" : Named(table);
}
