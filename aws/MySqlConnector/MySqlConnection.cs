using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MySqlConnector;

/// <summary>A session with a MySQL or MariaDB server: over TLS, with the server's certificate and name checked. There is no pool.</summary>
public sealed class MySqlConnection : DbConnection
{
    // How long the server may take to end a query that was cancelled; then the connection is cut.
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);

    private MySqlConnectionStringBuilder options;
    private Session? session;
    private bool broken;

    public MySqlConnection()
        : this("")
    {
    }

    public MySqlConnection(string connectionString) => options = new MySqlConnectionStringBuilder(connectionString);

    [AllowNull]
    public override string ConnectionString
    {
        get => options.ConnectionString;
        set => options = State == ConnectionState.Closed
            ? new MySqlConnectionStringBuilder(value ?? "")
            : throw new InvalidOperationException("The connection string cannot be changed while the connection is open.");
    }

    public override string Database => options.Database;

    public override string DataSource => options.Server;

    public override int ConnectionTimeout => (int)options.ConnectionTimeout;

    public override string ServerVersion => Live.ServerVersion;

    /// <summary>The number of this connection at the server.</summary>
    public int ServerThread => (int)Live.ThreadId;

    public override ConnectionState State => session is null ? ConnectionState.Closed : broken ? ConnectionState.Broken : ConnectionState.Open;

    internal int DefaultCommandTimeout => (int)options.DefaultCommandTimeout;

    internal MySqlTransaction? CurrentTransaction { get; set; }

    internal MySqlDataReader? ActiveReader { get; set; }

    /// <exception cref="InvalidOperationException">It is not open.</exception>
    internal Session Live => session is { } open && !broken ? open : throw new InvalidOperationException($"The connection is {State}, and not open.");

    public override void Open() => OpenAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override async Task OpenAsync(CancellationToken cancellationToken)
    {
        if (session is not null)
        {
            throw new InvalidOperationException("The connection is open already.");
        }

        RequireVerified();
        session = await Connect(options, cancellationToken).ConfigureAwait(false);
        broken = false;
    }

    public override void Close()
    {
        CurrentTransaction?.Forget();
        ActiveReader?.Abandon();
        session?.Dispose();
        session = null;
    }

    public new MySqlTransaction BeginTransaction() => BeginTransaction(IsolationLevel.Unspecified, isReadOnly: false);

    public new MySqlTransaction BeginTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel, isReadOnly: false);

    public MySqlTransaction BeginTransaction(IsolationLevel isolationLevel, bool isReadOnly) =>
        BeginTransactionAsync(isolationLevel, isReadOnly).AsTask().GetAwaiter().GetResult();

    public new ValueTask<MySqlTransaction> BeginTransactionAsync(CancellationToken cancellationToken = default) =>
        BeginTransactionAsync(IsolationLevel.Unspecified, isReadOnly: false, cancellationToken);

    public new ValueTask<MySqlTransaction> BeginTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken = default) =>
        BeginTransactionAsync(isolationLevel, isReadOnly: false, cancellationToken);

    /// <param name="isolationLevel"><see cref="IsolationLevel.Snapshot"/> is repeatable read, with the moment that is read fixed at once.</param>
    public async ValueTask<MySqlTransaction> BeginTransactionAsync(IsolationLevel isolationLevel, bool isReadOnly, CancellationToken cancellationToken = default)
    {
        if (CurrentTransaction is not null)
        {
            throw new InvalidOperationException("A transaction is open already on this connection; they do not nest.");
        }

        var level = isolationLevel switch
        {
            IsolationLevel.Unspecified or IsolationLevel.RepeatableRead or IsolationLevel.Snapshot => "REPEATABLE READ",
            IsolationLevel.ReadUncommitted => "READ UNCOMMITTED",
            IsolationLevel.ReadCommitted => "READ COMMITTED",
            IsolationLevel.Serializable => "SERIALIZABLE",
            _ => throw new NotSupportedException($"The isolation level {isolationLevel} is not supported."),
        };
        var how = (isolationLevel == IsolationLevel.Snapshot, isReadOnly) switch
        {
            (true, true) => " WITH CONSISTENT SNAPSHOT, READ ONLY",
            (true, false) => " WITH CONSISTENT SNAPSHOT",
            (false, true) => " READ ONLY",
            _ => "",
        };
        await Run($"SET TRANSACTION ISOLATION LEVEL {level}", cancellationToken).ConfigureAwait(false);
        await Run("START TRANSACTION" + how, cancellationToken).ConfigureAwait(false);
        return CurrentTransaction = new MySqlTransaction(this, isolationLevel == IsolationLevel.Unspecified ? IsolationLevel.RepeatableRead : isolationLevel);
    }

    public new MySqlCommand CreateCommand() => new("", this, CurrentTransaction);

    /// <exception cref="NotSupportedException">Always: open a connection to the other database.</exception>
    public override void ChangeDatabase(string databaseName) => throw new NotSupportedException("ChangeDatabase is not supported: open a connection to the other database.");

    internal Task Run(string sql, CancellationToken stop)
    {
        RequireNoReader();
        return Bounded(s => s.Run(sql), DefaultCommandTimeout, stop);
    }

    internal void RequireNoReader()
    {
        if (ActiveReader is not null)
        {
            throw new InvalidOperationException("A data reader is open on this connection; close it first.");
        }
    }

    /// <summary>
    /// Makes a blocking call elsewhere. When it takes too long or is cancelled, the query is killed over a second connection, as the server ends
    /// a query only so; when that does not help, the socket is cut and this connection is broken.
    /// </summary>
    /// <param name="seconds">0 is no limit.</param>
    internal async Task<T> Bounded<T>(Func<Session, T> call, int seconds, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var live = Live;
        using var limit = seconds == 0 ? new CancellationTokenSource() : new CancellationTokenSource(TimeSpan.FromSeconds(seconds), TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var running = Task.Run(
            () =>
            {
                var result = call(live);
                GC.KeepAlive(live);
                return result;
            },
            CancellationToken.None);
        try
        {
            return await running.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!running.IsCompleted)
        {
            var (ended, result, error) = await Ended(running, live).ConfigureAwait(false);
            if (ended)
            {
                // It had come to its end before the server was told.
                return result;
            }

            stop.ThrowIfCancellationRequested();
            throw new MySqlException((int)MySqlErrorCode.CommandTimeoutExpired, "HYT00", $"The command did not end within its time-out of {seconds} seconds.", error ?? e);
        }
        catch (MySqlException e) when (IsLost(e))
        {
            broken = true;
            throw;
        }
    }

    protected override DbTransaction BeginDbTransaction(IsolationLevel isolationLevel) => BeginTransaction(isolationLevel);

    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken) =>
        await BeginTransactionAsync(isolationLevel, isReadOnly: false, cancellationToken).ConfigureAwait(false);

    protected override DbCommand CreateDbCommand() => CreateCommand();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Close();
        }

        base.Dispose(disposing);
    }

    private static bool IsLost(MySqlException e) => e.Number is 2006 or 2013 or 2055 or 1927;

    private static async Task<Session> Connect(MySqlConnectionStringBuilder to, CancellationToken stop)
    {
        // Some waits of the library's handshake have no limit of their own; one that is given up is closed when it comes back.
        var limit = TimeSpan.FromSeconds(to.ConnectionTimeout == 0 ? 3600 : to.ConnectionTimeout);
        var connecting = Task.Run(() => Session.Open(to), stop);
        try
        {
            return await connecting.WaitAsync(limit, TimeProvider.System, stop).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !connecting.IsCompleted)
        {
            _ = connecting.ContinueWith(late => (late.IsCompletedSuccessfully ? late.Result : null)?.Dispose(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            stop.ThrowIfCancellationRequested();
            throw new MySqlException((int)MySqlErrorCode.UnableToConnectToHost, "08001", $"{to.Server}:{to.Port} did not answer within {to.ConnectionTimeout} seconds.", e);
        }
    }

    // Ends a call that is under way; says whether it came to its end by itself.
    private async Task<(bool Ended, T Result, Exception? Error)> Ended<T>(Task<T> running, Session live)
    {
        await Kill(live).ConfigureAwait(false);
        try
        {
            await running.WaitAsync(KillLimit, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            broken = true;
            live.Abort();
        }
        catch (Exception)
        {
            // The call's own error: read below.
        }

        try
        {
            var result = await running.ConfigureAwait(false);

            // The kill may have come after the end of the query: this takes it, so that it does not hit the next one.
            await Task.Run(() => Soak(live)).ConfigureAwait(false);
            return (true, result, null);
        }
        catch (MySqlException e)
        {
            broken |= IsLost(e);
            return (false, default!, e);
        }
    }

    private static void Soak(Session live)
    {
        try
        {
            live.Run("DO SLEEP(0)");
        }
        catch (MySqlException)
        {
            // Taken; or rows are still to be read, and then the kill ends those.
        }
    }

    private async Task Kill(Session live)
    {
        try
        {
            using var second = await Connect(options, CancellationToken.None).ConfigureAwait(false);
            var statement = string.Create(CultureInfo.InvariantCulture, $"KILL QUERY {live.ThreadId}");
            await Task.Run(() => second.Run(statement)).WaitAsync(KillLimit, TimeProvider.System).ConfigureAwait(false);
        }
        catch (Exception e) when (e is MySqlException or TimeoutException)
        {
            // No second connection can be had: the first is cut.
            broken = true;
            live.Abort();
        }
    }

    private void RequireVerified()
    {
        if (options.SslMode != MySqlSslMode.VerifyFull)
        {
            throw new NotSupportedException($"SSL Mode {options.SslMode} is not supported: this driver connects with {nameof(MySqlSslMode.VerifyFull)} only.");
        }

        if (!File.Exists(options.SslCa))
        {
            throw new NotSupportedException($"SSL CA '{options.SslCa}' is no file: the authorities to trust must be given as one.");
        }
    }
}
