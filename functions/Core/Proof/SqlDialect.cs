using System.Data;
using System.Data.Common;

namespace Dbre.Functions.Core.Proof;

/// <summary>Where a server is, who logs in, and which authorities its certificate is checked against.</summary>
public sealed record DatabaseServer(string Address, int Port, DatabaseLogin Login, string CaFile);

/// <summary>A table to measure.</summary>
/// <param name="Schema">What it is in, as the server names it.</param>
/// <param name="Columns">What a dialect that names columns needs of them; empty where a row is summed up as a whole.</param>
/// <param name="Key">Its primary key's only column when that is a whole number; null otherwise.</param>
/// <param name="AboutRows">How many rows the server takes it to have.</param>
/// <param name="WithHistory">It keeps former rows beside the current ones, and both are its content.</param>
internal sealed record SqlTable(string Schema, string Name, IReadOnlyList<string> Columns, string? Key, long AboutRows, bool WithHistory = false);

/// <summary>Asks for objects of a database: the kind, name and definition of each.</summary>
/// <param name="Of">What they are, in words.</param>
/// <param name="Writes">Its answers are the questions to ask, one a row.</param>
internal sealed record ObjectQuestion(string Of, string Sql, bool Writes = false);

/// <summary>What differs between database engines when they are measured: how to connect, and each question's SQL.</summary>
internal abstract class SqlDialect
{
    private static readonly Dictionary<string, SqlDialect> Dialects = new(StringComparer.Ordinal)
    {
        ["postgres"] = new PostgreSqlDialect(),
        ["aurora-postgresql"] = new PostgreSqlDialect(),
        ["mariadb"] = new MariaDbDialect(),
        ["mysql"] = new MySqlDialect(),
        ["aurora-mysql"] = new MySqlDialect(),
    };

    /// <summary>The engines that can be measured, as RDS names them.</summary>
    internal static IReadOnlyCollection<string> Engines => Dialects.Keys;

    /// <summary>Statements for a new session: rows must be written alike on both sides of a comparison, and nothing may be changed.</summary>
    internal abstract IReadOnlyList<string> Settings { get; }

    /// <summary>The isolation in which a transaction's reads all show one moment.</summary>
    internal abstract IsolationLevel Snapshot { get; }

    /// <summary>Names what has to be connected to, one after another, to reach every table of the server.</summary>
    internal abstract string Catalogs { get; }

    /// <summary>The tables of a catalog, in the order of their names; <see cref="Table"/> reads a row of it.</summary>
    internal abstract string Tables { get; }

    /// <exception cref="NotSupportedException">No dialect is known; names the engine.</exception>
    internal static SqlDialect Of(string engine) => Dialects.TryGetValue(engine, out var dialect)
        ? dialect
        : throw new NotSupportedException($"Databases of engine '{engine}' cannot be measured; those of {string.Join(", ", Dialects.Keys)} can.");

    /// <param name="catalog">Null for the login's own.</param>
    internal abstract DbConnection Connection(DatabaseServer server, string? catalog);

    internal abstract string Version(DbConnection connection);

    internal abstract SqlTable Table(DbDataReader row);

    /// <summary>A query for the number of rows and their checksum as text, a whole number that does not depend on the order of rows.</summary>
    /// <param name="batch">Of these rows only; null is all.</param>
    internal abstract string Sum(SqlTable table, RowBatch? batch);

    /// <summary>A query for the first and the last value of the table's key, as text; both are null when it has no rows.</summary>
    internal abstract string Ends(SqlTable table);

    /// <summary>
    /// A query for what can be looked through for damage that reading rows does not meet: the name of each, and the statement that does it. It fails, or
    /// its rows' third column says what kind of message the fourth is.
    /// </summary>
    internal abstract string Checks { get; }

    /// <summary>The error says that the data is damaged.</summary>
    internal virtual bool IsDamage(DbException error) => false;

    /// <summary>A query for the newest entry of a schema history as one text; null where it has not the columns.</summary>
    internal abstract string? Newest(SqlTable table, SchemaHistory history);

    /// <summary>What a catalog is made of besides rows.</summary>
    internal abstract IReadOnlyList<ObjectQuestion> Objects { get; }

    /// <summary>The login lacks a right that the statement needs, and the transaction goes on.</summary>
    internal virtual bool IsDenied(DbException error) => false;

    /// <summary>The newest moment in the canary table, as a query of one timestamp; null for any other table.</summary>
    internal virtual string? LastSign(SqlTable table) => null;

    /// <summary>What the canary needs.</summary>
    internal abstract CanaryWords Canary { get; }

    /// <summary>What a table is called in a measurement.</summary>
    internal abstract string Name(string catalog, SqlTable table);
}
