namespace Amazon.Lambda.Core;

/// <summary>The invocation that the current code serves: set by the runtime loop, read by the loggers.</summary>
/// <param name="Context">The handler's context.</param>
/// <param name="ColdStart">True for the first invocation of the process.</param>
/// <param name="TraceHeader">The X-Ray trace header, as in <c>_X_AMZN_TRACE_ID</c>; null without tracing.</param>
internal sealed record Invocation(ILambdaContext Context, bool ColdStart, string? TraceHeader)
{
    private static readonly AsyncLocal<Invocation?> Ambient = new();

    /// <summary>Null outside an invocation.</summary>
    public static Invocation? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }
}
