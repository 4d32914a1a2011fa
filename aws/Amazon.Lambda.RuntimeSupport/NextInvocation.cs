namespace Amazon.Lambda.RuntimeSupport;

/// <summary>An invocation as the Runtime API hands it out.</summary>
internal sealed record NextInvocation(
    MemoryStream Event, string RequestId, DateTimeOffset Deadline, string FunctionArn, string? TraceHeader, string? ClientContext, string? CognitoIdentity) : IDisposable
{
    public void Dispose() => Event.Dispose();
}
