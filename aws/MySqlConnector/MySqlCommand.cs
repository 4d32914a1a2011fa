using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;

namespace MySqlConnector;

/// <summary>A statement. It is prepared at the server, and its parameters are sent beside it: never in its text.</summary>
public sealed class MySqlCommand : DbCommand
{
    private int? timeout;
    private CancellationTokenSource? running;

    public MySqlCommand()
        : this("")
    {
    }

    public MySqlCommand(string commandText, MySqlConnection? connection = null, MySqlTransaction? transaction = null) =>
        (CommandText, Connection, Transaction) = (commandText, connection, transaction);

    [AllowNull]
    public override string CommandText { get; set; }

    /// <summary>Seconds; 0 is none. The connection's default when it is not set.</summary>
    public override int CommandTimeout { get => timeout ?? Connection?.DefaultCommandTimeout ?? 30; set => timeout = value; }

    public override CommandType CommandType
    {
        get => CommandType.Text;
        set
        {
            if (value != CommandType.Text)
            {
                throw new NotSupportedException($"Commands of type {value} are not supported; write the statement.");
            }
        }
    }

    public new MySqlConnection? Connection { get; set; }

    public new MySqlParameterCollection Parameters { get; } = new();

    public new MySqlTransaction? Transaction { get; set; }

    public override bool DesignTimeVisible { get; set; }

    public override UpdateRowSource UpdatedRowSource { get; set; }

    /// <summary>The value that the last insert gave an AUTO_INCREMENT column.</summary>
    public long LastInsertedId { get; private set; }

    protected override DbConnection? DbConnection { get => Connection; set => Connection = (MySqlConnection?)value; }

    protected override DbParameterCollection DbParameterCollection => Parameters;

    protected override DbTransaction? DbTransaction { get => Transaction; set => Transaction = (MySqlTransaction?)value; }

    /// <summary>Ends the execution that is under way, if one is.</summary>
    public override void Cancel() => running?.Cancel();

    /// <summary>Nothing to do: every execution prepares.</summary>
    public override void Prepare()
    {
    }

    public override int ExecuteNonQuery() => ExecuteNonQueryAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override async Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken)
    {
        var reader = await ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return reader.RecordsAffected;
        }
    }

    public override object? ExecuteScalar() => ExecuteScalarAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override async Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken)
    {
        var reader = await ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? reader.GetValue(0) : null;
        }
    }

    public new MySqlDataReader ExecuteReader() => ExecuteReaderAsync(CancellationToken.None).GetAwaiter().GetResult();

    public new Task<MySqlDataReader> ExecuteReaderAsync(CancellationToken cancellationToken = default) => Execute(CommandBehavior.Default, cancellationToken);

    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Execute(behavior, CancellationToken.None).GetAwaiter().GetResult();

    protected override async Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        await Execute(behavior, cancellationToken).ConfigureAwait(false);

    protected override DbParameter CreateDbParameter() => new MySqlParameter();

    private async Task<MySqlDataReader> Execute(CommandBehavior behavior, CancellationToken stop)
    {
        var connection = Connection ?? throw new InvalidOperationException("The command has no connection.");
        if (behavior is not (CommandBehavior.Default or CommandBehavior.SequentialAccess or CommandBehavior.CloseConnection or CommandBehavior.SingleResult))
        {
            throw new NotSupportedException($"The command behavior {behavior} is not supported.");
        }

        if (Transaction != connection.CurrentTransaction)
        {
            throw new InvalidOperationException("The connection has a transaction open, and the command's Transaction is not that one.");
        }

        connection.RequireNoReader();
        var (sql, values) = Placeholders.Bind(CommandText, Parameters);
        var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop);
        running = cancel;
        try
        {
            var statement = await connection.Bounded(session => Statement.Execute(session, sql, values), CommandTimeout, cancel.Token).ConfigureAwait(false);
            LastInsertedId = statement.LastInsertedId;
            return connection.ActiveReader = new MySqlDataReader(connection, statement, CommandTimeout, behavior == CommandBehavior.CloseConnection, cancel);
        }
        catch
        {
            running = null;
            cancel.Dispose();
            throw;
        }
    }
}
