using System.Text.Json;

using Dbre.Lab.Services;
using Dbre.Lab.Services.Lambda;

namespace Dbre.Lab.Simulation;

/// <summary>
/// Runs functions in this process and in virtual time, and ends them as Lambda would: at their time limit, or when they are killed. What goes
/// wrong around an invocation (Lambda itself fails, or its answer is lost) is the weather's to say.
/// </summary>
/// <param name="run">The function: an invocation to its answer.</param>
public sealed class SimulatedFunctionHost(World world, IInvocationWeather weather, Func<Invocation, Task<ReadOnlyMemory<byte>>> run) : IFunctionHost
{
    /// <inheritdoc />
    /// <exception cref="ServiceException">Lambda's own error, as the weather has it.</exception>
    public async Task<FunctionAnswer> Invoke(LambdaFunction function, ReadOnlyMemory<byte> payload, string requestId)
    {
        var invocation = new Invocation(function, requestId, payload, world.Now + TimeSpan.FromSeconds(function.TimeoutSeconds));
        await weather.Before(invocation).ConfigureAwait(false);
        using var limit = world.Clock.CreateTimer(_ => invocation.Kill("Sandbox.Timedout"), null, TimeSpan.FromSeconds(function.TimeoutSeconds), Timeout.InfiniteTimeSpan);
        var work = Run(invocation);
        await Task.WhenAny(work, invocation.Killed).ConfigureAwait(false);
        var answer = work.IsCompleted ? await work.ConfigureAwait(false) : Ended(invocation);
        return await weather.After(invocation, answer).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void Retire(LambdaFunction function)
    {
        // Nothing is kept warm here.
    }

    private async Task<FunctionAnswer> Run(Invocation invocation)
    {
        Invocation.Current = invocation;
        try
        {
            return new FunctionAnswer(await run(invocation).ConfigureAwait(false), null, []);
        }
#pragma warning disable CA1031 // Whatever a function throws is its error document.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            var document = new { errorType = thrown.GetType().Name, errorMessage = thrown.Message };
            return new FunctionAnswer(JsonSerializer.SerializeToUtf8Bytes(document), "Unhandled", []);
        }
    }

    private static FunctionAnswer Ended(Invocation invocation) => Ended(invocation, invocation.Killed.Result);

    internal static FunctionAnswer Ended(Invocation invocation, string error) => FunctionAnswer.Failed(error, error == "Sandbox.Timedout"
            ? $"RequestId: {invocation.RequestId} Error: Task timed out after {invocation.Function.TimeoutSeconds}.00 seconds"
            : $"RequestId: {invocation.RequestId} Error: Runtime exited with error: signal: killed", []);
}

/// <summary>What may happen around an invocation.</summary>
public interface IInvocationWeather
{
    /// <summary>Before the function runs; a <see cref="ServiceException"/> is Lambda's answer then.</summary>
    Task Before(Invocation invocation);

    /// <summary>After it ran: the answer that arrives. A <see cref="ServiceException"/> replaces it.</summary>
    Task<FunctionAnswer> After(Invocation invocation, FunctionAnswer answer);
}
