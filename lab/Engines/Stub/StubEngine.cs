namespace Dbre.Lab.Engines.Stub;

/// <summary>
/// Databases without servers, for the simulation and for tests of rules: each is a set of row counters, and every operation takes its time
/// by the clock it was given. One seed gives the same durations again. It waits for nothing but the clock.
/// </summary>
public sealed partial class StubEngine(TimeProvider clock, int seed, StubPace pace) : IDatabaseEngine
{
    private readonly SortedDictionary<string, StubDatabase> databases = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StubSnapshot> snapshots = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StubEndpoint> endpoints = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, StubHistory> retired = new(StringComparer.Ordinal);
    private readonly Random chance = new(seed);
    private readonly Lock gate = new();
    private int lastPort = 10_000;

    public string Family => "postgres";

    public string DefaultVersion => "16.4";

    /// <summary>Databases by id.</summary>
    public IReadOnlyDictionary<string, StubDatabase> Databases
    {
        get
        {
            lock (gate)
            {
                return databases.ToDictionary();
            }
        }
    }

    /// <summary>The rows in each snapshot, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>> Snapshots
    {
        get
        {
            lock (gate)
            {
                return snapshots.ToDictionary(s => s.Key, IReadOnlyDictionary<string, long> (s) => s.Value.Content.ToDictionary(t => t.Key, t => t.Value.Rows, StringComparer.Ordinal));
            }
        }
    }

    /// <summary>What a snapshot holds; null when there is none of that name.</summary>
    public IReadOnlyDictionary<string, StubContent>? ContentOf(string snapshot)
    {
        lock (gate)
        {
            return snapshots.GetValueOrDefault(snapshot)?.Content;
        }
    }

    public bool Supports(string version) => int.TryParse(version.Split('.')[0], out var major) && major is >= 11 and <= 17;

    /// <summary>Takes rows from a table of a snapshot, as damage would; with 0 a value is another while the rows stay as many.</summary>
    public void Damage(string snapshot, string table, long rows)
    {
        lock (gate)
        {
            var taken = FindSnapshot(snapshot);
            var was = taken.Content[table];
            var left = new SortedDictionary<string, StubContent>(taken.Content.ToDictionary(), StringComparer.Ordinal) { [table] = new StubContent(was.Rows - rows, was.Flaws + 1) };
            snapshots[snapshot] = taken with { Content = left };
        }
    }

    /// <summary>Makes every operation on this database or snapshot fail from now on; null ends it.</summary>
    public string? FailOn { get; set; }

    /// <summary>Told what each snapshot and copy should hold, by its name, when it is begun.</summary>
    public event Action<string, IReadOnlyDictionary<string, StubContent>>? Frozen;

    /// <summary>Asked once for each snapshot that is taken or copied: what goes wrong with it. Null is nothing.</summary>
    public Func<string, StubMishap?>? Mishaps { get; set; }

    public Task<DatabaseEndpoint> Create(DatabaseSpec spec, CancellationToken stop) => Make(spec, pace.Create, () => [], null, stop);

    public async Task<DatabaseEndpoint> Start(string id, CancellationToken stop)
    {
        await Take(pace.Start, id, stop).ConfigureAwait(false);
        return Change(id, d => d.Running = true).Endpoint;
    }

    public async Task Stop(string id, CancellationToken stop)
    {
        await Take(pace.Stop, id, stop).ConfigureAwait(false);
        Change(id, d => d.Running = false);
    }

    public async Task Reboot(string id, CancellationToken stop)
    {
        await Take(pace.Start, id, stop).ConfigureAwait(false);
        Change(id, d => d.Running = true);
    }

    public async Task Delete(string id, CancellationToken stop)
    {
        await Take(pace.Delete, id, stop).ConfigureAwait(false);
        lock (gate)
        {
            databases.Remove(id);
            retired.Remove(id);
        }
    }

    public async Task Retire(string id, CancellationToken stop)
    {
        await Take(pace.Delete, id, stop).ConfigureAwait(false);
        lock (gate)
        {
            retired.Add(id, Find(id).History);
            databases.Remove(id);
        }
    }

    public async Task<DatabaseEndpoint> CreateReplica(string source, DatabaseSpec spec, CancellationToken stop)
    {
        StubDatabase from;
        lock (gate)
        {
            from = Find(source);
        }

        return await Make(spec, pace.Restore, () => [], from, stop).ConfigureAwait(false);
    }

    public async Task Promote(string id, CancellationToken stop)
    {
        await Take(pace.Promote, id, stop).ConfigureAwait(false);
        Change(id, d => d.Become(d.Content));
    }

    public async Task Switchover(string writer, string replica, CancellationToken stop)
    {
        await Take(pace.Promote, replica, stop).ConfigureAwait(false);
        lock (gate)
        {
            var (old, next) = (Find(writer), Find(replica));
            next.TakeOver(old);
            foreach (var follower in databases.Values.Where(d => d == old || d.Source == old).ToArray())
            {
                follower.Source = next;
            }
        }
    }

    public async Task SetMasterPassword(string id, string password, CancellationToken stop)
    {
        await Take(pace.Change, id, stop).ConfigureAwait(false);
        Change(id, d => d.MasterPassword = password);
    }

    public Task<DatabaseFacts> Facts(string id, CancellationToken stop)
    {
        lock (gate)
        {
            var database = Find(id);
            return Task.FromResult(new DatabaseFacts(database.Running, database.Endpoint, database.Running ? database.Tables.Values.Sum() * 100 : 0));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<DatabaseEndpoint> Make(DatabaseSpec spec, StubPace.Span time, Func<IEnumerable<KeyValuePair<string, StubContent>>> content, StubDatabase? source, CancellationToken stop)
    {
        await Take(time, spec.Id, stop).ConfigureAwait(false);
        lock (gate)
        {
            var database = new StubDatabase(spec, Free(spec.Port), content(), clock) { Running = spec.Started, Source = source };
            return databases.TryAdd(spec.Id, database) ? database.Endpoint : throw new EngineException($"There is a database '{spec.Id}' already.");
        }
    }

    private DatabaseEndpoint NextEndpoint() => new("127.0.0.1", ++lastPort);

    private async Task Take(StubPace.Span time, string what, CancellationToken stop)
    {
        TimeSpan duration;
        lock (gate)
        {
            duration = time.Draw(chance);
        }

        await Task.Delay(duration, clock, stop).ConfigureAwait(false);
        RefuseIfItFails(what);
    }

    private void RefuseIfItFails(string what)
    {
        if (FailOn is { } failing && what.Contains(failing, StringComparison.Ordinal))
        {
            throw new EngineException($"'{what}' was told to fail.");
        }
    }

    private StubDatabase Change(string id, Action<StubDatabase> change)
    {
        lock (gate)
        {
            var database = Find(id);
            change(database);
            return database;
        }
    }

    private StubDatabase Find(string id) => databases.GetValueOrDefault(id) ?? throw new EngineException($"There is no database '{id}'.");

    private StubSnapshot FindSnapshot(string name) => snapshots.GetValueOrDefault(name) ?? throw new EngineException($"There is no snapshot '{name}'.");

    private sealed record StubSnapshot(IReadOnlyDictionary<string, StubContent> Content, DateTimeOffset Taken);

    private sealed record StubEndpoint(DatabaseEndpoint At)
    {
        internal string? Target { get; set; }
    }
}
