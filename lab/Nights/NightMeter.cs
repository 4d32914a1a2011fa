using System.Globalization;
using System.Text.Json;

using Amazon.DynamoDBv2.Model;
using Amazon.SimpleNotificationService.Model;

using Dbre.Functions.Runtime;
using Dbre.Functions.Snapshots;
using Dbre.Lab.Nights.Invariants;
using Dbre.Lab.Services;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Services.S3;
using Dbre.Lab.Services.States;
using Dbre.Lab.Simulation;

namespace Dbre.Lab.Nights;

/// <summary>Counts what an account's functions ask of AWS from now on, and what they announce.</summary>
internal sealed class NightMeter
{
    private readonly SimulatedCloud cloud;
    private readonly DateTimeOffset begins;
    private readonly (long Calls, long Invocations, long Throttled, long Transitions) before;
    private readonly Dictionary<string, long> calls = new(StringComparer.Ordinal);
    private readonly Dictionary<Invocation, DateTimeOffset> running = [];
    private readonly SortedSet<string> runs = new(StringComparer.Ordinal);
    private double gigabyteSeconds;
    private long copiesRefused;
    private long othersRefused;
    private DateTimeOffset? lastProven;

    /// <param name="begins">When the night's work begins.</param>
    internal NightMeter(SimulatedCloud cloud, DateTimeOffset begins)
    {
        (this.cloud, this.begins) = (cloud, begins);
        before = Now();
        cloud.Called += Count;
        cloud.Weather.Begun += Begin;
        cloud.Weather.Done += Note;
        cloud.Weather.Ended += End;
    }

    /// <summary>How many deferred databases the topic was told of.</summary>
    internal int Announced { get; private set; }

    /// <summary>What the runs kept as their selection.</summary>
    internal IReadOnlyList<RunSelection> Selections()
    {
        var objects = cloud.World.Service<S3Service>();
        var bucket = cloud.World.Service<LambdaService>().Functions.Select(f => f.Environment.GetValueOrDefault("RUN_BUCKET")).First(b => b is not null)!;
        return [.. runs.Select(run => objects.Read(bucket, $"runs/{run}/selection.json")).Where(stored => stored is not null)
            .Select(stored => JsonSerializer.Deserialize<RunSelection>(stored!.Value.Span, FunctionJson.Options)!)];
    }

    internal NightUsage Read()
    {
        var now = Now();
        return new NightUsage
        {
            Calls = now.Calls - before.Calls,
            Invocations = now.Invocations - before.Invocations,
            Throttled = now.Throttled - before.Throttled,
            Transitions = now.Transitions - before.Transitions,
            GigabyteSeconds = gigabyteSeconds,
            CallsByName = calls,
            CopiesRefusedForQuota = copiesRefused,
            OthersRefusedForQuota = othersRefused,
            LastProvenAfter = lastProven - begins,
        };
    }

    private (long Calls, long Invocations, long Throttled, long Transitions) Now() =>
        (cloud.Weather.Calls, cloud.Weather.Invocations, cloud.Weather.Throttled, cloud.World.Service<StepFunctionsService>().Transitions);

    private void Count(ObservedCall call)
    {
        if (Invocation.Current is null)
        {
            return;
        }

        var name = $"{call.Service}:{call.Operation}";
        calls[name] = calls.GetValueOrDefault(name) + 1;
        if (call.Error?.Contains("QuotaExceeded", StringComparison.Ordinal) == true)
        {
            if (call.Operation.StartsWith("Copy", StringComparison.Ordinal))
            {
                copiesRefused++;
            }
            else
            {
                othersRefused++;
            }
        }
    }

    private void Begin(Invocation invocation, string? call)
    {
        if (call is null)
        {
            running[invocation] = cloud.Clock.GetUtcNow();
        }
    }

    private void Note(BegunCall call, Invocation invocation)
    {
        switch (call.Request)
        {
            case PublishRequest publish when invocation.Function.Name == "dbre-announce-deferral":
                // "(n) databases are deferred"
                Announced += int.Parse(publish.Subject.Split(' ')[0], CultureInfo.InvariantCulture);
                break;
            case UpdateItemRequest update when update.UpdateExpression?.Contains("provenAt", StringComparison.Ordinal) == true:
                lastProven = cloud.Clock.GetUtcNow();
                break;
        }
    }

    private void End(Invocation invocation, FunctionAnswer answer)
    {
        if (running.Remove(invocation, out var since))
        {
            // Lambda bills each begun millisecond (AWS Lambda pricing, "Duration").
            gigabyteSeconds += Math.Ceiling((cloud.Clock.GetUtcNow() - since).TotalMilliseconds) / 1000 * invocation.Function.MemoryMegabytes / 1024;
        }

        if (invocation.Function.Name == "dbre-select-databases" && Truth.Read(invocation.Payload, "operationId")?.GetString() is { } operation)
        {
            runs.Add(operation);
        }
    }
}

/// <summary>What functions asked of AWS.</summary>
public sealed record NightUsage
{
    public long Calls { get; init; }

    public long Invocations { get; init; }

    /// <summary>Calls refused because the account's own requests had used up AWS's rate.</summary>
    public long Throttled { get; init; }

    /// <summary>State transitions, as Step Functions bills them.</summary>
    public long Transitions { get; init; }

    /// <summary>Memory times duration of the functions; the duration is that of their calls, for virtual time knows no computing.</summary>
    public double GigabyteSeconds { get; init; }

    /// <summary>The functions' calls, those refused as well, by service and operation; of S3 by its HTTP method.</summary>
    public IReadOnlyDictionary<string, long> CallsByName { get; init; } = new Dictionary<string, long>();

    /// <summary>Copies that AWS refused for its quotas.</summary>
    public long CopiesRefusedForQuota { get; init; }

    /// <summary>Anything else that AWS refused for its quotas.</summary>
    public long OthersRefusedForQuota { get; init; }

    /// <summary>How long after the start of the night the last copy was proven; null when none was.</summary>
    public TimeSpan? LastProvenAfter { get; init; }

    /// <summary>Of many, side by side: numbers add up, and the last proof is the last of any.</summary>
    public static NightUsage Sum(IEnumerable<NightUsage> usages) => usages.Aggregate(new NightUsage(), (a, b) => new NightUsage
    {
        Calls = a.Calls + b.Calls,
        Invocations = a.Invocations + b.Invocations,
        Throttled = a.Throttled + b.Throttled,
        Transitions = a.Transitions + b.Transitions,
        GigabyteSeconds = a.GigabyteSeconds + b.GigabyteSeconds,
        CallsByName = a.CallsByName.Concat(b.CallsByName).GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Sum(c => c.Value), StringComparer.Ordinal),
        CopiesRefusedForQuota = a.CopiesRefusedForQuota + b.CopiesRefusedForQuota,
        OthersRefusedForQuota = a.OthersRefusedForQuota + b.OthersRefusedForQuota,
        LastProvenAfter = a.LastProvenAfter is null || b.LastProvenAfter > a.LastProvenAfter ? b.LastProvenAfter : a.LastProvenAfter,
    });
}
