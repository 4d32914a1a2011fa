using Dbre.Lab.Services;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Simulation;

/// <summary>
/// What calls and invocations meet on their way: the time they take, AWS's request rates, and the faults that are due. Only functions' calls meet
/// faults; what operators and services do among themselves arrives.
/// </summary>
public sealed class Weather(World world, EventLog log, int seed) : ICallWeather, IInvocationWeather
{
    // A call to AWS takes tens of milliseconds, to another Region somewhat more.
    private const int ShortestCall = 8;
    private const int LongestCall = 90;

#pragma warning disable CA5394 // It must replay.
    private readonly Random chance = new(seed);
#pragma warning restore CA5394
    private readonly RequestRates rates = new(world.Clock);
    private readonly List<ArmedFault> calls = [];
    private readonly List<ArmedFault> invocations = [];
    private readonly Dictionary<string, DateTimeOffset> dry = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> dark = new(StringComparer.Ordinal);
    private DateTimeOffset hanging;

    /// <summary>How many faults of each kind really happened.</summary>
    public SortedDictionary<FaultKind, int> Happened { get; } = [];

    /// <summary>How many calls functions have begun.</summary>
    public long Calls { get; private set; }

    /// <summary>How many invocations have begun.</summary>
    public long Invocations { get; private set; }

    /// <summary>How many calls were refused because the account's own requests had used up AWS's rate.</summary>
    public long Throttled { get; private set; }

    /// <summary>How far the functions' clock is off.</summary>
    public TimeSpan ClockOffset { get; private set; }

    /// <summary>Told of every invocation that begins, and of every call that a function begins, by its service and name.</summary>
    public event Action<Invocation, string?>? Begun;

    /// <summary>Told of every call of a function that a service carried out, and of the invocation it belongs to; before any fault that follows it.</summary>
    public event Action<BegunCall, Invocation>? Done;

    /// <summary>Told of every invocation that ended, with its answer.</summary>
    public event Action<Invocation, FunctionAnswer>? Ended;

    /// <summary>Lets a fault happen to the <paramref name="nth"/> call (or invocation) of a function from now on, counted from 0.</summary>
    public void Arm(FaultKind kind, long nth)
    {
        var list = kind is FaultKind.InvokeBefore or FaultKind.InvokeAfter or FaultKind.InvokeKill or FaultKind.InvokeThrottle ? invocations : calls;
        list.Add(new ArmedFault(kind, nth));
    }

    /// <summary>Takes back every fault that was armed and has not happened: they are over.</summary>
    public void Disarm()
    {
        calls.Clear();
        invocations.Clear();
    }

    /// <summary>Others use up the rate of a service until then.</summary>
    public void Dry(string service, DateTimeOffset until) => dry[service] = until;

    /// <summary>A Region does not answer until then.</summary>
    public void Darken(string region, DateTimeOffset until) => dark[region] = until;

    /// <summary>Databases answer nothing until then.</summary>
    public void HangDatabases(DateTimeOffset until) => hanging = until > hanging ? until : hanging;

    public bool DatabasesHang => world.Now < hanging;

    public void SetClock(TimeSpan offset) => ClockOffset = offset;

    /// <summary>A fault happened.</summary>
    public void Count(FaultKind kind, string what)
    {
        Happened[kind] = Happened.GetValueOrDefault(kind) + 1;
        log.Add($"fault {FaultNames.Of(kind)}: {what}");
    }

    /// <inheritdoc />
    public async Task Before(BegunCall call)
    {
        if (Invocation.Current is not { } invocation)
        {
            return;
        }

        if (invocation.Dead)
        {
            await Forever().ConfigureAwait(false);
        }

        invocation.Calls++;
        Calls++;
        Begun?.Invoke(invocation, Name(call));
        var fault = Due(calls);
        await Task.Delay(Travel(), world.Clock).ConfigureAwait(false);
        if (invocation.Dead)
        {
            await Forever().ConfigureAwait(false);
        }

        await Refuse(call, fault).ConfigureAwait(false);
        if (fault is { } later)
        {
            invocation.Faults.Add(call, later);
        }
    }

    /// <inheritdoc />
    public async Task After(BegunCall call, string? error)
    {
        if (Invocation.Current is not { } invocation)
        {
            return;
        }

        if (error is null)
        {
            Done?.Invoke(call, invocation);
        }

        if (!invocation.Faults.Remove(call, out var fault))
        {
            return;
        }

        switch (fault)
        {
            case FaultKind.ErrorAfter:
                Count(FaultKind.ErrorAfter, Name(call));
                throw ErrorOf(call);
            case FaultKind.NoAnswer:
                Count(FaultKind.NoAnswer, Name(call));
                await Forever().ConfigureAwait(false);
                break;
            case FaultKind.Kill:
                Count(FaultKind.Kill, $"{invocation.Function.Name} after {Name(call)}");
                invocation.Kill("Runtime.ExitError");
                await Forever().ConfigureAwait(false);
                break;
        }
    }

