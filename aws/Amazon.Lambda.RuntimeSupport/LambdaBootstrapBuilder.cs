using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>Builds the loop that serves a handler: <c>LambdaBootstrapBuilder.Create(handler, serializer).Build().RunAsync()</c>.</summary>
public sealed class LambdaBootstrapBuilder
{
    private readonly LambdaBootstrapHandler handler;
    private LambdaBootstrapInitializer? initializer;
    private HttpClient? httpClient;
    private TimeProvider clock = TimeProvider.System;
    private RuntimeEnvironment? environment;

    private LambdaBootstrapBuilder(LambdaBootstrapHandler handler) => this.handler = handler;

    public static LambdaBootstrapBuilder Create(LambdaBootstrapHandler handler) => new(handler);

    public static LambdaBootstrapBuilder Create(HandlerWrapper handlerWrapper) => new(handlerWrapper.Handler);

    public static LambdaBootstrapBuilder Create(Func<Stream, ILambdaContext, Task<Stream>> handler) => Create(HandlerWrapper.GetHandlerWrapper(handler));

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(Func<TInput, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Create(HandlerWrapper.GetHandlerWrapper(handler, serializer));

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(Func<TInput, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        Create(HandlerWrapper.GetHandlerWrapper(handler, serializer));

    public static LambdaBootstrapBuilder Create<TInput, TOutput>(Func<TInput, ILambdaContext, TOutput> handler, ILambdaSerializer serializer) =>
        Create(HandlerWrapper.GetHandlerWrapper(handler, serializer));

    public static LambdaBootstrapBuilder Create<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        Create(HandlerWrapper.GetHandlerWrapper(handler, serializer));

    public LambdaBootstrapBuilder UseBootstrapHandler(LambdaBootstrapInitializer bootstrapInitializer)
    {
        initializer = bootstrapInitializer;
        return this;
    }

    /// <summary>The client for the Runtime API. Its timeout must be longer than the time between two invocations.</summary>
    public LambdaBootstrapBuilder UseHttpClient(HttpClient client)
    {
        httpClient = client;
        return this;
    }

    public LambdaBootstrap Build() => new(handler, initializer, httpClient, environment ?? RuntimeEnvironment.OfProcess(), clock);

    /// <summary>For tests: another environment and another clock than the process's.</summary>
    internal LambdaBootstrapBuilder In(RuntimeEnvironment runtimeEnvironment, TimeProvider timeProvider)
    {
        (environment, clock) = (runtimeEnvironment, timeProvider);
        return this;
    }
}
