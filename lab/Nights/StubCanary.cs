using System.Data.Common;

using Dbre.Functions.Core.Proof;
using Dbre.Lab.Engines.Stub;

namespace Dbre.Lab.Nights;

/// <summary>A stub database has no rows to write: it is only looked whether it could be reached.</summary>
internal sealed class StubCanary(StubEngine engine) : ICanary
{
    public Task Write(string engineName, string address, int port, DatabaseLogin login, CancellationToken stop) =>
        engine.At(port) is null ? throw new StubUnreachableException($"Failed to connect to {address}:{port}") : Task.CompletedTask;

    private sealed class StubUnreachableException(string message) : DbException(message);
}
