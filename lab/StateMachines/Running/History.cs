namespace Dbre.Lab.StateMachines.Running;

/// <summary>The events of an execution, in the order they happened. Branches run side by side, so adding is guarded.</summary>
internal sealed class History(TimeProvider clock)
{
    // AWS Step Functions Developer Guide, "Service quotas": 25,000 events an execution.
    private const int MostEvents = 25_000;
    private readonly List<ExecutionEvent> events = [];
    private readonly Lock gate = new();

    public long Add(long previous, string type, EventDetails? details = null)
    {
        lock (gate)
        {
            if (events.Count >= MostEvents && !type.StartsWith("Execution", StringComparison.Ordinal))
            {
                throw new StatesError(StatesError.Runtime, $"The execution reached the maximum number of history events ({MostEvents}).");
            }

            events.Add(new ExecutionEvent(events.Count + 1, previous, clock.GetUtcNow(), type, details ?? EventDetails.None));
            return events.Count;
        }
    }

    public IReadOnlyList<ExecutionEvent> Read()
    {
        lock (gate)
        {
            return [.. events];
        }
    }
}
