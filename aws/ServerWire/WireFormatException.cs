namespace AwsCompat.Server;

/// <summary>A request that the service model does not know: an operation, a parameter or a value that cannot be read. The message names it.</summary>
public sealed class WireFormatException(string code, string message) : Exception(message)
{
    /// <summary>AWS's error code for the case: <c>InvalidAction</c>, <c>UnknownOperationException</c>, <c>ValidationException</c>, …</summary>
    public string Code { get; } = code;
}
