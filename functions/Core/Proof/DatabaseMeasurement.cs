using System.Data.Common;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;

namespace Dbre.Functions.Core.Proof;

/// <summary>Measures a database server over SQL. The simulation has one of its own, whose databases are row counters.</summary>
public interface IDatabaseMeasurement
{
    /// <param name="engine">As RDS names it: <c>postgres</c>.</param>
    /// <exception cref="DbException">The server cannot be reached or read; the message is the server's.</exception>
    /// <exception cref="NotSupportedException">There is no way to measure this engine; the message names it.</exception>
    Task<Measurement> Measure(string engine, string address, int port, DatabaseLogin login, CancellationToken stop);

    /// <summary>Measures a copy as its source was measured.</summary>
    /// <param name="sampled">Tables of which only samples are read, and no others; null decides by how large each is.</param>
    Task<Measurement> MeasureAlike(IReadOnlyCollection<string>? sampled, string engine, string address, int port, DatabaseLogin login, CancellationToken stop) =>
        Measure(engine, address, port, login, stop);

    /// <summary>
    /// Looks through every table for damage that reading its rows does not meet, where the engine can. Of a restored copy only: it reads much,
    /// and a server that meets damage may end itself.
    /// </summary>
    /// <exception cref="InvalidDataException">A table is damaged; the message names it and is the server's.</exception>
    Task Check(string engine, string address, int port, DatabaseLogin login, CancellationToken stop) => Task.CompletedTask;
}

/// <summary>Measures a real server: rows are counted and summed up where they are, in read-only snapshots. How each engine says that is its dialect's.</summary>
/// <param name="caFile">The certificates that the server's is checked against.</param>
/// <param name="sampling">What is too large to be read in full; null is <see cref="Sampling.InForce"/>.</param>
public sealed class DatabaseMeasurement(string caFile, TimeProvider clock, Sampling? sampling = null) : IDatabaseMeasurement
{
    private readonly Sampling rule = sampling ?? Sampling.InForce;

    /// <summary>The engines that can be measured, as RDS names them.</summary>
    public static IReadOnlyCollection<string> Engines => SqlDialect.Engines;

    private const int LongestDefinition = 200;

    public Task<Measurement> Measure(string engine, string address, int port, DatabaseLogin login, CancellationToken stop) => MeasureAlike(null, engine, address, port, login, stop);

    public async Task<Measurement> MeasureAlike(IReadOnlyCollection<string>? sampled, string engine, string address, int port, DatabaseLogin login, CancellationToken stop)
    {
        var dialect = SqlDialect.Of(engine);
        var server = new DatabaseServer(address, port, login, caFile);
        var tables = new List<TableMeasurement>();
        var objects = new List<SchemaObject>();
        DateTimeOffset? canary = null;
        string version;
        List<string> catalogs;
        var connection = await Open(dialect, server, null, stop).ConfigureAwait(false);
        await using (connection.ConfigureAwait(false))
        {
            version = dialect.Version(connection);
            catalogs = await Read(connection, null, dialect.Catalogs, r => r.GetString(0), stop).ConfigureAwait(false);
        }

        foreach (var catalog in catalogs)
        {
            canary = await MeasureCatalog(dialect, server, catalog, sampled, tables, objects, stop).ConfigureAwait(false) ?? canary;
        }

        var (unread, warnings) = (Told(objects, SchemaObject.Unread), Told(objects, SchemaObject.Warning));
        var made = objects.Where(o => o.Kind is not (SchemaObject.Unread or SchemaObject.Warning)).DistinctBy(o => (o.Kind, o.Name));
        return new Measurement(engine, version, clock.GetUtcNow(), tables, canary, [.. made], unread, warnings);
    }

    public async Task Check(string engine, string address, int port, DatabaseLogin login, CancellationToken stop)
    {
        var dialect = SqlDialect.Of(engine);
        var server = new DatabaseServer(address, port, login, caFile);
        foreach (var catalog in await Catalogs(dialect, server, stop).ConfigureAwait(false))
        {
            var connection = await Open(dialect, server, catalog, stop).ConfigureAwait(false);
            await using var dispose = connection.ConfigureAwait(false);
            foreach (var (name, statement) in await Read(connection, null, dialect.Checks, r => (r.GetString(0), r.GetString(1)), stop).ConfigureAwait(false))
            {
                if (await Damage(dialect, connection, statement, stop).ConfigureAwait(false) is { } damage)
                {
                    throw new InvalidDataException($"{name} is damaged: {damage}");
                }
            }
        }
    }

    private static async Task<string?> Damage(SqlDialect dialect, DbConnection connection, string statement, CancellationToken stop)
    {
        try
        {
            var said = await Read(connection, null, statement, r => r.FieldCount > 3 ? (Kind: r.GetString(2), Text: r.GetString(3)) : default, stop).ConfigureAwait(false);
            return said.Find(m => m.Kind is "error" or "Error" or "status" && m.Text != "OK").Text;
        }
        catch (DbException damage) when (dialect.IsDamage(damage))
        {
            return damage.Message;
        }
    }

    private static async Task<List<string>> Catalogs(SqlDialect dialect, DatabaseServer server, CancellationToken stop)
    {
        var connection = await Open(dialect, server, null, stop).ConfigureAwait(false);
        await using var dispose = connection.ConfigureAwait(false);
        return await Read(connection, null, dialect.Catalogs, r => r.GetString(0), stop).ConfigureAwait(false);
    }

    private static List<string>? Told(List<SchemaObject> objects, string kind) =>
        objects.Where(o => o.Kind == kind).Select(o => o.Name).Distinct().ToList() is { Count: > 0 } told ? told : null;

