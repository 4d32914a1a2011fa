namespace Dbre.Aws.Tests.Wire;

/// <summary>An error that a test's service answers.</summary>
internal sealed class WireFailure(string code, string message, int status = 400, IReadOnlyDictionary<string, object?>? details = null) : Exception(message)
{
    public string Code { get; } = code;
    public int Status { get; } = status;
    public IReadOnlyDictionary<string, object?>? Details { get; } = details;
}
