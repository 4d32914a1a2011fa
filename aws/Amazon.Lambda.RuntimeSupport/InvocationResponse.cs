namespace Amazon.Lambda.RuntimeSupport;

/// <summary>What the handler answers.</summary>
/// <param name="outputStream">The response's JSON, read from its position.</param>
/// <param name="disposeOutputStream">True when the loop shall dispose the stream after sending it.</param>
public sealed class InvocationResponse(Stream outputStream, bool disposeOutputStream = true)
{
    public Stream OutputStream { get; } = outputStream ?? throw new ArgumentNullException(nameof(outputStream));

    public bool DisposeOutputStream { get; } = disposeOutputStream;
}
