using System.Text;
using System.Text.Json;

namespace Dbre.Lab.Services.Lambda;

/// <summary>Runs functions in this process, for tests and the simulation. An exception is the error document that the runtime would have sent.</summary>
/// <param name="run">The function, its event and the request id to the answer.</param>
public sealed class InProcessFunctionHost(Func<LambdaFunction, ReadOnlyMemory<byte>, string, Task<ReadOnlyMemory<byte>>> run) : IFunctionHost
{
    /// <inheritdoc />
    public async Task<FunctionAnswer> Invoke(LambdaFunction function, ReadOnlyMemory<byte> payload, string requestId)
    {
        try
        {
            return new FunctionAnswer(await run(function, payload, requestId).ConfigureAwait(false), null, []);
        }
#pragma warning disable CA1031 // Whatever a function throws is its error document.
        catch (Exception thrown)
#pragma warning restore CA1031
        {
            var document = new { errorType = thrown.GetType().Name, errorMessage = thrown.Message, stackTrace = (thrown.StackTrace ?? "").Split('\n') };
            return new FunctionAnswer(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(document)), "Unhandled", [thrown.Message]);
        }
    }

    /// <inheritdoc />
    public void Retire(LambdaFunction function)
    {
        // Nothing is kept warm here.
    }
}
