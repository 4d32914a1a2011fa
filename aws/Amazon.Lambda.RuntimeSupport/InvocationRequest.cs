using Amazon.Lambda.Core;

namespace Amazon.Lambda.RuntimeSupport;

/// <summary>One event and its context.</summary>
public sealed class InvocationRequest : IDisposable
{
    /// <summary>The event's JSON; valid until the invocation ends.</summary>
    public required Stream InputStream { get; init; }

    public required ILambdaContext LambdaContext { get; init; }

    public void Dispose() => InputStream.Dispose();
}
