using Dbre.Lab.Services;
using Dbre.Lab.Services.Lambda;
using Dbre.Lab.Simulation.Faults;

namespace Dbre.Lab.Simulation;

/// <summary>One run of a function. It follows the code through its awaits, so that a call knows whose it is.</summary>
public sealed class Invocation(LambdaFunction function, string requestId, ReadOnlyMemory<byte> payload, DateTimeOffset ends)
{
    private static readonly AsyncLocal<Invocation?> Running = new();
    private readonly TaskCompletionSource<string> killed = new();

    /// <summary>The invocation that the present code runs in; null outside of functions.</summary>
    public static Invocation? Current
    {
        get => Running.Value;
        internal set => Running.Value = value;
    }

    public LambdaFunction Function { get; } = function;

    public string RequestId { get; } = requestId;

    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>When Lambda ends it.</summary>
    public DateTimeOffset Ends { get; } = ends;

    /// <summary>How many AWS calls it has begun.</summary>
    public int Calls { get; internal set; }

    /// <summary>What is to happen to its calls once they are carried out; it may have several under way.</summary>
    internal Dictionary<BegunCall, FaultKind> Faults { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is to happen to itself.</summary>
    internal FaultKind? Ending { get; set; }

    /// <summary>Its process is gone: nothing of it goes on, and no call of it is answered.</summary>
    public bool Dead => killed.Task.IsCompleted;

    /// <summary>Completes, with the error type, when it is killed.</summary>
    internal Task<string> Killed => killed.Task;

    /// <summary>Ends the process here and now, without its finally blocks.</summary>
    /// <param name="errorType">As Lambda tells it: <c>Runtime.ExitError</c>, <c>Sandbox.Timedout</c>.</param>
    public void Kill(string errorType) => killed.TrySetResult(errorType);
}
