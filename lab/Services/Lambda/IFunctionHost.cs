namespace Dbre.Lab.Services.Lambda;

/// <summary>Runs functions: as processes of their published files, or inside this process for tests and the simulation.</summary>
public interface IFunctionHost
{
    /// <summary>Runs one event to its end. Never throws: what went wrong is in the answer.</summary>
    Task<FunctionAnswer> Invoke(LambdaFunction function, ReadOnlyMemory<byte> payload, string requestId);

    /// <summary>The function changed or is gone: what was kept warm for it is of no use any more.</summary>
    void Retire(LambdaFunction function);
}

/// <summary>What came of one event.</summary>
/// <param name="Payload">The function's answer, or its error document (errorType, errorMessage, stackTrace).</param>
/// <param name="Error">Null, or <c>Unhandled</c> as Lambda's header says it.</param>
/// <param name="Log">The event's log lines.</param>
public sealed record FunctionAnswer(ReadOnlyMemory<byte> Payload, string? Error, IReadOnlyList<string> Log)
{
    public static FunctionAnswer Failed(string errorType, string errorMessage, IReadOnlyList<string> log) => new(
        System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["errorType"] = errorType, ["errorMessage"] = errorMessage }), "Unhandled", log);
}