    /// <inheritdoc />
    public async Task Before(Invocation invocation)
    {
        Invocations++;
        Begun?.Invoke(invocation, null);
        invocation.Ending = Due(invocations);
        await Task.Delay(Travel(), world.Clock).ConfigureAwait(false);
        switch (invocation.Ending)
        {
            case FaultKind.InvokeThrottle:
                Count(FaultKind.InvokeThrottle, invocation.Function.Name);
                throw new ServiceException("TooManyRequestsException", "Rate Exceeded.", 429);
            case FaultKind.InvokeBefore:
                Count(FaultKind.InvokeBefore, invocation.Function.Name);
                throw new ServiceException("ServiceException", "An error occurred and the request cannot be processed.", 500);
        }

        log.Add($"{invocation.Function.Name} begins");
    }

    /// <inheritdoc />
    public Task<FunctionAnswer> After(Invocation invocation, FunctionAnswer answer)
    {
        Ended?.Invoke(invocation, answer);
        log.Add($"{invocation.Function.Name} {(answer.Error is null ? "answers" : "fails")} {System.Text.Encoding.UTF8.GetString(answer.Payload.Span)}");
        switch (invocation.Ending)
        {
            case FaultKind.InvokeAfter:
                Count(FaultKind.InvokeAfter, invocation.Function.Name);
                throw new ServiceException("ServiceException", "An error occurred and the request cannot be processed.", 500);
            case FaultKind.InvokeKill:
                Count(FaultKind.InvokeKill, invocation.Function.Name);
                return Task.FromResult(SimulatedFunctionHost.Ended(invocation, "Runtime.ExitError"));
            default:
                return Task.FromResult(answer);
        }
    }

    private async Task Refuse(BegunCall call, FaultKind? fault)
    {
        if (dark.TryGetValue(call.Caller.Region, out var until) && world.Now < until)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), world.Clock).ConfigureAwait(false);
            throw ErrorOf(call, "ServiceUnavailable", 503);
        }

        if (dry.TryGetValue(call.Service, out until) && world.Now < until)
        {
            throw ThrottlingOf(call);
        }

        if (!rates.Take(call.Caller.Account, call.Caller.Region, call.Service, call.Operation))
        {
            Throttled++;
            throw ThrottlingOf(call);
        }

        if (fault == FaultKind.ErrorBefore)
        {
            Count(FaultKind.ErrorBefore, Name(call));
            throw ErrorOf(call);
        }

        if (fault == FaultKind.Throttle)
        {
            Count(FaultKind.Throttle, Name(call));
            throw ThrottlingOf(call);
        }
    }

    private static FaultKind? Due(List<ArmedFault> armed)
    {
        FaultKind? due = null;
        for (var i = armed.Count - 1; i >= 0; i--)
        {
            if (armed[i].Left-- == 0)
            {
                due = armed[i].Kind;
                armed.RemoveAt(i);
            }
        }

        return due;
    }

    private TimeSpan Travel()
    {
#pragma warning disable CA5394 // It must replay.
        return TimeSpan.FromMilliseconds(chance.Next(ShortestCall, LongestCall));
#pragma warning restore CA5394
    }

    private static string Name(BegunCall call) => $"{call.Service}:{call.Operation}";

    private static ServiceException ErrorOf(BegunCall call, string? code = null, int status = 500) => new(
        code ?? (call.Service is "dynamodb" ? "InternalServerError" : call.Service is "s3" or "ec2" ? "InternalError" : "InternalFailure"), "We encountered an internal error. Please try again.", status);

    private static ServiceException ThrottlingOf(BegunCall call) => call.Service switch
    {
        "s3" => new ServiceException("SlowDown", "Please reduce your request rate.", 503),
        "ec2" => new ServiceException("RequestLimitExceeded", "Request limit exceeded.", 503),
        "rds" => new ServiceException("Throttling", "Rate exceeded"),
        _ => new ServiceException("ThrottlingException", "Rate exceeded"),
    };

    private static Task Forever() => new TaskCompletionSource().Task;

    private sealed class ArmedFault(FaultKind kind, long left)
    {
        internal FaultKind Kind { get; } = kind;

        internal long Left { get; set; } = left;
    }
}
