using System.Data.Common;

namespace Dbre.Functions.Core.Proof;

/// <summary>Leaves a sign of life in a database. The simulation has one of its own, whose databases are row counters.</summary>
public interface ICanary
{
    /// <param name="engine">As RDS names it: <c>postgres</c>.</param>
    /// <param name="login">May write to <c>dbre.canary</c>, and make it where it is lacking.</param>
    /// <exception cref="DbException">The server cannot be reached or written to; the message is the server's.</exception>
    Task Write(string engine, string address, int port, DatabaseLogin login, CancellationToken stop);
}

/// <summary>
/// The table <c>dbre.canary</c> with one row, whose <c>written_at</c> is the server's own time of the last sign of life: in a restored database it
/// says up to when the data is there. Clients are not held up by it: it gives up after seconds, and waits for no lock.
/// </summary>
/// <param name="caFile">The certificates that the server's is checked against.</param>
public sealed class Canary(string caFile) : ICanary
{
    /// <summary>Whether a table of a measurement is a canary: it changes all the time, and is not what the database is for.</summary>
    public static bool IsCanary(string table) => table == Table || table.EndsWith("." + Table, StringComparison.Ordinal);

    private const string Table = "dbre.canary";

    // The same words in every dialect; an owner sees its own tables there.
    private const string IsThere = "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'dbre' AND table_name = 'canary'";

    public async Task Write(string engine, string address, int port, DatabaseLogin login, CancellationToken stop)
    {
        var dialect = SqlDialect.Of(engine);
        var connection = dialect.Connection(new DatabaseServer(address, port, login, caFile), null);
        await using var dispose = connection.ConfigureAwait(false);
        await connection.OpenAsync(stop).ConfigureAwait(false);
        await Do(connection, dialect.Canary.Patience, stop).ConfigureAwait(false);
        if (Convert.ToInt64(await Ask(connection, IsThere, stop).ConfigureAwait(false), System.Globalization.CultureInfo.InvariantCulture) == 0)
        {
            foreach (var statement in dialect.Canary.Make)
            {
                await Do(connection, statement, stop).ConfigureAwait(false);
            }
        }

        if (await Do(connection, $"UPDATE {Table} SET written_at = {dialect.Canary.Now}", stop).ConfigureAwait(false) == 0)
        {
            await Do(connection, $"INSERT INTO {Table} (written_at) VALUES ({dialect.Canary.Now})", stop).ConfigureAwait(false);
        }
    }

    private static async Task<int> Do(DbConnection connection, string sql, CancellationToken stop)
    {
        var command = Command(connection, sql);
        await using var dispose = command.ConfigureAwait(false);
        return await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
    }

    private static async Task<object?> Ask(DbConnection connection, string sql, CancellationToken stop)
    {
        var command = Command(connection, sql);
        await using var dispose = command.ConfigureAwait(false);
        return await command.ExecuteScalarAsync(stop).ConfigureAwait(false);
    }

    private static DbCommand Command(DbConnection connection, string sql)
    {
        // Nothing but the dialects' own words is in the text.
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}

/// <summary>How a dialect says what the canary needs.</summary>
/// <param name="Patience">For a session: it waits for no lock longer than a second, and gives up after three.</param>
/// <param name="Make">Makes the schema and the table.</param>
/// <param name="Now">The server's time in UTC.</param>
internal sealed record CanaryWords(string Patience, IReadOnlyList<string> Make, string Now);
