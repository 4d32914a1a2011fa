namespace Dbre.Lab.Services;

/// <summary>An error as AWS answers it: the code is AWS's own for the case.</summary>
public sealed class ServiceException(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;
    public int Status { get; } = status;

    /// <summary>What the error carries besides its message, by member name of the service's model (DynamoDB's <c>CancellationReasons</c>).</summary>
    public IReadOnlyDictionary<string, object?>? Details { get; init; }
}
