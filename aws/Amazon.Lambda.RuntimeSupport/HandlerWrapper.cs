using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>A typed handler as the loop calls it: reads the event, calls, writes the result.</summary>
public sealed class HandlerWrapper : IDisposable
{
    private HandlerWrapper(LambdaBootstrapHandler handler) => Handler = handler;

    public LambdaBootstrapHandler Handler { get; }

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, ILambdaContext, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        new(async invocation =>
        {
            var output = await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext).ConfigureAwait(false);
            return Response(output, serializer);
        });

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, Task<TOutput>> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput, TOutput>((input, _) => handler(input), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput, TOutput>(Func<TInput, ILambdaContext, TOutput> handler, ILambdaSerializer serializer) =>
        GetHandlerWrapper<TInput, TOutput>((input, context) => Task.FromResult(handler(input, context)), serializer);

    public static HandlerWrapper GetHandlerWrapper<TInput>(Func<TInput, ILambdaContext, Task> handler, ILambdaSerializer serializer) =>
        new(async invocation =>
        {
            await handler(serializer.Deserialize<TInput>(invocation.InputStream), invocation.LambdaContext).ConfigureAwait(false);
            return new InvocationResponse(new MemoryStream());
        });

    public static HandlerWrapper GetHandlerWrapper(Func<Stream, ILambdaContext, Task<Stream>> handler) =>
        new(async invocation => new InvocationResponse(await handler(invocation.InputStream, invocation.LambdaContext).ConfigureAwait(false)));

    /// <summary>Holds nothing; the official type is disposable, so that callers may write <c>using</c>.</summary>
    public void Dispose()
    {
    }

    private static InvocationResponse Response<TOutput>(TOutput output, ILambdaSerializer serializer)
    {
        var stream = new MemoryStream();
        serializer.Serialize(output, stream);
        stream.Position = 0;
        return new InvocationResponse(stream);
    }
}
