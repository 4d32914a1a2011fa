using System.Data;
using System.Data.Common;

namespace MySqlConnector;

/// <summary>A transaction; disposing it without a commit rolls it back.</summary>
public sealed class MySqlTransaction : DbTransaction
{
    private MySqlConnection? connection;

    internal MySqlTransaction(MySqlConnection connection, IsolationLevel level) => (this.connection, IsolationLevel) = (connection, level);

    public new MySqlConnection? Connection => connection;

    public override IsolationLevel IsolationLevel { get; }

    protected override DbConnection? DbConnection => connection;

    public override void Commit() => CommitAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override Task CommitAsync(CancellationToken cancellationToken = default) => End("COMMIT", cancellationToken);

    public override void Rollback() => RollbackAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override Task RollbackAsync(CancellationToken cancellationToken = default) => End("ROLLBACK", cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        if (connection is { State: ConnectionState.Open, ActiveReader: null })
        {
            await RollbackAsync().ConfigureAwait(false);
        }

        Forget();
    }

    internal void Forget()
    {
        if (connection is { } open && open.CurrentTransaction == this)
        {
            open.CurrentTransaction = null;
        }

        connection = null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
        else
        {
            base.Dispose(disposing);
        }
    }

    private async Task End(string how, CancellationToken stop)
    {
        var open = connection ?? throw new InvalidOperationException("The transaction has ended already.");
        await open.Run(how, stop).ConfigureAwait(false);
        Forget();
    }
}
