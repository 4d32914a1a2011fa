using System.Data.Common;

namespace Dbre.Cli.Drill;

/// <summary>
/// A client that writes all the time through one endpoint, as an application would: a row and a sign of life each time, acknowledged by the
/// database. It connects anew when its connection ends, and knows how long it was without a database.
/// </summary>
internal sealed class WriteLoad(LoadedDatabase database, TimeProvider clock) : IAsyncDisposable
{
    private const int Patience = 2;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource end = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private Task work = Task.CompletedTask;
    private long written;
    private DateTimeOffset? last;

    /// <summary>Rows that the database acknowledged.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>The longest time between two acknowledged writes since <see cref="Forget"/>.</summary>
    public TimeSpan LongestGap { get; private set; }

    public void Begin() => work = Task.Run(() => Write(end.Token));

    /// <summary>Lets nothing be written until the result is disposed of: what is there then is known.</summary>
    public async Task<IDisposable> Still(CancellationToken stop)
    {
        await turn.WaitAsync(stop).ConfigureAwait(false);
        return new Turn(turn, () => last = null);
    }

    /// <summary>Counts gaps from now on.</summary>
    public void Forget() => (LongestGap, last) = (TimeSpan.Zero, null);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync().ConfigureAwait(false);
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        end.Dispose();
        turn.Dispose();
    }

    private async Task Write(CancellationToken stop)
    {
        DbConnection? connection = null;
        try
        {
            while (!stop.IsCancellationRequested)
            {
                await turn.WaitAsync(stop).ConfigureAwait(false);
                try
                {
                    connection ??= await database.Open(stop, Patience).ConfigureAwait(false);
                    await WriteOne(connection, stop).ConfigureAwait(false);
                    Acknowledged();
                }
                catch (DbException)
                {
                    // The database went away, or is read-only for a moment: the gap is what is measured.
                    await (connection?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
                    connection = null;
                }
                finally
                {
                    turn.Release();
                }

                await Task.Delay(Pause, clock, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
        finally
        {
            await (connection?.DisposeAsync() ?? ValueTask.CompletedTask).ConfigureAwait(false);
        }
    }

    private async Task WriteOne(DbConnection connection, CancellationToken stop)
    {
        var transaction = await connection.BeginTransactionAsync(stop).ConfigureAwait(false);
        await using var dispose = transaction.ConfigureAwait(false);
        foreach (var statement in database.Engine.Payment)
        {
            using var command = LoadedDatabase.Command(connection, statement);
            command.Transaction = transaction;
            await command.ExecuteNonQueryAsync(stop).ConfigureAwait(false);
        }

        await transaction.CommitAsync(stop).ConfigureAwait(false);
    }

    private void Acknowledged()
    {
        var now = clock.GetUtcNow();
        if (last is { } before && now - before > LongestGap)
        {
            LongestGap = now - before;
        }

        last = now;
        Interlocked.Increment(ref written);
    }

    private sealed class Turn(SemaphoreSlim held, Action released) : IDisposable
    {
        public void Dispose()
        {
            released();
            held.Release();
        }
    }
}
