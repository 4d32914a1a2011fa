namespace Dbre.Lab.StateMachines.Running;

/// <summary>The branches of a Parallel or the iterations of a Map: the first failure ends the others, at once, and is the one that counts.</summary>
internal sealed class Siblings(CancellationToken stop) : IDisposable
{
    private readonly CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
    private StatesError? first;

    internal CancellationToken Ending => ending.Token;

    internal void Fail(StatesError failed)
    {
        if (Interlocked.CompareExchange(ref first, failed, null) is null)
        {
            ending.Cancel();
        }
    }

    /// <summary>Begins the parts one after the other and waits for all of them.</summary>
    /// <returns>The first failure.</returns>
    /// <exception cref="OperationCanceledException">They were stopped from outside.</exception>
    internal async Task<StatesError?> All(IEnumerable<Task> parts)
    {
        var all = parts.ToList();
        try
        {
            await Task.WhenAll(all).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (first is not null)
        {
            // Ended because another failed.
        }

        return first;
    }

    public void Dispose() => ending.Dispose();
}
