using System.Data;
using System.Data.Common;

using Npgsql;

namespace Dbre.Functions.Core.Proof;

/// <summary>PostgreSQL and Aurora PostgreSQL: each database is connected to on its own.</summary>
internal sealed class PostgreSqlDialect : SqlDialect
{
    // A row's text depends on these.
    internal override IReadOnlyList<string> Settings { get; } =
    [
        """
        SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex';
        SET search_path = ''; SET row_security = off; SET default_transaction_read_only = on; SET lock_timeout = '10s';
        """,
    ];

    internal override IsolationLevel Snapshot => IsolationLevel.RepeatableRead;

    internal override string Catalogs => "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'rdsadmin' ORDER BY datname";

    internal override string Tables => """
        SELECT n.nspname, c.relname,
            (SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
             WHERE i.indrelid = c.oid AND i.indisprimary AND i.indnkeyatts = 1 AND a.atttypid IN ('int2'::regtype, 'int4'::regtype, 'int8'::regtype)),
            c.reltuples::bigint
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        ORDER BY n.nspname, c.relname
        """;

    internal override DbConnection Connection(DatabaseServer server, string? catalog)
    {
        var at = server.Login.PostgreSql(server.Address, server.Port, server.CaFile);
        at.Database = catalog ?? at.Database;
        return new NpgsqlConnection(at.ConnectionString);
    }

    internal override string Version(DbConnection connection) => ((NpgsqlConnection)connection).PostgreSqlVersion.ToString();

    internal override SqlTable Table(DbDataReader row) => new(row.GetString(0), row.GetString(1), [], row.IsDBNull(2) ? null : row.GetString(2), row.GetInt64(3));

    // The sum of row hashes does not depend on the rows' order, and a duplicated or lost row changes it.
    internal override string Sum(SqlTable table, RowBatch? batch) =>
        $"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {(batch is null ? Named(table) : $"({Rows(table, batch)})")} AS t";

    internal override string Ends(SqlTable table) =>
        $"SELECT min(t.{Quote(table.Key!)})::text, max(t.{Quote(table.Key!)})::text FROM {Named(table)} AS t";

    internal override IReadOnlyList<ObjectQuestion> Objects { get; } = [new("objects", PostgreSqlObjects.Query), new("health", PostgreSqlObjects.Health)];

    // Only where amcheck is, and the login may: nothing is installed for a proof.
    internal override string Checks => """
        SELECT format('%s.%I.%I', current_database(), n.nspname, c.relname), format('SELECT %s(%s::regclass)', p.oid::regproc, c.oid)
        FROM pg_extension x JOIN pg_proc p ON p.pronamespace = x.extnamespace AND p.proname = 'bt_index_check' AND p.pronargs = 1
            CROSS JOIN pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_am a ON a.oid = c.relam
        WHERE x.extname = 'amcheck' AND has_function_privilege(p.oid, 'EXECUTE') AND a.amname = 'btree' AND c.relkind = 'i' AND c.relpersistence = 'p' AND i.indisvalid AND i.indisready
        ORDER BY 1
        """;

    internal override bool IsDamage(DbException error) => error.SqlState is PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted;

    // A table that only is called so has other columns, and an error would end the transaction; an absent field of a JSON object is none.
    internal override string Newest(SqlTable table, SchemaHistory history) => $"""
        SELECT concat_ws(' ', {string.Join(", ", history.Columns.Select(c => $"to_jsonb(t) ->> '{c}'"))}) FROM {Named(table)} AS t
        ORDER BY to_jsonb(t) -> '{history.By}' DESC NULLS LAST LIMIT 1
        """;

    internal override string? LastSign(SqlTable table) => table is { Schema: "dbre", Name: "canary" } ? "SELECT max(written_at) FROM dbre.canary" : null;

    internal override CanaryWords Canary { get; } = new(
        "SET lock_timeout = '1s'; SET statement_timeout = '3s'",
        ["CREATE SCHEMA IF NOT EXISTS dbre", "CREATE TABLE IF NOT EXISTS dbre.canary (written_at timestamptz NOT NULL)"], "clock_timestamp()");

    internal override string Name(string catalog, SqlTable table) => $"{catalog}.{table.Schema}.{table.Name}";

    private static string Rows(SqlTable table, RowBatch batch) => batch.From is { } from
        ? FormattableString.Invariant($"SELECT r.* FROM {Named(table)} AS r WHERE r.{Quote(batch.Key)} >= {from} ORDER BY r.{Quote(batch.Key)} LIMIT {batch.Rows}")
        : FormattableString.Invariant($"SELECT r.* FROM {Named(table)} AS r ORDER BY r.{Quote(batch.Key)} DESC LIMIT {batch.Rows}");

    private static string Named(SqlTable table) => $"{Quote(table.Schema)}.{Quote(table.Name)}";

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
