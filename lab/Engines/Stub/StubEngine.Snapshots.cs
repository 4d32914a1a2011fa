namespace Dbre.Lab.Engines.Stub;

/// <content>Snapshots and endpoints.</content>
public sealed partial class StubEngine
{
    private const int CopySteps = 4;

    public async Task TakeSnapshot(string id, string snapshot, CancellationToken stop)
    {
        // The content is that of the moment the snapshot begins, however long it takes.
        StubSnapshot taken;
        StubMishap? mishap;
        lock (gate)
        {
            taken = new StubSnapshot(new SortedDictionary<string, StubContent>(Find(id).Content.ToDictionary(), StringComparer.Ordinal), clock.GetUtcNow());
            mishap = Mishaps?.Invoke(snapshot);
        }

        Frozen?.Invoke(snapshot, taken.Content);

        await Take(pace.Snapshot, snapshot, stop).ConfigureAwait(false);
        await Suffer(mishap, snapshot, stop).ConfigureAwait(false);
        Keep(snapshot, taken);
        Spoil(mishap, snapshot);
    }

    public async Task CopySnapshot(string source, string target, Action<int>? progress, CancellationToken stop)
    {
        TimeSpan duration;
        StubSnapshot taken;
        StubMishap? mishap;
        lock (gate)
        {
            (duration, taken, mishap) = (pace.Copy.Draw(chance), FindSnapshot(source), Mishaps?.Invoke(target));
        }

        Frozen?.Invoke(target, taken.Content);

        for (var step = 1; step <= CopySteps; step++)
        {
            await Task.Delay(duration / CopySteps, clock, stop).ConfigureAwait(false);
            RefuseIfItFails(target);
            progress?.Invoke(100 * step / CopySteps);
        }

        await Suffer(mishap, target, stop).ConfigureAwait(false);
        Keep(target, taken);
        Spoil(mishap, target);
    }

    public Task DeleteSnapshot(string snapshot, CancellationToken stop)
    {
        lock (gate)
        {
            snapshots.Remove(snapshot);
        }

        return Task.CompletedTask;
    }

    public Task<DatabaseEndpoint> Restore(string snapshot, DatabaseSpec spec, CancellationToken stop) =>
        Make(spec, pace.Restore, () => FindSnapshot(snapshot).Content, null, stop);

    public Task<DatabaseEndpoint> RestoreToTime(string snapshot, string source, DateTimeOffset time, DatabaseSpec spec, CancellationToken stop) =>
        Make(spec, pace.Restore, () => ContentAt(FindSnapshot(snapshot), snapshot, databases.GetValueOrDefault(source)?.History ?? retired.GetValueOrDefault(source), source, time), null, stop);

    public Task<DatabaseEndpoint> OpenEndpoint(string name, int? port, CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult(Open(name, Free(port)));
        }
    }

    public async Task<DatabaseEndpoint> Readdress(string id, string endpoint, CancellationToken stop)
    {
        await Take(pace.Rename, id, stop).ConfigureAwait(false);
        lock (gate)
        {
            var database = Find(id);
            Open(endpoint, database.Endpoint);
            return database.Endpoint = NextEndpoint();
        }
    }

    public void PointEndpoint(string name, string? id)
    {
        lock (gate)
        {
            (endpoints.GetValueOrDefault(name) ?? throw new EngineException($"There is no endpoint '{name}'.")).Target = id;
        }
    }

    public void CloseEndpoint(string name)
    {
        lock (gate)
        {
            endpoints.Remove(name);
        }
    }

    /// <summary>The database that a client reaches at a port, directly or through an endpoint; null when nothing answers there.</summary>
    public StubDatabase? At(int port)
    {
        lock (gate)
        {
            var id = endpoints.Values.FirstOrDefault(e => e.At.Port == port)?.Target;
            var database = id is null ? databases.Values.FirstOrDefault(d => d.Endpoint.Port == port) : databases.GetValueOrDefault(id);
            return database is { Running: true } ? database : null;
        }
    }

    private DatabaseEndpoint Open(string name, DatabaseEndpoint at) =>
        endpoints.TryAdd(name, new StubEndpoint(at)) ? at : throw new EngineException($"There is an endpoint '{name}' already.");

    private DatabaseEndpoint Free(int? wished) =>
        wished is { } port && endpoints.Values.All(e => e.At.Port != port) && databases.Values.All(d => d.Endpoint.Port != port) ? new("127.0.0.1", port) : NextEndpoint();

    // The snapshot, and what was written since: damage to the snapshot shows in what is restored from it.
    private static IEnumerable<KeyValuePair<string, StubContent>> ContentAt(StubSnapshot start, string snapshot, StubHistory? history, string source, DateTimeOffset time)
    {
        if (history is null)
        {
            throw new EngineException($"There is no log of a database '{source}'.");
        }

        if (time < start.Taken)
        {
            throw new EngineException($"Snapshot '{snapshot}' was taken at {start.Taken:O}; a restore to {time.ToUniversalTime():O} needs an earlier one.");
        }

        var then = history.At(start.Taken);
        foreach (var (table, held) in history.At(time))
        {
            yield return KeyValuePair.Create(table, then.TryGetValue(table, out var was) && start.Content.TryGetValue(table, out var taken)
                ? new StubContent(held.Rows - was.Rows + taken.Rows, held.Flaws - was.Flaws + taken.Flaws)
                : held);
        }
    }

    private async Task Suffer(StubMishap? mishap, string what, CancellationToken stop)
    {
        if (mishap is not null)
        {
            await Task.Delay(mishap.Delay, clock, stop).ConfigureAwait(false);
        }

        if (mishap?.Fails == true)
        {
            throw new EngineException($"'{what}' was told to fail.");
        }
    }

    private void Spoil(StubMishap? mishap, string snapshot)
    {
        lock (gate)
        {
            if (mishap?.RowsLost is { } lost && FindSnapshot(snapshot).Content.FirstOrDefault(t => t.Value.Rows >= lost) is { Key: { } table })
            {
                Damage(snapshot, table, lost);
            }
        }
    }

    private void Keep(string name, StubSnapshot snapshot)
    {
        lock (gate)
        {
            if (!snapshots.TryAdd(name, snapshot))
            {
                throw new EngineException($"There is a snapshot '{name}' already.");
            }
        }
    }
}

/// <summary>What goes wrong with a snapshot while it is made.</summary>
/// <param name="Delay">How much longer it takes.</param>
/// <param name="Fails">It is never there.</param>
/// <param name="RowsLost">It lacks this many rows; with 0, a value in it is another. Null is whole.</param>
public sealed record StubMishap(TimeSpan Delay = default, bool Fails = false, long? RowsLost = null);
