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
            // The last place is for the event that ends the execution. What only unwinds goes untold then; everything else fails.
            if (events.Count >= MostEvents - 1 && !type.StartsWith("Execution", StringComparison.Ordinal))
            {
                return type.EndsWith("Failed", StringComparison.Ordinal) || type.EndsWith("Aborted", StringComparison.Ordinal)
                    ? events.Count
                    : throw new StatesError(StatesError.Runtime, $"The execution reached the maximum number of history events ({MostEvents}).");
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
