using System.Data;
using System.Data.Common;
using System.Globalization;

using Npgsql;

namespace Dbre.Functions.Core.Proof;

/// <summary>Measures a database server over SQL. The simulation has one of its own, whose databases are row counters.</summary>
public interface IDatabaseMeasurement
{
    /// <exception cref="DbException">The server cannot be reached or read; the message is the server's.</exception>
    Task<Measurement> Measure(string engine, string address, int port, DatabaseLogin login, CancellationToken stop);
}

/// <summary>Measures a PostgreSQL server: each of its databases in one read-only snapshot, rows counted and summed up where they are.</summary>
/// <param name="caFile">The certificates that the server's is checked against.</param>
public sealed class PostgreSqlMeasurement(string caFile, TimeProvider clock) : IDatabaseMeasurement
{
    // A row's text depends on these; both sides must write it alike.
    private const string Settings = """
        SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres'; SET TimeZone = 'UTC'; SET extra_float_digits = 1; SET bytea_output = 'hex';
        SET search_path = ''; SET row_security = off; SET default_transaction_read_only = on; SET lock_timeout = '10s';
        """;

    private const string Databases = "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate AND datname <> 'rdsadmin' ORDER BY datname";

    private const string Tables = """
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'm') AND c.relpersistence = 'p' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
        ORDER BY n.nspname, c.relname
        """;

    public async Task<Measurement> Measure(string engine, string address, int port, DatabaseLogin login, CancellationToken stop)
    {
        var server = login.PostgreSql(address, port, caFile);
        var tables = new List<TableMeasurement>();
        string version;
        List<string> databases;
        var connection = await Open(server, server.Database!, stop).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            version = connection.PostgreSqlVersion.ToString();
            databases = await Read(connection, null, Databases, r => r.GetString(0), stop).ConfigureAwait(false);
        }

        foreach (var database in databases)
        {
            await MeasureDatabase(server, database, tables, stop).ConfigureAwait(false);
        }

        return new Measurement(engine, version, clock.GetUtcNow(), tables);
    }

    private static async Task MeasureDatabase(NpgsqlConnectionStringBuilder server, string database, List<TableMeasurement> tables, CancellationToken stop)
    {
        var connection = await Open(server, database, stop).ConfigureAwait(false);
        await using var disposeConnection = connection.ConfigureAwait(false);
        var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, stop).ConfigureAwait(false);
        await using var disposeSnapshot = snapshot.ConfigureAwait(false);
        var names = await Read(connection, snapshot, Tables, r => (Schema: r.GetString(0), Table: r.GetString(1)), stop).ConfigureAwait(false);
        foreach (var (schema, table) in names)
        {
            // The sum of row hashes does not depend on the rows' order, and a duplicated or lost row changes it.
            var sql = $"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text FROM {Quote(schema)}.{Quote(table)} AS t";
            var measured = await Read(connection, snapshot, sql, r => (r.GetInt64(0), r.GetString(1)), stop).ConfigureAwait(false);
            tables.Add(new TableMeasurement($"{database}.{schema}.{table}", measured[0].Item1, measured[0].Item2));
        }
    }

    private static async Task<NpgsqlConnection> Open(NpgsqlConnectionStringBuilder server, string database, CancellationToken stop)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = database }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop).ConfigureAwait(false);
            var settings = new NpgsqlCommand(Settings, connection);
            await using var dispose = settings.ConfigureAwait(false);
            await settings.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<List<T>> Read<T>(NpgsqlConnection connection, NpgsqlTransaction? within, string sql, Func<DbDataReader, T> row, CancellationToken stop)
    {
        // Names from the catalog are quoted; nothing else is put into the text.
        var command = new NpgsqlCommand(sql, connection, within) { CommandTimeout = 0 };
        await using var disposeCommand = command.ConfigureAwait(false);
        var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await using var disposeReader = reader.ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop).ConfigureAwait(false))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private static string Quote(string name) => string.Create(CultureInfo.InvariantCulture, $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"");
}
