using System.Reflection;
using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// The Runtime API loop: next → handler → response or error, one invocation at a time, until the process ends.
/// A failing handler is answered and the loop goes on; a failing initialization is reported and ends the process.
/// </summary>
public sealed class LambdaBootstrap : IDisposable
{
    private const string TraceVariable = "_X_AMZN_TRACE_ID";

    private readonly LambdaBootstrapHandler handler;
    private readonly LambdaBootstrapInitializer? initializer;
    private readonly RuntimeEnvironment environment;
    private readonly TimeProvider clock;
    private readonly RuntimeApi runtime;
    private bool coldStart = true;

    internal LambdaBootstrap(
        LambdaBootstrapHandler handler, LambdaBootstrapInitializer? initializer, HttpClient? httpClient, RuntimeEnvironment environment, TimeProvider clock)
    {
        (this.handler, this.initializer, this.environment, this.clock) = (handler, initializer, environment, clock);
        runtime = new RuntimeApi(environment.RuntimeApi, httpClient);
    }

    /// <exception cref="Exception">The initializer's, after it was reported.</exception>
    public async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (initializer is not null && !await Initialize(cancellationToken).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                await InvokeOnce(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop while waiting for the next event: nothing is under way.
        }
    }

    public void Dispose() => runtime.Dispose();

    private async Task<bool> Initialize(CancellationToken cancellationToken)
    {
        try
        {
            return await initializer!().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await runtime.ReportInitError(exception, cancellationToken).ConfigureAwait(false);
            throw;
        }
    }

    private async Task InvokeOnce(CancellationToken cancellationToken)
    {
        using var next = await runtime.Next(cancellationToken).ConfigureAwait(false);
        // The X-Ray SDK and the AWS SDK read the trace from the environment, as in every managed runtime.
        Environment.SetEnvironmentVariable(TraceVariable, next.TraceHeader);
        var context = new LambdaContext(next, environment, clock);
        Invocation.Current = new Invocation(context, coldStart, next.TraceHeader);
        coldStart = false;
        try
        {
            await Serve(next, context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Invocation.Current = null;
        }
    }

    private async Task Serve(NextInvocation next, LambdaContext context, CancellationToken cancellationToken)
    {
        InvocationResponse response;
        try
        {
            response = await handler(new InvocationRequest { InputStream = next.Event, LambdaContext = context }).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            var cause = exception is AggregateException { InnerExceptions.Count: 1 } or TargetInvocationException ? exception.InnerException ?? exception : exception;
            context.Logger.Log(LogLevel.Error, cause.ToString());
            await runtime.ReportError(next.RequestId, cause, cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await runtime.Respond(next.RequestId, response.OutputStream, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (response.DisposeOutputStream)
            {
                await response.OutputStream.DisposeAsync().ConfigureAwait(false);
            }
        }
    }
}