    /// <returns>The newest moment in its canary table, if it has one.</returns>
    private async Task<DateTimeOffset?> MeasureCatalog(
        SqlDialect dialect, DatabaseServer server, string catalog, IReadOnlyCollection<string>? sampled, List<TableMeasurement> tables, List<SchemaObject> objects, CancellationToken stop)
    {
        var connection = await Open(dialect, server, catalog, stop).ConfigureAwait(false);
        await using var disposeConnection = connection.ConfigureAwait(false);
        var snapshot = await connection.BeginTransactionAsync(dialect.Snapshot, stop).ConfigureAwait(false);
        await using var disposeSnapshot = snapshot.ConfigureAwait(false);
        var found = await Read(connection, snapshot, dialect.Tables, dialect.Table, stop).ConfigureAwait(false);
        DateTime? canary = null;
        foreach (var table in found)
        {
            tables.Add(await MeasureTable(dialect, connection, snapshot, dialect.Name(catalog, table), table, sampled, stop).ConfigureAwait(false));
            if (dialect.LastSign(table) is { } question)
            {
                canary = (await Read(connection, snapshot, question, r => r.IsDBNull(0) ? (DateTime?)null : r.GetDateTime(0), stop).ConfigureAwait(false))[0];
            }
        }

        foreach (var (table, history) in found.Select(t => (t, SchemaHistory.Of(t))))
        {
            if (history is not null && dialect.Newest(table, history) is { } newest)
            {
                var entry = await Read(connection, snapshot, newest, r => r.GetString(0), stop).ConfigureAwait(false);
                objects.Add(new SchemaObject(SchemaObject.Migration, dialect.Name(catalog, table), entry is [var one] ? one : "none"));
            }
        }

        foreach (var question in dialect.Objects)
        {
            objects.AddRange(await ReadObjects(dialect, connection, snapshot, question, stop).ConfigureAwait(false));
        }

        return canary is { } moment ? new DateTimeOffset(DateTime.SpecifyKind(moment, DateTimeKind.Utc)) : null;
    }

    /// <summary>One table, in one statement; or in a bounded one for each batch of a sample.</summary>
    private async Task<TableMeasurement> MeasureTable(
        SqlDialect dialect, DbConnection connection, DbTransaction snapshot, string name, SqlTable table, IReadOnlyCollection<string>? sampled, CancellationToken stop)
    {
        var batches = table.Key is { } key && (sampled?.Contains(name) ?? table.AboutRows > rule.MostRows)
            ? await Batches(dialect, connection, snapshot, table, key, stop).ConfigureAwait(false)
            : null;
        var (rows, checksum) = (0L, BigInteger.Zero);
        foreach (var batch in batches ?? [null])
        {
            var (some, sum) = (await Read(connection, snapshot, dialect.Sum(table, batch), r => (r.GetInt64(0), r.GetString(1)), stop).ConfigureAwait(false))[0];
            (rows, checksum) = (rows + some, checksum + BigInteger.Parse(sum, CultureInfo.InvariantCulture));
        }

        return new TableMeasurement(name, rows, checksum.ToString(CultureInfo.InvariantCulture), Sampled: batches is not null);
    }

    private async Task<List<RowBatch?>> Batches(SqlDialect dialect, DbConnection connection, DbTransaction snapshot, SqlTable table, string key, CancellationToken stop)
    {
        var (first, last) = (await Read(connection, snapshot, dialect.Ends(table), r => r.IsDBNull(0) ? ("0", "0") : (r.GetString(0), r.GetString(1)), stop).ConfigureAwait(false))[0];
        return [.. rule.Of(key, Int128.Parse(first, CultureInfo.InvariantCulture), Int128.Parse(last, CultureInfo.InvariantCulture))];
    }

    private static async Task<List<SchemaObject>> ReadObjects(SqlDialect dialect, DbConnection connection, DbTransaction snapshot, ObjectQuestion question, CancellationToken stop)
    {
        try
        {
            var found = new List<SchemaObject>();
            foreach (var sql in question.Writes ? await Read(connection, snapshot, question.Sql, r => r.GetString(0), stop).ConfigureAwait(false) : [question.Sql])
            {
                found.AddRange(await Read(connection, snapshot, sql, r => new SchemaObject(r.GetString(0), r.GetString(1), Short(r.GetString(2))), stop).ConfigureAwait(false));
            }

            return found;
        }
        catch (DbException denied) when (dialect.IsDenied(denied))
        {
            return [new SchemaObject(SchemaObject.Unread, $"{question.Of} ({denied.Message})", "")];
        }
    }

    private static string Short(string definition) =>
        definition.Length > LongestDefinition ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(definition)))[..32] : definition;

    private static async Task<DbConnection> Open(SqlDialect dialect, DatabaseServer server, string? catalog, CancellationToken stop)
    {
        var connection = dialect.Connection(server, catalog);
        try
        {
            await connection.OpenAsync(stop).ConfigureAwait(false);
            foreach (var setting in dialect.Settings)
            {
                var command = Command(connection, null, setting);
                await using var dispose = command.ConfigureAwait(false);
                await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async Task<List<T>> Read<T>(DbConnection connection, DbTransaction? within, string sql, Func<DbDataReader, T> row, CancellationToken stop)
    {
        var command = Command(connection, within, sql);
        await using var disposeCommand = command.ConfigureAwait(false);
        command.CommandTimeout = 0;
        var reader = await command.ExecuteReaderAsync(stop).ConfigureAwait(false);
        await using var disposeReader = reader.ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop).ConfigureAwait(false))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    private static DbCommand Command(DbConnection connection, DbTransaction? within, string sql)
    {
        // Names from the server's catalog are quoted by the dialect; nothing else is put into the text.
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = within;
        return command;
    }
}
